import { readOpenChats, type OpenChat } from './chats';
import { useTopic } from './topic.svelte';

/** The agent's open conversations, pushed as they come and go: those that wait for a reply first, the longest wait on top. */
export function useMine(): { readonly list: readonly OpenChat[] | undefined } {
  const topic = useTopic('inbox');
  const list = $derived(
    readOpenChats(topic.state)?.list.toSorted((a, b) => owed(a) - owed(b) || Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : 1)),
  );
  return {
    get list() {
      return list;
    },
  };
}

const owed = (chat: OpenChat): number => (chat.turnSince ? Date.parse(chat.turnSince) : Number.MAX_SAFE_INTEGER);
