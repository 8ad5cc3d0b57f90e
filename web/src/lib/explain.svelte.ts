import type { Dimension } from './breakdown.svelte';
import { router } from './router.svelte';

/** Which number is to be explained: a metric, and what it was narrowed by beyond the page's range and filters. */
export interface Subject {
  metric: string;
  filter?: Record<string, string>;
  /** What of that is one of many, as a day among days, and is to be named. */
  by?: Dimension;
}

/**
 * The page's one panel that tells where a number comes from. It stands in the
 * address, so that it can be shown to somebody else, and who follows a
 * conversation from it finds it open on the way back.
 */
class Explaining {
  /** The subject as it is written: `chats?by=day&from=2026-11-01&to=2026-11-01`. */
  private readonly asked: string = $derived(router.query.get('explain') ?? '');
  readonly subject: Subject = $derived.by(() => {
    const [metric = '', rest] = this.asked.split('?');
    const { by, ...filter } = Object.fromEntries(new URLSearchParams(rest));
    return { metric, filter, ...(by ? { by: by as Dimension } : {}) };
  });
  /** Whether there is a step to go back to without it. */
  private before = false;

  open({ metric, filter, by }: Subject): void {
    const rest = new URLSearchParams({ ...(by ? { by } : {}), ...filter });
    this.before = true;
    router.setQuery({ explain: rest.size ? `${metric}?${rest}` : metric }, 'push');
  }

  close(): void {
    if (!this.asked) return;
    if (this.before) history.back();
    else router.setQuery({ explain: undefined });
  }
}

export const explaining = new Explaining();
