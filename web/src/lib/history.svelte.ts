import { untrack } from 'svelte';
import type { Filter } from '../live/frames';
import { topicKey } from '../live/topic';
import { Again } from './again';
import { answered } from './answered';
import { pulse } from './pulse.svelte';
import { follow, join, type Point } from './series';
import { readSeries, seriesAddress } from './readseries';
import { session } from './session.svelte';

/** Lines a little longer than an hour, so that a number can be set against that of an hour ago. */
export const kept = 64;

/**
 * The last hour of some live numbers: what the server remembers, then what comes
 * in. To be called while a component is set up; `values` reads the numbers.
 */
export function useHistory(
  topic: string,
  metrics: () => readonly string[],
  filter: () => Filter | undefined,
  values: () => Record<string, number | undefined> | undefined,
): { points(metric: string): readonly Point[] } {
  let past = $state.raw<Record<string, Point[]>>({});
  let seen = $state.raw<Record<string, Point[]>>({});
  const connected = $derived(pulse.freshness === 'live');
  const coarse = $derived(Math.floor(pulse.second / 5000));

  // Lines of another part of the desk are other lines.
  const place = $derived(topicKey(topic, filter()));
  $effect(() => {
    void place;
    past = {};
    seen = {};
  });

  // A connection that comes back has a gap behind it, which the server can fill.
  $effect(() => {
    if (!connected) return;
    const lines = metrics();
    const address = seriesAddress(topic, lines, filter(), kept);
    let wanted = true;
    const again = new Again(() => void read());
    const read = async (): Promise<void> => {
      try {
        const answer = answered(await session.get(address));
        if (wanted) past = readSeries(answer, lines);
      } catch (reason) {
        // Without a past the lines begin now; the numbers are right all the same.
        if (wanted) again.failed(reason);
      }
    };
    void read();
    return () => {
      wanted = false;
      again.stop();
    };
  });

  $effect(() => {
    void coarse;
    const now = values();
    if (!now || !connected) return;
    const at = untrack(() => pulse.now);
    const before = untrack(() => seen);
    seen = Object.fromEntries(untrack(metrics).map((metric) => [metric, follow(before[metric] ?? [], at, now[metric], kept)]));
  });

  return {
    points: (metric) => join(past[metric] ?? [], seen[metric] ?? []),
  };
}
