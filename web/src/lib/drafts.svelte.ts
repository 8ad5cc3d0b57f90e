import { session } from './session.svelte';

/** What an agent has begun to write, and the id under which it was sent where nobody knows whether it arrived. */
export interface Draft {
  text: string;
  id?: string | undefined;
}
type Drafts = Record<string, Draft>;

const key = 'floorlight.drafts';

function stored(whose: string): Drafts {
  try {
    const all = JSON.parse(sessionStorage.getItem(key) ?? '{}') as { whose?: unknown; drafts?: unknown };
    return all.whose === whose && typeof all.drafts === 'object' ? (all.drafts as Drafts) : {};
  } catch {
    return {};
  }
}

/**
 * An agent's drafts, one for each conversation, so that nothing begun for one
 * customer is sent to another. They outlive the page and an access that has ended,
 * in this tab alone, and nobody else's session sees them.
 */
class DraftBook {
  private readonly whose = `${session.me?.tenant ?? ''} ${session.me?.agent ?? ''}`;
  private all = $state.raw<Drafts>(stored(this.whose));

  of(conversation: string): Draft | undefined {
    return this.all[conversation];
  }

  keep(conversation: string, draft: Draft): void {
    const { [conversation]: before, ...others } = this.all;
    if (before?.text === draft.text && before.id === draft.id) return;
    if (!before && !draft.text) return;
    this.all = draft.text ? { ...others, [conversation]: draft } : others;
    try {
      sessionStorage.setItem(key, JSON.stringify({ whose: this.whose, drafts: this.all }));
    } catch {
      // Without storage they last as long as the page.
    }
  }
}

/** The drafts of who is signed in. To be called while a component is set up. */
export const useDrafts = (): DraftBook => new DraftBook();

/** Forgets all of them: who signs out leaves nothing behind. */
export function forgetDrafts(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // There is nothing to forget.
  }
}
