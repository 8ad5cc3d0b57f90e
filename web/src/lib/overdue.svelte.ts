/** How much of what is shown could not be brought up to date, and so is older than it would be. */
class Overdue {
  parts = $state(0);
}

export const overdue = new Overdue();

/**
 * Says whether a part of the page is older than it would be, until it goes. To
 * be called while a component is set up.
 */
export function useOverdue(): (late: boolean) => void {
  let late = false;
  const tell = (now: boolean): void => {
    if (now !== late) overdue.parts += now ? 1 : -1;
    late = now;
  };
  $effect(() => () => tell(false));
  return tell;
}
