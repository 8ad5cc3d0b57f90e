/** How long to wait before trying again, in milliseconds. */
export const firstDelay = 400;
export const longestDelay = 15_000;
/** Over this long the clients of a restarting server spread their return. */
export const restartSpread = 2_000;

/**
 * The pause before the n-th try in a row (from 0): doubling, capped, and with
 * half of it left to chance so that a hundred wallboards don't come back in one
 * instant. `random` is in [0, 1).
 */
export function backoff(attempt: number, random: number): number {
  const full = Math.min(longestDelay, firstDelay * 2 ** Math.min(attempt, 16));
  return Math.round(full / 2 + (full / 2) * random);
}
