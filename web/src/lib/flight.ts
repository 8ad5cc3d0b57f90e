import { session } from './session.svelte';

/** A question that was just sent. */
interface Flight {
  answer: Promise<unknown>;
  stop: AbortController;
  /** How many still wait for it. */
  waiting: number;
}

/** Those that were sent in this very turn, by address. */
const flights = new Map<string, Flight>();

/**
 * Asks the server. Parts of a page that ask the same in the same turn, as a
 * table for its total and the cards above it, share the answer; it is given up
 * when nobody waits for it any more.
 */
export function ask(path: string, signal: AbortSignal): Promise<unknown> {
  let flight = flights.get(path);
  if (!flight) {
    const stop = new AbortController();
    flight = { answer: session.get(path, stop.signal), stop, waiting: 0 };
    flights.set(path, flight);
    // Who asks later wants to know what has happened since.
    setTimeout(() => flights.delete(path));
  }
  const mine = flight;
  mine.waiting++;
  signal.addEventListener('abort', () => {
    if (--mine.waiting > 0) return;
    if (flights.get(path) === mine) flights.delete(path);
    mine.stop.abort();
  });
  return mine.answer;
}
