import { listIn, listOut } from './router.svelte';

/** How long a board stands, in seconds, where nothing else is asked for; and the bounds. */
export const usualTurn = 30;
export const shortestTurn = 5;
export const longestTurn = 3_600;

/** The board without a name of its own, where boards are listed: no board can be called so. */
export const usualInList = '~';

/** Boards that stand on one screen in turn: those that follow the present one, and for how long each stands. */
export interface Turn {
  next: string[];
  seconds: number;
}

/** What the address asks for: `?next=b2,b3&every=30`; undefined where the board stays. */
export function readTurn(query: URLSearchParams): Turn | undefined {
  const next = listIn(query, 'next');
  if (next.length === 0) return undefined;
  const every = Number(query.get('every') || usualTurn);
  const seconds = Number.isFinite(every) ? Math.min(longestTurn, Math.max(shortestTurn, Math.round(every))) : usualTurn;
  return { next, seconds };
}

const pathOf = (id: string): string => (id === usualInList || id === '' ? '/wallboard' : `/wallboard/${encodeURIComponent(id)}`);

/**
 * The address of the board that follows, or the other way round of the one before.
 * The present one goes to the end of the list, so that the address alone says what
 * comes; one that is gone does not.
 */
export function turned(current: string, query: URLSearchParams, gone = false, back = false): string {
  const all = listIn(query, 'next');
  const first = (back ? all.pop() : all.shift()) ?? '';
  if (!gone) all[back ? 'unshift' : 'push'](current || usualInList);
  const params = new URLSearchParams(query);
  if (all.length) params.set('next', listOut(all));
  else params.delete('next');
  const text = params.toString();
  return pathOf(first) + (text ? `?${text}` : '');
}

/** A screen's link that shows other boards in turn: what it says goes before its token. */
export function inTurn(link: string, next: readonly string[], seconds: number): string {
  if (next.length === 0) return link;
  const address = new URL(link);
  address.searchParams.set('next', listOut(next));
  address.searchParams.set('every', String(seconds));
  return address.href;
}
