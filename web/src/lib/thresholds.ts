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
