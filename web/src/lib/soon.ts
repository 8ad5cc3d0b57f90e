import { session } from './session.svelte';

/** The longest that a screen waits before it asks for what has changed. */
const spread = 1_000;

/**
 * Runs something within a second, at a moment of its own: a thousand screens must not
 * ask at once. Where access has ended by then there is nothing to ask for.
 */
export function soon(run: () => void): void {
  setTimeout(() => {
    if (session.state === 'in') run();
  }, Math.random() * spread);
}
