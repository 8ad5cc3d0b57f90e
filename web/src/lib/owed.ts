import type { Level } from '../parts/Sign.svelte';

/** How a reply that is owed stands. */
export interface Owed {
  level: Extract<Level, 'none' | 'warn' | 'crit'>;
  /** Seconds that are left of the response window, where it is nearly over; negative when it is. */
  left?: number;
}

/** How much of the response window may be gone before what is left of it counts more than how long somebody waits. */
const nearlyOver = 0.8;

/** A reply that is owed since so many seconds: calm within the service level, urgent when the response window ends. */
export function owedFor(seconds: number, serviceLevelSeconds: number, responseWindowHours: number): Owed {
  const window = responseWindowHours * 3600;
  if (window > 0 && seconds >= window * nearlyOver) return { level: 'crit', left: window - seconds };
  return { level: seconds > serviceLevelSeconds ? 'warn' : 'none' };
}
