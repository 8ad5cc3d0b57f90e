import { session } from './session.svelte';

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

/** Moves everything by a few pixels, slowly around in a circle, so that nothing burns in. */
export function shiftPixels(screen: () => HTMLElement | undefined): () => void {
  let turn = 0;
  const timer = setInterval(() => {
    turn = (turn + 1) % 12;
    const angle = (turn / 12) * 2 * Math.PI;
    const reach = Math.min(innerWidth, innerHeight) / 270;
    const element = screen();
    if (element) element.style.transform = `translate(${Math.round(Math.cos(angle) * reach)}px, ${Math.round(Math.sin(angle) * reach)}px)`;
  }, 60_000);
  return () => clearInterval(timer);
}

/** A server with another version brings another page; nobody would reload a television. */
export function reloadOnUpgrade(): () => void {
  let first = '';
  return session.live.onchange(() => {
    const server = session.live.server;
    if (first && server && server !== first) location.reload();
    first ||= server;
  });
}
