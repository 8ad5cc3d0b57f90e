/** The longest that a screen waits before it asks for what has changed. */
const spread = 1_000;

/** Runs something within a second, at a moment of its own: a thousand screens must not ask at once. */
export function soon(run: () => void): void {
  setTimeout(run, Math.random() * spread);
}
