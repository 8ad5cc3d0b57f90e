/**
 * Where a scale of shares ends: at 1, unless all that is drawn is small. A line
 * along the bottom of an empty chart says nothing.
 */
export function shareEnd(values: readonly (number | undefined)[]): number {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  return largest === 0 ? 1 : ([0.02, 0.04, 0.08, 0.2, 0.4].find((end) => largest <= end * 0.85) ?? 1);
}

/** Steps at which people read time, in seconds, up to a day; from there on by whole days. */
const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400];

/** The most steps that an axis has. */
const most = 5;

/** Where a scale of seconds ends and what lies between its lines: 30 s, 1 min and 5 min, never 50 s or 16 min 40 s. */
export function timeScale(values: readonly (number | undefined)[]): { end: number; step: number } {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  if (largest === 0) return { end: 60, step: 15 };
  const day = 86_400;
  const step = steps.find((one) => largest <= one * most) ?? Math.ceil(largest / day / most) * day;
  return { end: Math.ceil(largest / step) * step, step };
}
