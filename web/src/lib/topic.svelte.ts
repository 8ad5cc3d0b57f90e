import { untrack } from 'svelte';
import type { Filter } from '../live/frames';
import type { JsonObject } from '../live/json';
import type { Refused } from '../live/refusal';
import { topicKey, type View } from '../live/topic';
import { session } from './session.svelte';

/** A topic as a component sees it: what it knows, whole and current. */
export interface TopicStore {
  readonly view: View;
  readonly state: JsonObject | undefined;
  readonly error: Refused | undefined;
}

/**
 * Watches a topic while the component is up; a filter that changes changes the
 * subscription. To be called while a component is set up.
 */
export function useTopic(name: string, filter: () => Filter | undefined = () => undefined): TopicStore {
  let view = $state.raw<View>({ state: undefined, epoch: '', version: 0, seq: 0, at: '', error: undefined });
  // Two filters that say the same are one subscription, however often they are made anew.
  const key = $derived(topicKey(name, filter()));
  $effect(() => {
    void key;
    const wanted = untrack(filter);
    return session.live.watch(name, wanted, (next) => (view = next));
  });
  return {
    get view() {
      return view;
    },
    get state() {
      return view.state;
    },
    get error() {
      return view.error;
    },
  };
}
