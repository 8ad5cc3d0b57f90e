import { isObject } from '../live/json';
import { answered } from './answered';
import { readMetric, type Metric } from './format';

/** One thing that counted: a conversation's day, a customer, an agent or a flow. What does not apply is empty. */
export interface Item {
  conversation: string;
  /** More of them, where the thing is a customer or an agent. */
  conversations: string[];
  agent: string;
  customer: string;
  flow: string;
  channel: string;
  day: string;
  /** What it adds, in the unit of its side: a count, seconds, or money. */
  n: Metric;
  events: { seq: number; type: string; at: string }[];
}

/** What GET /v1/metrics/{id}/explain says. */
export interface Explanation {
  profile: string;
  seq: number;
  value: Metric;
  /** How many things there are on this side. */
  count: number;
  items: Item[];
  /** Where the next page begins; empty at the end. */
  next: string;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : typeof raw === 'number' ? String(raw) : '');
const whole = (raw: unknown): number => (typeof raw === 'number' && Number.isFinite(raw) ? raw : 0);
const list = (raw: unknown): unknown[] => (Array.isArray(raw) ? raw : []);

export function readExplanation(raw: unknown): Explanation {
  const one = answered(raw, 'items');
  return {
    profile: text(one.profile),
    seq: whole(one.as_of_seq),
    value: readMetric(isObject(one.value) ? one.value : undefined),
    count: whole(one.count),
    next: text(one.next),
    items: list(one.items)
      .filter(isObject)
      .map((item) => ({
        conversation: text(item.conversation),
        conversations: list(item.conversations).map(text).filter(Boolean),
        agent: text(item.agent),
        customer: text(item.customer),
        flow: text(item.flow),
        channel: text(item.channel),
        day: text(item.day),
        n: readMetric({ value: item.amounts ?? item.n ?? null }),
        events: list(item.events)
          .filter(isObject)
          .map((event) => ({ seq: whole(event.seq), type: text(event.type), at: text(event.at) })),
      })),
  };
}
