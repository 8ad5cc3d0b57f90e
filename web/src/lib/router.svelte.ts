import { decoded } from './decoded';
import { unsaved } from './unsaved.svelte';

/** Where the visitor is: the path, and what the address says behind the `?`. */
class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));
  /** The same as it is written, with its `?`; empty where nothing is. */
  readonly search: string = $derived(this.query.size ? `?${this.query}` : '');

  /** The place of this address among those that back and forward step through. */
  private at = placeIn(history.state) ?? 0;
  /** Where a step is taken that was asked about already. */
  private free = false;

  constructor() {
    if (placeIn(history.state) === undefined) history.replaceState({ at: this.at }, '');
    addEventListener('popstate', (event) => this.step(event.state));
    document.addEventListener('click', (event) => {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
      if (link.hash && link.pathname === location.pathname) return;
      event.preventDefault();
      this.go(link.pathname + link.search);
    });
  }

  /** Goes to another page; who would lose something is asked first. */
  go(address: string): void {
    unsaved.ask(address, () => {
      this.push(address);
      this.read();
      scrollTo(0, 0);
    });
  }

  /** Goes to another address in the place of this one, without a step to go back through. */
  replace(address: string): void {
    history.replaceState(history.state, '', address);
    this.read();
  }

  /**
   * Changes what stands behind the `?`: with a step to go back through where a
   * visitor chose something, without one where he types or the page tidies up.
   */
  setQuery(change: Record<string, string | undefined>, step: 'push' | 'replace' = 'replace'): void {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(change)) {
      if (value) query.set(name, value);
      else query.delete(name);
    }
    const text = query.toString();
    const address = location.pathname + (text ? `?${text}` : '');
    if (address === location.pathname + location.search) return;
    if (step === 'push') this.push(address);
    else history.replaceState(history.state, '', address);
    this.read();
  }

  private push(address: string): void {
    history.pushState({ at: ++this.at }, '', address);
  }

  /** Back or forward: the browser is there already, and goes back again while somebody is asked. */
  private step(state: unknown): void {
    const to = placeIn(state);
    if (to === undefined) {
      // A link within the page has made an entry of its own.
      history.replaceState({ at: ++this.at }, '');
      this.read();
      return;
    }
    const by = to - this.at;
    if (by === 0) return;
    if (!this.free && unsaved.wouldLose(location.href)) {
      unsaved.ask(location.href, () => {
        this.free = true;
        history.go(by);
      });
      history.go(-by);
      return;
    }
    this.free = false;
    this.at = to;
    this.read();
  }

  private read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }
}

function placeIn(state: unknown): number | undefined {
  const at = (state as { at?: unknown } | null)?.at;
  return typeof at === 'number' ? at : undefined;
}

export const router = new Router();

/** The values of a list in the address: `?team=a,b`. An id may hold a comma, so each is encoded once more. */
export function listIn(query: URLSearchParams, name: string): string[] {
  const text = query.get(name);
  if (!text) return [];
  return text
    .split(',')
    .filter(Boolean)
    .map(decoded);
}

/** The other way round. */
export function listOut(values: readonly string[]): string {
  return values.map((value) => encodeURIComponent(value)).join(',');
}
