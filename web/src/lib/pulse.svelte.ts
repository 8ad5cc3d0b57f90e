import { session } from './session.svelte';

/** Without a frame for this long, in milliseconds, the numbers are called stale. */
export const staleAfter = 3_000;

/** What the screen may say about its numbers. */
export type Freshness = 'connecting' | 'live' | 'reconnecting' | 'stale' | 'ended';

/**
 * The beat of the page: the server's time and the age of the last frame, a few
 * times a second. Everything that counts up hangs on it, so that all seconds
 * turn at once and nothing has a timer of its own.
 */
class Pulse {
  /** The server's clock, in milliseconds since 1970. */
  now = $state(Date.now());
  /** The same in whole seconds; what only shows seconds hangs on this. */
  second = $state(Math.floor(Date.now() / 1000) * 1000);
  /** How old the last frame is, in tenths of a second, shown at a reader's pace. */
  age = $state(Infinity);
  freshness = $state<Freshness>('connecting');
  /** By the server's clock, when the last frame came. */
  lastFrame = $state<number | undefined>(undefined);
  /** How late events are, in whole seconds; 0 while nobody would notice. */
  late = $state(0);
  /** What the server calls itself. */
  server = $state('');

  constructor() {
    setInterval(() => this.turn(), 250);
    session.live.onchange(() => this.turn());
  }

  private turn(): void {
    const live = session.live;
    const now = live.now();
    const age = live.age();
    this.now = now;
    this.second = Math.floor(now / 1000) * 1000;
    this.age = Math.round(age / 100) / 10;
    this.server = live.server;
    const late = Math.round(live.lag / 1000);
    // A replay of the past is not late, it is the past.
    this.late = late >= 5 && late < 3600 ? late : 0;
    if (age !== Infinity && (age > staleAfter) !== (this.freshness === 'stale')) this.lastFrame = now - age;
    this.freshness =
      live.status === 'ended'
        ? 'ended'
        : age === Infinity
          ? 'connecting'
          : age > staleAfter
            ? 'stale'
            : live.status === 'open'
              ? 'live'
              : 'reconnecting';
  }
}

export const pulse = new Pulse();
