import { untrack } from 'svelte';
import { session } from './session.svelte';

/** Calls back when access came back that had ended. To be called while a component is set up. */
export function onRenewed(again: () => void): void {
  let known = untrack(() => session.renewed);
  $effect(() => {
    if (session.renewed === known) return;
    known = session.renewed;
    untrack(again);
  });
}
