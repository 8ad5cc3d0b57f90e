import { isObject, type Json, type JsonObject } from './json';

/** The subprotocol that both sides speak. */
export const protocol = 'floorlight.v1';

/** A topic's filter; an absent or empty list lets everything through. */
export interface Filter {
  channel?: string[];
  team?: string[];
  agent?: string[];
}

/** Where a violation stands in a text, in UTF-8 bytes, and what to say about it. */
export interface Violation {
  rule: string;
  category: string;
  severity: string;
  start: number;
  end: number;
  explanation?: Record<string, string>;
  /** What to write instead, where the rule says so itself. */
  advice?: Record<string, string>;
}

/** The answer of the inline check to a message that was sent. */
export interface Verdict {
  verdict: 'allow' | 'flag' | 'block';
  message: string;
  violations: Violation[];
}

export interface Hello {
  op: 'hello';
  server: string;
  now: string;
}
export interface Snapshot {
  op: 'snapshot';
  sub: number;
  epoch: string;
  version: number;
  seq: number;
  at: string;
  state: JsonObject;
}
export interface Delta {
  op: 'delta';
  sub: number;
  epoch: string;
  version: number;
  from: number;
  seq: number;
  at: string;
  patch: JsonObject;
}
export interface Beat {
  op: 'beat';
  now: string;
  seq: number;
  lag: number;
}
export interface Sum {
  op: 'sum';
  sub: number;
  version: number;
  sum: string;
}
export interface Failure {
  op: 'error';
  id: number | undefined;
  code: string;
  message: string;
}
export interface VerdictFrame {
  op: 'verdict';
  id: number;
  verdict: Verdict;
}
/** Somebody has stored another version of a board or of the limits; without a kind, anything may have changed. */
export interface Changed {
  op: 'changed';
  kind: string;
  id: string;
  version: number;
}
/** What this client has no use for: ok, pong, and whatever comes later. */
export interface Other {
  op: 'other';
}
export type Frame = Hello | Snapshot | Delta | Beat | Sum | Failure | VerdictFrame | Changed | Other;

const number = (value: Json | undefined, otherwise = 0): number => (typeof value === 'number' ? value : otherwise);
const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

/**
 * Reads one frame of the server. Returns undefined for what is no frame at all;
 * an op that is not known is `other`, because new ones may be added.
 */
export function readFrame(data: string): Frame | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(data);
  } catch {
    return undefined;
  }
  if (!isObject(raw) || typeof raw.op !== 'string') return undefined;
  switch (raw.op) {
    case 'hello':
      return { op: 'hello', server: text(raw.server), now: text(raw.now) };
    case 'beat':
      return { op: 'beat', now: text(raw.now), seq: number(raw.seq), lag: number(raw.lag_ms) };
    case 'snapshot':
      if (!isObject(raw.state)) return undefined;
      return { ...position(raw), op: 'snapshot', state: raw.state };
    case 'delta':
      if (!isObject(raw.patch)) return undefined;
      return { ...position(raw), op: 'delta', from: number(raw.from, -1), patch: raw.patch };
    case 'sum':
      return { op: 'sum', sub: number(raw.sub), version: number(raw.version), sum: text(raw.sum) };
    case 'error':
      return {
        op: 'error',
        id: typeof raw.id === 'number' ? raw.id : undefined,
        code: text(raw.code),
        message: text(raw.message),
      };
    case 'changed':
      return { op: 'changed', kind: text(raw.kind), id: text(raw.id), version: number(raw.version) };
    case 'verdict': {
      const verdict = readVerdict(isObject(raw.verdict) ? raw.verdict : raw);
      return verdict ? { op: 'verdict', id: number(raw.id), verdict } : undefined;
    }
    default:
      return { op: 'other' };
  }
}

function position(raw: JsonObject): { sub: number; epoch: string; version: number; seq: number; at: string } {
  return {
    sub: number(raw.sub),
    epoch: text(raw.epoch),
    version: number(raw.version),
    seq: number(raw.seq),
    at: text(raw.at),
  };
}

/** Reads the inline check's reply; undefined if it is none. */
export function readVerdict(raw: JsonObject): Verdict | undefined {
  const verdict = raw.verdict;
  if (verdict !== 'allow' && verdict !== 'flag' && verdict !== 'block') return undefined;
  return { verdict, message: text(raw.message), violations: readViolations(raw.violations) };
}

const texts = (raw: Json | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(isObject(raw) ? raw : {}).filter((e): e is [string, string] => typeof e[1] === 'string'));

/** Reads a list of violations; what is not one is left out. */
export function readViolations(raw: Json | undefined): Violation[] {
  const list = Array.isArray(raw) ? raw : isObject(raw) ? Object.values(raw) : [];
  return list.filter(isObject).map((one) => ({
    rule: text(one.rule),
    category: text(one.category),
    severity: text(one.severity),
    start: number(one.start),
    end: number(one.end),
    explanation: texts(one.explanation),
    ...(isObject(one.advice) ? { advice: texts(one.advice) } : {}),
  }));
}
