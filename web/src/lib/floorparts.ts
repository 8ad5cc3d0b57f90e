import { isObject, type Json, type JsonObject } from '../live/json';
import { readMetric, type Metric } from './format';

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
        name: text(one.name) || id,
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
