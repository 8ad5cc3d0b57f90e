import { isObject, type Json, type JsonObject } from '../live/json';
import { readViolations, type Violation } from '../live/frames';
import { answered } from './answered';
import { apart } from './personname';
import { customerIn, named, type Named } from './states';

/** Who wrote, or has, something. */
export interface Actor {
  kind: string;
  id: string;
  name: string;
}

/** A conversation as lists show it. */
export interface ChatRow {
  /** Id and session: one conversation can come back as another session. */
  key: string;
  id: string;
  session: number;
  startedAt: string;
  closedAt: string;
  updatedAt: string;
  channel: string;
  customer: { id: string; name: string; email: string; phone: string; anonymous: boolean; friend: boolean } | undefined;
  agents: string[];
  team: string;
  intent: string;
  tags: string[];
  handling: string;
  state: string;
  aiStatus: string;
  stars: number | undefined;
  reasons: string[];
  risky: boolean;
  messages: { customer: number; agent: number; bot: number };
  question: string;
  firstResponse: number | undefined;
}

/** One page of a list. */
export interface ChatPage {
  rows: ChatRow[];
  agentNames: Record<string, string>;
  total: number | undefined;
  /** Whether there are more than were counted. */
  totalMore: boolean;
  seq: number;
  next: string;
}

/** A message of a thread, as it was sent or as it was held back. */
export interface Said {
  id: string;
  seq: number;
  at: string;
  from: Actor;
  text: string;
  /** `agent`: a notice that only the agent saw. */
  to: string;
  automatic: string;
  blocked: boolean;
  released: boolean;
  flagged: boolean;
  violations: Violation[];
  deliveredAt: string;
  failedAt: string;
  failure: string;
}

/** What can have become of a dispute. */
const disputeStates = ['open', 'upheld', 'overturned'] as const;

/** A message that rules blocked or flagged, as lists show it. */
export interface Held extends Pick<Said, 'seq' | 'at' | 'from' | 'text' | 'blocked' | 'released' | 'violations'> {
  conversation: string;
  message: string;
  customer: ChatRow['customer'];
  /** Undefined if nobody disputed it. */
  dispute: (typeof disputeStates)[number] | undefined;
}

/** Something else that happened in a conversation. */
export interface Happening {
  seq: number;
  at: string;
  type: string;
  data: JsonObject;
}

export interface Segment {
  seq: number;
  at: string;
  until: string;
  handler: Actor;
  team: string;
}

export interface Rating {
  seq: number;
  at: string;
  stars: number | undefined;
  reasons: string[];
}

/** One conversation with all that happened in it. */
export interface Thread {
  id: string;
  sessions: ChatRow[];
  messages: Said[];
  segments: Segment[];
  ratings: Rating[];
  events: Happening[];
  agentNames: Record<string, string>;
  truncated: boolean;
  seq: number;
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');
const number = (raw: Json | undefined): number | undefined => (typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined);
const texts = (raw: Json | undefined): string[] => (Array.isArray(raw) ? raw.map((one) => text(one)).filter(Boolean) : []);
const objects = (raw: Json | undefined): JsonObject[] => (Array.isArray(raw) ? raw.filter(isObject) : []);
const names = (raw: Json | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(isObject(raw) ? raw : {}).flatMap(([id, name]) => (typeof name === 'string' && name ? [[id, apart(name)]] : [])));

export function readActor(raw: Json | undefined): Actor {
  const one = isObject(raw) ? raw : {};
  return { kind: text(one.kind), id: text(one.id), name: apart(text(one.name)) };
}

export function readShort(raw: Json | undefined): ChatRow['customer'] {
  if (!isObject(raw)) return undefined;
  return { id: text(raw.id), name: apart(text(raw.name)), email: text(raw.email), phone: text(raw.phone), anonymous: raw.anonymous === true, friend: raw.friend === true };
}

export function readChat(one: JsonObject): ChatRow {
  const counts = isObject(one.messages) ? one.messages : {};
  const id = text(one.id);
  const session = number(one.session) ?? 1;
  return {
    key: `${id} ${session}`,
    id,
    session,
    startedAt: text(one.started_at),
    closedAt: text(one.closed_at),
    updatedAt: text(one.updated_at),
    channel: text(one.channel),
    customer: readShort(one.customer),
    agents: texts(one.agents),
    team: text(one.team),
    intent: text(one.intent),
    tags: texts(one.tags),
    handling: text(one.handling),
    state: text(one.state),
    aiStatus: text(one.ai_status),
    stars: number(one.stars),
    reasons: texts(one.reasons),
    risky: one.risky === true,
    messages: { customer: number(counts.customer) ?? 0, agent: number(counts.agent) ?? 0, bot: number(counts.bot) ?? 0 },
    question: apart(text(one.first_question)),
    firstResponse: number(one.first_response_seconds),
  };
}

/** Reads GET /v1/conversations. */
export function readChatPage(raw: unknown): ChatPage {
  const one = answered(raw, 'rows');
  return {
    rows: objects(one.rows).map(readChat),
    agentNames: names(one.agent_names),
    total: number(one.total),
    totalMore: one.total_more === true,
    seq: number(one.as_of_seq) ?? 0,
    next: text(one.next),
  };
}

/** Reads GET /v1/violations. */
export function readHeldPage(raw: unknown): { rows: Held[]; agentNames: Record<string, string>; next: string } {
  const one = answered(raw, 'rows');
  return {
    rows: objects(one.rows).map((row) => ({
      ...readSaid(row),
      conversation: text(row.conversation),
      message: text(row.message),
      customer: readShort(row.customer),
      blocked: row.severity === 'block',
      dispute: disputeStates.find((state) => state === row.dispute),
    })),
    agentNames: names(one.agent_names),
    next: text(one.next),
  };
}

export function readSaid(one: JsonObject, id = ''): Said {
  return {
    id: text(one.message) || text(one.id) || id,
    seq: number(one.seq) ?? 0,
    at: text(one.at),
    from: readActor(one.from),
    text: text(one.text),
    to: text(one.to),
    automatic: text(one.automatic),
    blocked: one.blocked === true,
    released: one.released === true,
    flagged: one.flagged === true,
    violations: readViolations(one.violations),
    deliveredAt: text(one.delivered_at),
    failedAt: text(one.failed_at),
    failure: text(one.failure),
  };
}

/** Reads GET /v1/conversations/{id}. */
export function readThread(raw: unknown): Thread {
  const one = answered(raw, 'sessions', 'messages');
  return {
    id: text(one.id),
    sessions: objects(one.sessions).map(readChat),
    messages: objects(one.messages).map((message) => readSaid(message)),
    segments: objects(one.segments).map((segment) => ({
      seq: number(segment.seq) ?? 0,
      at: text(segment.at),
      until: text(segment.until),
      handler: readActor(segment.handler),
      team: text(segment.team),
    })),
    ratings: objects(one.ratings).map((rating) => ({
      seq: number(rating.seq) ?? 0,
      at: text(rating.at),
      stars: number(rating.stars),
      reasons: texts(rating.reasons),
    })),
    events: objects(one.events).map((event) => ({
      seq: number(event.seq) ?? 0,
      at: text(event.at),
      type: text(event.type),
      data: isObject(event.data) ? event.data : {},
    })),
    agentNames: names(one.agent_names),
    truncated: one.truncated === true,
    seq: number(one.as_of_seq) ?? 0,
  };
}

/** A conversation that is open now, as the topics know it. */
export interface OpenChat {
  id: string;
  startedAt: string;
  status: string;
  risky: boolean;
  channel: Named;
  team: Named;
  intent: string;
  handler: Actor;
  /** Empty where the customer is anonymous. */
  customer: string;
  question: string;
  lastMessageAt: string;
  lastMessageBy: string;
  /** Since when a human's answer is owed. */
  turnSince: string;
  queuedSince: string;
}

const knownOpen = new WeakMap<JsonObject, OpenChat>();

export function readOpenChat(id: string, one: JsonObject): OpenChat {
  const known = knownOpen.get(one);
  if (known?.id === id) return known;
  const read: OpenChat = {
    id,
    startedAt: text(one.started_at),
    status: text(one.status),
    risky: one.risky === true,
    channel: named(one, 'channel'),
    team: named(one, 'team'),
    intent: text(one.intent),
    handler: readActor(one.handler),
    customer: customerIn(one),
    question: apart(text(one.first_question)),
    lastMessageAt: text(one.last_message_at),
    lastMessageBy: text(one.last_message_by),
    turnSince: text(one.turn_since),
    queuedSince: text(one.queued_since),
  };
  knownOpen.set(one, read);
  return read;
}

/** The open conversations, those longest open first, and how many there are in all. */
export function readOpenChats(state: JsonObject | undefined): { total: number; list: OpenChat[] } | undefined {
  if (!state) return undefined;
  const list = Object.entries(isObject(state.conversations) ? state.conversations : {}).flatMap(([id, raw]) =>
    isObject(raw) ? [readOpenChat(id, raw)] : [],
  );
  list.sort((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1));
  return { total: number(state.total) ?? list.length, list };
}

const knownSaid = new WeakMap<JsonObject, Said>();

/** One conversation as the topic conversation/{id} tells it. */
export interface Followed {
  now: OpenChat | undefined;
  messages: Said[];
  agentNames: Record<string, string>;
  /** Whether there was more before what is shown. */
  moreBefore: boolean;
}

export function readFollowed(id: string, state: JsonObject | undefined): Followed | undefined {
  if (!state) return undefined;
  const messages = Object.entries(isObject(state.messages) ? state.messages : {}).flatMap(([message, raw]) => {
    if (!isObject(raw)) return [];
    let said = knownSaid.get(raw);
    if (!said) knownSaid.set(raw, (said = readSaid(raw, message)));
    return [said];
  });
  messages.sort((a, b) => a.seq - b.seq || (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return {
    now: isObject(state.now) ? readOpenChat(id, state.now) : undefined,
    messages,
    agentNames: names(state.agents),
    moreBefore: state.more_before === true || state.complete === false,
  };
}
