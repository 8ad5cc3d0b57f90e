import { againAfter } from './problem';

/** Asks again by itself for what has failed, as long as that may help: each time later, and no sooner than the server wants. */
export class Again {
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly ask: () => void) {}

  /** What was asked for has failed. */
  failed(reason: unknown): void {
    this.stop();
    const wait = againAfter(reason, this.failures++);
    if (wait !== undefined) this.timer = setTimeout(this.ask, wait);
  }

  /** It is there, or another one is wanted. */
  settled(): void {
    this.stop();
    this.failures = 0;
  }

  /** Nobody wants it any more, or it is being asked for. */
  stop(): void {
    clearTimeout(this.timer);
  }
}
