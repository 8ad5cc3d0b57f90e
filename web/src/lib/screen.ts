import { session } from './session.svelte';
import { unsaved } from './unsaved.svelte';

/** What a screen on a wall does by itself. Each returns what ends it. */

/** Keeps the screen on; the lock is lost whenever the page is hidden. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | undefined;
  let up = true;
  const take = async (): Promise<void> => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    try {
      const taken = await navigator.wakeLock.request('screen');
      if (up) lock = taken;
      else void taken.release();
    } catch {
      // A machine that saves power may refuse; the board works without.
    }
  };
  void take();
  document.addEventListener('visibilitychange', take);
  return () => {
    up = false;
    document.removeEventListener('visibilitychange', take);
    void lock?.release();
  };
}

/** Whether this machine asks for no motion at all. */
export const asksForStillness = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Moves everything by a few pixels, slowly around in a circle, so that nothing burns in. */
export function shiftPixels(screen: () => HTMLElement | undefined): () => void {
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % 12;
    const angle = (turn / 12) * 2 * Math.PI;
    const reach = Math.min(innerWidth, innerHeight) / 270;
    const element = screen();
    if (element && !asksForStillness()) element.style.transform = `translate(${Math.round(Math.cos(angle) * reach)}px, ${Math.round(Math.sin(angle) * reach)}px)`;
  }, 60_000);
  return () => clearInterval(timer);
}

/**
 * Tells whether somebody is there: at first, with every key and every movement,
 * and no longer after four seconds without. A pointer below which something else
 * is drawn has not moved.
 */
export function attend(change: (near: boolean) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [x, y] = [-1, -1];
  const show = (): void => {
    change(true);
    clearTimeout(timer);
    timer = setTimeout(() => change(false), 4_000);
  };
  const move = (event: PointerEvent): void => {
    if (event.screenX === x && event.screenY === y) return;
    [x, y] = [event.screenX, event.screenY];
    show();
  };
  show();
  addEventListener('pointermove', move);
  addEventListener('pointerdown', show);
  addEventListener('keydown', show);
  return () => {
    clearTimeout(timer);
    removeEventListener('pointermove', move);
    removeEventListener('pointerdown', show);
    removeEventListener('keydown', show);
  };
}

/** Follows whether the page has the whole screen; undefined where a browser never gives it. */
export function followFullScreen(change: (full: boolean | undefined) => void): () => void {
  if (!document.fullscreenEnabled) return () => undefined;
  const read = (): void => change(document.fullscreenElement !== null);
  read();
  document.addEventListener('fullscreenchange', read);
  return () => document.removeEventListener('fullscreenchange', read);
}

/** Takes the whole screen, or gives it back. */
export async function toggleFullScreen(): Promise<void> {
  if (!document.fullscreenEnabled) return;
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
  } catch {
    // Only a visitor may ask for it, and a browser may refuse even him.
  }
}

/** A server with another version brings another page; nobody would reload a television. */
export function reloadOnUpgrade(): () => void {
  let first = '';
  return session.live.onchange(() => {
    const server = session.live.server;
    // What somebody arranges at the moment is not thrown away for it.
    if (first && server && server !== first && !unsaved.wouldLose('/')) location.reload();
    first ||= server;
  });
}
