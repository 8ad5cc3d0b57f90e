import type { Level } from '../parts/Sign.svelte';
import type { Metric } from './format';

/**
 * When a tile calls for attention. These are the defaults of a board that has
 * none of its own: counts and seconds are over their limit when they pass it,
 * shares below their target when they miss it.
 */
export const limits = {
  queue_length: { warn: 5, crit: 10 },
  longest_wait_seconds: { warn: 60, crit: 120 },
  /** In percent; critical is what misses the target by more than this many points. */
  reply_rate: { target: 95, slack: 10 },
  /** Of all places taken, in percent. */
  occupancy: { warn: 90, crit: 100 },
  blocked_messages: { warn: 10, crit: 30 },
};

/** What more of it means: the limit that was passed, or none. */
export function over(value: number | undefined, limit: { warn: number; crit: number }): { level: Level; passed: number } {
  if (value === undefined) return { level: 'none', passed: 0 };
  if (value > limit.crit) return { level: 'crit', passed: limit.crit };
  if (value > limit.warn) return { level: 'warn', passed: limit.warn };
  return { level: 'ok', passed: 0 };
}

/** How a share stands to its target; from the exact parts, not from the rounded figure. */
export function against(metric: Metric, limit: { target: number; slack: number }): Level {
  if (metric.value === undefined) return 'none';
  const { num, den, value } = metric;
  const share = num !== undefined && den ? (num * 100) / den : value * 100;
  if (share >= limit.target) return 'ok';
  return share >= limit.target - limit.slack ? 'warn' : 'crit';
}
