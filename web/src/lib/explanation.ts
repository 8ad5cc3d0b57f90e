import { isObject } from '../live/json';

/** One conversation's part in a number. */
export interface Item {
  conversation: string;
  session: string;
  agent: string;
  day: string;
  n: number;
  events: { seq: number; type: string; time: string }[];
}

/** What GET /v1/metrics/{id}/explain says. */
export interface Explanation {
  profile: string;
  seq: number;
  num: number | undefined;
  den: number | undefined;
  items: Item[];
  /** Where the next page begins; empty at the end. */
  next: string;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : '');
const whole = (raw: unknown): number | undefined => (typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined);

export function readExplanation(raw: unknown): Explanation {
  const one = isObject(raw) ? raw : {};
  return {
    profile: text(one.profile),
    seq: whole(one.as_of_seq) ?? 0,
    num: whole(one.num),
    den: whole(one.den),
    next: text(one.next),
    items: (Array.isArray(one.items) ? one.items : []).filter(isObject).map((item) => ({
      conversation: text(item.conversation),
      session: text(item.session),
      agent: text(item.agent),
      day: text(item.day),
      n: whole(item.n) ?? 1,
      events: (Array.isArray(item.events) ? item.events : [])
        .filter(isObject)
        .map((event) => ({ seq: whole(event.seq) ?? 0, type: text(event.type), time: text(event.time) })),
    })),
  };
}
