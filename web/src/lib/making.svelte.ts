import { session, type DemoTenant } from './session.svelte';

/**
 * The past of a demo's desks, which is made up while visitors look already. Until
 * it is whole, nothing can be compared with it.
 */
class Making {
  private told = $state<number | undefined>(undefined);
  /** How much of it there is, 0 to 1; 1 at every desk that is none of a demo. Whoever comes in is told at once. */
  readonly share: number = $derived(this.told ?? session.me?.past ?? 1);
  /** How often it became whole: what is shown is asked for again. */
  ended = $state(0);

  /** Follows it until it is whole or the signal says so, and tells of the desks. */
  async follow(gone: AbortSignal, desks?: (all: DemoTenant[]) => void): Promise<void> {
    for (;;) {
      for await (const demo of session.demo(gone)) {
        desks?.(demo.tenants);
        this.come(demo.past);
      }
      if (gone.aborted || this.share >= 1) return;
      // The server did not answer, and will again.
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    }
  }

  private come(share: number): void {
    if (share >= 1 && this.share < 1) this.ended++;
    this.told = share;
  }
}

export const making = new Making();

/** Follows it while the component is up and it is not whole. To be called while a component is set up. */
export function useMaking(): void {
  const whole = $derived(making.share >= 1);
  $effect(() => {
    if (whole) return;
    const gone = new AbortController();
    void making.follow(gone.signal);
    return () => gone.abort();
  });
}
