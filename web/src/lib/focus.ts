/** How many places back are remembered. */
const most = 12;

/** What had the focus, the last one at the end. */
let seen: HTMLElement[] = [];
/** Where the last one stood: itself, and all that it was in. */
let way: HTMLElement[] = [];

/**
 * Keeps the keyboard's place, from now on. What has the focus can go: with the
 * page or the panel that it stood in, as a button that has done its work or that
 * waits for an answer, as a row that a push has moved. The browser then leaves it nowhere. Here it goes
 * back to where it was before within what is left around it, or to that itself.
 */
export function keepFocus(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return;
    seen = [...seen.filter((one) => one !== target && one.isConnected), target].slice(-most);
    way = [];
    for (let one: HTMLElement | null = target; one && one !== document.body; one = one.parentElement) way.push(one);
  });
  // Who presses the ground lets go of it.
  document.addEventListener('pointerdown', () => (way = []), true);
  new MutationObserver((changes) => {
    const [last] = way;
    if (!last || document.activeElement !== document.body) return;
    const lost = changes.some(({ type, target, removedNodes }) => (type === 'attributes' ? target === last : [...removedNodes].some((gone) => gone.contains(last) || way.includes(gone as HTMLElement))));
    if (!lost) return;
    const around = way.find((one) => one.isConnected);
    const before = seen.findLast((one) => around?.contains(one) && one.checkVisibility());
    const place = before ?? (around?.closest('main, dialog') ? around : document.getElementById('content'));
    if (!place) return;
    if (place.tabIndex < 0) place.tabIndex = -1;
    place.focus({ preventScroll: true });
  }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] });
}
