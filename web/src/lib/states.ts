import { isObject, type Json, type JsonObject } from '../live/json';
import { readMetric, since, type Metric } from './format';
import { apart } from './personname';

/** The shapes of the topics' states, as the screens need them; what is missing is empty. */

export type Status = 'online' | 'paused' | 'offline';

export interface Board {
  /** The tenant's name; empty if it has none. */
  name: string;
  day: string;
  timezone: string | undefined;
  decimals: number;
  /** What the server warns of, in its own words. */
  alerts: string[];
  metric(id: string): Metric;
  /** The profile's target for a share, in percent. */
  target(id: string): number | undefined;
}

export interface Wait {
  id: string;
  since: string;
  channel: Named;
  team: Named;
}

export interface StripAgent {
  id: string;
  name: string;
  status: Status;
  chats: number;
  capacity: number | undefined;
}

export interface Strip {
  agents: StripAgent[];
  waits: Wait[];
  total: number;
}

/** An id with the name that people know it by. */
export interface Named {
  id: string;
  name: string;
}

export interface Agent {
  id: string;
  name: string;
  department: string;
  teams: Named[];
  channels: Named[];
  status: Status;
  statusSince: string;
  firstOnline: string;
  online: Metric;
  onlineSince: string;
  chats: number;
  capacity: number | undefined;
  pending: number;
  assigned: number;
  metric(id: string): Metric;
}

export interface Waiting {
  id: string;
  since: string;
  /** Empty where the customer is anonymous. */
  customer: string;
  channel: Named;
  team: Named;
  intent: string;
  question: string;
}

export interface Notice {
  id: string;
  at: string;
  conversation: string;
  message: string;
  text: string;
  violations: Json;
  /** message_blocked, or what became of a dispute. */
  kind: string;
  /** upheld or overturned, where a dispute was decided; with what the supervisor says to it. */
  decision: string;
  reason: string;
  by: string;
  released: boolean;
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');
const object = (raw: Json | undefined): JsonObject => (isObject(raw) ? raw : {});
const whole = (raw: Json | undefined): number | undefined => {
  if (typeof raw === 'number') return raw;
  return isObject(raw) && typeof raw.value === 'number' ? raw.value : undefined;
};
const status = (raw: Json | undefined): Status => (raw === 'online' || raw === 'paused' ? raw : 'offline');

/** Who writes; nobody who is known by nothing but an id of the platform's. */
export function customerIn(row: JsonObject): string {
  const { name, id } = named(row, 'customer');
  return row.customer_anonymous === true && name === apart(id) ? '' : name;
}

/** What a row names, as `channel` and `channel_name`; an id can be its own name. */
export function named(row: JsonObject, field: 'channel' | 'team' | 'customer'): Named {
  const id = text(row[field]);
  return { id, name: apart(text(row[`${field}_name`]) || id) };
}

/** Names by id. */
function collection(raw: Json | undefined): Named[] {
  return Object.entries(object(raw)).map(([id, name]) => ({ id, name: apart(text(name) || id) }));
}

export function readBoard(state: JsonObject | undefined): Board | undefined {
  if (!state) return undefined;
  const metrics = object(state.metrics);
  const decimals = whole(state.percent_decimals) ?? 1;
  const targets = object(state.targets);
  const alerts = Object.values(object(state.alerts)).map((alert) => (isObject(alert) ? text(alert.text) : text(alert)));
  return {
    name: apart(text(state.name)),
    alerts: alerts.filter(Boolean),
    target: (id) => {
      const target = whole(targets[id]);
      // A share is given as one, 0.95, or in percent.
      return target === undefined ? undefined : target <= 1 ? target * 100 : target;
    },
    day: text(state.day),
    timezone: text(state.timezone) || undefined,
    decimals: Math.min(6, Math.max(0, Math.trunc(decimals))),
    metric: (id) => readMetric(metrics[id]),
  };
}

export function readStrip(state: JsonObject | undefined): Strip | undefined {
  if (!state) return undefined;
  const agents = Object.entries(object(state.agents)).map(([id, raw]) => {
    const one = object(raw);
    return { id, name: apart(text(one.name) || id), status: status(one.status), chats: whole(one.chats) ?? 0, capacity: whole(one.capacity) };
  });
  const waits = Object.entries(object(state.waits))
    .map(([id, raw]) => {
      const one = object(raw);
      return { id, since: text(one.since), channel: named(one, 'channel'), team: named(one, 'team') };
    })
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since) || (a.id < b.id ? -1 : 1));
  return { agents, waits, total: whole(state.total) ?? waits.length };
}

/** Whether everybody who is online has a chat. */
export function everyoneHasChats(agents: StripAgent[]): boolean {
  const online = agents.filter((agent) => agent.status === 'online');
  return online.length > 0 && online.every((agent) => agent.chats > 0);
}

/** Who is there comes first. */
export const order: Record<Status, number> = { online: 0, paused: 1, offline: 2 };
const byName = new Intl.Collator(undefined, { numeric: true });

/** Who is there first, then by name; the same order whatever the numbers do. */
export function byPresence(a: { status: Status; name: string; id: string }, b: typeof a): number {
  return order[a.status] - order[b.status] || byName.compare(a.name, b.name) || byName.compare(a.id, b.id);
}

// A row of the state that did not change is the same object, and so is what was read from it.
const knownAgents = new WeakMap<JsonObject, Agent>();

export function readAgents(state: JsonObject | undefined): Agent[] | undefined {
  if (!state) return undefined;
  return Object.entries(object(state.agents)).map(([id, raw]) => {
    const one = object(raw);
    let agent = knownAgents.get(one);
    if (!agent || agent.id !== id) knownAgents.set(one, (agent = readAgent(id, one)));
    return agent;
  });
}

function readAgent(id: string, one: JsonObject): Agent {
  const metrics = object(one.metrics);
  return {
    id,
    name: apart(text(one.name) || id),
    department: apart(text(one.department)),
    teams: collection(one.teams),
    channels: collection(one.channels),
    status: status(one.status),
    statusSince: text(one.status_since),
    firstOnline: text(one.first_online_at),
    online: isObject(one.online_seconds) ? readMetric(one.online_seconds) : readMetric({ value: one.online_seconds ?? null }),
    onlineSince: text(one.online_since),
    chats: whole(one.active_chats) ?? 0,
    capacity: whole(one.capacity),
    pending: whole(one.pending_replies) ?? 0,
    assigned: whole(one.assigned_sessions) ?? 0,
    metric: (name) => readMetric(metrics[name]),
  };
}

export interface Queue {
  total: number;
  waiting: Waiting[];
}

/** The queue, who waits longest first. */
export function readQueue(state: JsonObject | undefined): Queue | undefined {
  if (!state) return undefined;
  const waiting = Object.entries(object(state.waiting)).map(([id, raw]) => {
    const one = object(raw);
    return {
      id,
      since: text(one.since),
      customer: customerIn(one),
      channel: named(one, 'channel'),
      team: named(one, 'team'),
      intent: text(one.intent),
      question: apart(text(one.first_question)),
    };
  });
  waiting.sort((a, b) => Date.parse(a.since) - Date.parse(b.since) || (a.id < b.id ? -1 : 1));
  return { total: whole(state.total) ?? waiting.length, waiting };
}

/** How long those wait, on average, who wait now; undefined where nobody does, or not all are named. */
export function averageWait(queue: Queue | undefined, now: number): number | undefined {
  if (!queue || queue.waiting.length === 0 || queue.waiting.length !== queue.total) return undefined;
  const waits = queue.waiting.map((wait) => since(wait.since, now));
  return waits.every((seconds) => seconds !== undefined) ? waits.reduce((sum, seconds) => sum + seconds, 0) / waits.length : undefined;
}

/** Notifications, the newest first. */
export function readNotices(state: JsonObject | undefined): Notice[] | undefined {
  if (!state) return undefined;
  return Object.entries(object(state.items))
    .map(([id, raw]) => {
      const one = object(raw);
      return {
        id,
        at: text(one.at),
        conversation: text(one.conversation),
        message: text(one.message),
        text: text(one.text),
        violations: one.violations ?? [],
        kind: text(one.kind),
        decision: text(one.decision),
        reason: text(one.reason),
        by: apart(text(one.by)),
        released: one.released === true,
      };
    })
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}
