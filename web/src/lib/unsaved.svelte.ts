/** Something that is being written, and would be lost. */
interface Held {
  dirty: () => boolean;
  /** Whether it is still there at another address. */
  stays: (to: URL) => boolean;
}

/**
 * What is written and not saved, in all forms of the page: who goes elsewhere is
 * asked first, by the page within it and by the browser where it closes.
 */
class Unsaved {
  /** What happens if the visitor lets it go; undefined while nobody is asked. */
  asked = $state.raw<(() => void) | undefined>(undefined);
  private readonly held = new Set<Held>();
  /** While what was let go of is left. */
  private leaving = false;

  constructor() {
    addEventListener('beforeunload', (event) => {
      if (this.lost(() => false)) event.preventDefault();
    });
  }

  /** Keeps something until the returned function is called. */
  hold(one: Held): () => void {
    this.held.add(one);
    return () => this.held.delete(one);
  }

  /** Whether something would be lost by going to an address. */
  wouldLose(address: string): boolean {
    const to = new URL(address, location.href);
    return this.lost((one) => one.stays(to));
  }

  /** Does it at once where nothing is lost, or else when the visitor says so; the address is where it leads. */
  ask(address: string, go: () => void): void {
    if (this.wouldLose(address)) this.asked = go;
    else go();
  }

  /** The visitor's answer. */
  answer(leave: boolean): void {
    const go = this.asked;
    this.asked = undefined;
    if (!leave || !go) return;
    this.leaving = true;
    go();
    this.leaving = false;
  }

  private lost(stays: (one: Held) => boolean): boolean {
    return !this.leaving && [...this.held].some((one) => one.dirty() && !stays(one));
  }
}

export const unsaved = new Unsaved();

/**
 * Says whether the form that calls it holds something unsaved, while it is up. It
 * stays where its path does, unless the form knows better. To be called while a
 * component is set up.
 */
export function useUnsaved(dirty: () => boolean, stays: (to: URL, at: string) => boolean = (to, at) => to.pathname === at): void {
  // Back and forward ask when the address is another already.
  const at = location.pathname;
  $effect(() => unsaved.hold({ dirty, stays: (to) => stays(to, at) }));
}
