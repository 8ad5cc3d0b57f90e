import type { Filter } from '../live/frames';
import { isObject } from '../live/json';
import type { Point } from './series';

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
 * Reads a topic's minutes: `times`, oldest first, and for each metric in
 * `series` its value at each of them, null where it was undefined.
 */
export function readSeries(raw: unknown, metrics: readonly string[]): Record<string, Point[]> {
  const out: Record<string, Point[]> = Object.fromEntries(metrics.map((metric) => [metric, []]));
  if (!isObject(raw) || !Array.isArray(raw.times) || !isObject(raw.series)) return out;
  const times = raw.times.map((time) => (typeof time === 'string' ? Date.parse(time) : NaN));
  for (const metric of metrics) {
    const values = raw.series[metric];
    if (!Array.isArray(values)) continue;
    out[metric] = times.flatMap((at, i) => {
      const value = values[i];
      return Number.isNaN(at) ? [] : [{ at, value: typeof value === 'number' ? value : undefined }];
    });
  }
  return out;
}
