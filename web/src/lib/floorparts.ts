import { isObject, type Json, type JsonObject } from '../live/json';
import { readMetric, since, type Metric } from './format';
import { apart } from './personname';
import { exactly, standing, type Measure, type Standing } from './standing';

/** A team or a channel as the topics of that name tell it. */
export interface Part {
  id: string;
  name: string;
  gauge(id: string): number | undefined;
  metric(id: string): Metric;
  longestSince: string;
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');
const known = new WeakMap<JsonObject, Part>();

/** The numbers of a part that can be beyond a limit of its own. */
export const judgedOfParts = ['queue_length', 'longest_wait_seconds', 'reply_rate', 'avg_first_response'] as const;
export type JudgedOfParts = (typeof judgedOfParts)[number];

/** How a part's number stands to the limit of that part. */
export function partStanding(part: Part, by: 'team' | 'channel', id: JudgedOfParts, now: number, measure: Omit<Measure, 'place'>): Standing {
  const metric = id === 'queue_length' ? readMetric({ value: part.gauge(id) ?? null }) : part.metric(id);
  const value = id === 'longest_wait_seconds' ? since(part.longestSince, now) : exactly(metric);
  return standing(id, metric, value, { ...measure, place: { [by]: [part.id] } });
}

const gravity: Record<Standing['level'], number> = { crit: 2, warn: 1, ok: 0, none: 0 };

/** The worst first: how bad the worst number is, then how many are beyond a limit, then who keeps the most people waiting. */
export function worstFirst(parts: readonly Part[], standings: (part: Part) => readonly Pick<Standing, 'level'>[]): Part[] {
  const ranked = parts.map((part, place) => {
    const all = standings(part).map((one) => gravity[one.level]);
    return { part, place, worst: Math.max(0, ...all), beyond: all.filter(Boolean).length, waiting: part.gauge('queue_length') ?? 0 };
  });
  ranked.sort((a, b) => b.worst - a.worst || b.beyond - a.beyond || b.waiting - a.waiting || a.place - b.place);
  return ranked.map((one) => one.part);
}

/** Teams or channels, by name. */
export function readParts(state: JsonObject | undefined, by: 'teams' | 'channels'): Part[] | undefined {
  if (!state) return undefined;
  const parts = Object.entries(isObject(state[by]) ? (state[by] as JsonObject) : {}).flatMap(([id, one]) => {
    if (!isObject(one)) return [];
    let part = known.get(one);
    if (!part) {
      const metrics = isObject(one.metrics) ? one.metrics : {};
      const longest = isObject(one.longest_wait) ? one.longest_wait : {};
      part = {
        id,
        name: apart(text(one.name) || id),
        gauge: (name) => (typeof one[name] === 'number' ? (one[name] as number) : undefined),
        metric: (name) => readMetric(metrics[name]),
        longestSince: text(longest.since),
      };
      known.set(one, part);
    }
    return [part];
  });
  return parts.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
