import type { Filter } from '../live/frames';
import { isObject, type Json, type JsonObject } from '../live/json';
import { minute, type Point } from './series';

/** Where a topic's minutes are asked for. */
export function seriesAddress(topic: string, metrics: readonly string[], filter: Filter | undefined, minutes: number): string {
  const query = new URLSearchParams({ metric: metrics.join(','), minutes: String(minutes) });
  for (const field of ['channel', 'team', 'agent'] as const) {
    const values = filter?.[field];
    if (values?.length) query.set(field, values.join(','));
  }
  return `/v1/live/${encodeURIComponent(topic)}/series?${query}`;
}

/**
 * Reads a topic's minutes. Each metric's line is a list of points, by metric in
 * `series`, or all metrics of a minute stand together in `points`.
 */
export function readSeries(raw: unknown, metrics: readonly string[]): Record<string, Point[]> {
  const out: Record<string, Point[]> = Object.fromEntries(metrics.map((metric) => [metric, []]));
  if (!isObject(raw)) return out;
  if (isObject(raw.series)) {
    for (const metric of metrics) {
      const list = raw.series[metric];
      if (Array.isArray(list)) out[metric] = list.flatMap((one) => point(one));
    }
  } else if (Array.isArray(raw.points)) {
    for (const one of raw.points.filter(isObject)) {
      const at = moment(one.at);
      const numbers = isObject(one.metrics) ? one.metrics : isObject(one.values) ? one.values : one;
      if (at === undefined) continue;
      for (const metric of metrics) out[metric]?.push({ at, value: number(numbers[metric], at) });
    }
  }
  for (const metric of metrics) out[metric]?.sort((a, b) => a.at - b.at);
  return out;
}

function point(raw: Json): Point[] {
  if (!isObject(raw)) return [];
  const at = moment(raw.at);
  return at === undefined ? [] : [{ at, value: number(raw, at) }];
}

function moment(raw: Json | undefined): number | undefined {
  const at = typeof raw === 'string' ? Date.parse(raw) : NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** A number, a metric with a value, or a wait that has lasted since a moment until then. */
function number(raw: Json | undefined, at: number): number | undefined {
  if (typeof raw === 'number') return raw;
  if (!isObject(raw)) return undefined;
  return typeof raw.value === 'number' ? raw.value : sinceSeconds(raw, at);
}

function sinceSeconds(raw: JsonObject, at: number): number | undefined {
  const since = moment(raw.since);
  return since === undefined ? undefined : Math.max(0, (at + minute - since) / 1000);
}
