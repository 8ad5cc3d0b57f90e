import { pagesOf } from './pages';
import { query } from './query.svelte';
import { session } from './session.svelte';

/**
 * What a metric's conversations have in common, in the filters of
 * /v1/conversations. A metric that is not here cannot be said by filters; its
 * explanation lists its conversations.
 */
const filters: Record<string, Record<string, string>> = {
  sessions: {},
  chats: { handling: 'bot_only,human_only,bot_to_human,unhandled' },
  chats_bot_only: { handling: 'bot_only' },
  chats_human_only: { handling: 'human_only' },
  chats_bot_to_human: { handling: 'bot_to_human' },
  chats_unhandled: { handling: 'unhandled' },
  risky_chats: { risky: 'true' },
  negative_ratings: { negative: 'true' },
  rated: { rating: '1,2,3,4,5' },
  satisfied: { rating: '4,5' },
  neutral: { rating: '3' },
  dissatisfied: { rating: '1,2' },
  satisfaction_rate: { rating: '1,2,3,4,5' },
  ai_resolved: { ai_status: 'resolved' },
  ai_conversations: { ai_status: 'open,resolved,routed,closed' },
};

/** Filters whose value is one id, in which a comma is no separator. */
const ids = new Set(['channel', 'team', 'agent', 'tag', 'reason', 'customer']);

/** Where a conversation can be read: in the chat history, or for an agent, who has none, below the own numbers. */
export const chatPath = (): string => (session.me?.role === 'agent' ? '/mine' : '/history');

export const chatLink = (id: string): string => query.link(`${chatPath()}/${encodeURIComponent(id)}`);

/** The chat history with these filters over the page's own; undefined for who may not see it. */
export function historyLink(extra: Record<string, string>): string | undefined {
  const history = pagesOf(session.me?.role).find((page) => page.path === '/history');
  if (!history) return undefined;
  const written = Object.entries(extra).map(([name, value]): [string, string] => [name, ids.has(name) ? encodeURIComponent(value) : value]);
  return query.link(history.path, Object.fromEntries(written));
}

/** The chat history that shows the conversations behind a metric; undefined where filters cannot say it. */
export function conversationsBehind(metric: string, narrowed: Record<string, string>): string | undefined {
  const own = filters[metric];
  return own && historyLink({ ...own, ...narrowed });
}
