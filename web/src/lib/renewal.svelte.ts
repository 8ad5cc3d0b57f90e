import { isObject } from '../live/json';
import { desk } from './desk.svelte';
import { readRecomputing, readRefold, type Progress } from './recomputing';
import { HttpError, session } from './session.svelte';
import { soon } from './soon';

/** How often it is asked how far it is, in milliseconds, while somebody looks. */
const pace = 2_000;

/**
 * Numbers of the past that are computed anew, for other definitions or after an
 * update. That it has begun is pushed, or found by whoever comes; how far it is
 * has to be asked for, while it lasts.
 */
class Renewal {
  now = $state.raw<Progress | undefined>(undefined);
  /** How many have ended since the page was opened: what is shown is asked for again. */
  ended = $state(0);
  private watchers = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  /** Whether one has begun of which nothing has been read yet: it may be over when it is asked for. */
  private begun = false;
  private whose: unknown;

  constructor() {
    session.live.onchanged(({ kind }) => {
      if (!this.watchers) return;
      if (kind === 'refold') {
        this.begun = true;
        void this.look();
      } else if (!kind) soon(() => void this.look());
    });
  }

  /** Knows about it until the returned function is called. */
  watch(): () => void {
    if (this.whose !== session.me) this.now = undefined;
    this.watchers++;
    void this.look();
    return () => {
      if (!--this.watchers) clearTimeout(this.timer);
    };
  }

  /** Asks now, and again until it has ended. */
  async look(): Promise<void> {
    if (this.asking || !this.watchers) return;
    clearTimeout(this.timer);
    this.asking = true;
    this.whose = session.me;
    const expected = this.begun || this.now !== undefined;
    this.begun = false;
    let next = this.now;
    try {
      if (document.visibilityState === 'visible' || next === undefined) next = await this.read();
    } catch {
      // While nobody can tell, it is as it was.
    } finally {
      this.asking = false;
    }
    if (this.whose !== session.me) return;
    this.now = next;
    if (this.begun) return this.look();
    if (next) this.timer = setTimeout(() => void this.look(), pace);
    else if (expected) {
      // A desk may have other definitions now. In the moment in which it gets them
      // its server may not say so yet; without them a report would be read wrongly.
      if (desk.known && !(await desk.renew()) && this.whose === session.me) {
        this.begun = true;
        this.timer = setTimeout(() => void this.look(), pace);
      } else this.ended++;
    }
  }

  private async read(): Promise<Progress | undefined> {
    // A server that is not ready says so with a status, and how far it is beside it.
    const raw: unknown = await (await fetch('/readyz', { signal: AbortSignal.timeout(10_000) })).json();
    const { update, definitions } = readRecomputing(isObject(raw) ? raw.recomputing : undefined);
    if (update) return update;
    // Of which desk's definitions they are, only the desk itself is told.
    if (!definitions) return undefined;
    try {
      return readRefold(await session.get('/v1/refold'));
    } catch (reason) {
      if (reason instanceof HttpError && reason.status === 404) return undefined;
      throw reason;
    }
  }
}

export const renewal = new Renewal();
