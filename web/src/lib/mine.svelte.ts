import { isObject } from '../live/json';
import { pulse } from './pulse.svelte';
import { session } from './session.svelte';
import { useTopic } from './topic.svelte';

/** A conversation that the agent can write in. */
export interface Mine {
  id: string;
  customer: string;
  /** What the customer asked first. */
  question?: string;
  risky?: boolean;
}

/**
 * The agent's open conversations: pushed where the server has the topic for it,
 * asked for when the agent comes to choose where it has not.
 */
export function useMine(): { readonly list: Mine[]; refresh(): void } {
  const topic = useTopic('conversations');
  let asked = $state.raw<Mine[]>([]);

  const pushed = $derived.by(() => {
    const open = topic.state?.conversations;
    if (!isObject(open)) return undefined;
    return Object.entries(open).flatMap(([id, raw]) => {
      if (!isObject(raw)) return [];
      const handler = isObject(raw.handler) ? raw.handler : {};
      if (handler.kind === 'bot' || (handler.id !== undefined && handler.id !== session.me?.agent)) return [];
      return [{ id, customer: customerName(raw.customer) }];
    });
  });

  function refresh(): void {
    if (pushed) return;
    const agent = session.me?.agent;
    const query = new URLSearchParams({ state: 'human', limit: '100', ...(agent ? { agent } : {}) });
    session.get(`/v1/conversations?${query}`).then(
      (answer) => {
        const rows = isObject(answer) && Array.isArray(answer.rows) ? answer.rows : isObject(answer) && Array.isArray(answer.conversations) ? answer.conversations : [];
        asked = rows.filter(isObject).map((row) => ({
          id: String(row.id),
          customer: customerName(row.customer),
          question: typeof row.first_question === 'string' ? row.first_question : '',
          risky: row.risky === true,
        }));
      },
      () => {
        // The list is a convenience: an id can always be typed.
      },
    );
  }

  refresh();
  // Until there is a topic for it, the list is asked for again when something has happened.
  const turn = $derived(Math.floor(pulse.second / 10_000));
  let seen = 0;
  $effect(() => {
    void turn;
    if (document.visibilityState !== 'visible' || session.live.seq === seen) return;
    seen = session.live.seq;
    refresh();
  });
  return {
    get list() {
      return pushed ?? asked;
    },
    refresh,
  };
}

function customerName(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  if (!isObject(raw)) return '';
  return typeof raw.name === 'string' && raw.name ? raw.name : typeof raw.id === 'string' ? raw.id : '';
}
