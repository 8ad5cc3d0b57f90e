import type { Cell } from './answer';
import type { Entry } from './catalogue';
import type { Metric } from './format';

/**
 * How a number stands to that of the range before. `amount` is in percent of
 * the earlier number, for a share in percentage points; it has no sign.
 */
export interface Change {
  direction: 'up' | 'down' | 'same';
  amount: number;
  unit: 'percent' | 'points';
  /** Whether that is good; undefined where the metric has no better. */
  good: boolean | undefined;
}

const exact = (metric: Metric): number | undefined => (metric.num !== undefined && metric.den ? metric.num / metric.den : metric.value);

/** The change of a number; undefined where either is undefined or the earlier one is 0. */
export function changeOf(cell: Cell, entry: Pick<Entry, 'unit' | 'better'>): Change | undefined {
  const before = cell.previous;
  if (!before || entry.unit === 'time') return undefined;
  const [now, then] = entry.unit === 'money' ? onlyMoney(cell, before) : [exact(cell), exact(before)];
  if (now === undefined || then === undefined || cell.value === null) return undefined;
  const points = entry.unit === 'ratio';
  if (!points && then === 0 && now !== 0) return undefined;
  const difference = now - then;
  const amount = points ? Math.abs(difference) * 100 : then === 0 ? 0 : Math.abs(difference / then) * 100;
  // What rounds to nothing is not called better or worse.
  const direction = amount < 0.05 ? 'same' : difference > 0 ? 'up' : 'down';
  return {
    direction,
    amount,
    unit: points ? 'points' : 'percent',
    good: direction === 'same' || entry.better === 'none' ? undefined : direction === entry.better,
  };
}

/** Amounts in different currencies cannot be set against each other. */
function onlyMoney(cell: Cell, before: Metric): [number | undefined, number | undefined] {
  const currencies = new Set([...Object.keys(cell.money ?? {}), ...Object.keys(before.money ?? {})]);
  const [only] = currencies;
  if (currencies.size !== 1 || only === undefined) return [undefined, undefined];
  return [Number(cell.money?.[only] ?? 0), Number(before.money?.[only] ?? 0)];
}
