import type { OpenChat } from './chats';

/** What of the open conversations is looked at. */
export const onlys = ['owed', 'human', 'risky'] as const;
export type Only = (typeof onlys)[number];

export interface OpenFilter {
  /** An agent's id; empty for anybody's. */
  with: string;
  only: Only | undefined;
  search: string;
}

const fits: Record<Only, (chat: OpenChat) => boolean> = {
  owed: (chat) => chat.turnSince !== '',
  human: (chat) => chat.handler.kind === 'agent',
  risky: (chat) => chat.risky,
};

/**
 * The conversations that fit: where a reply is owed first, owed longest before all,
 * then those that are open longest.
 */
export function arrangeOpen(list: readonly OpenChat[], { with: agent, only, search }: OpenFilter): OpenChat[] {
  const words = search.trim().toLocaleLowerCase();
  return list
    .filter(
      (chat) =>
        (!agent || (chat.handler.kind === 'agent' && chat.handler.id === agent)) &&
        (!only || fits[only](chat)) &&
        (!words || `${chat.customer}\n${chat.handler.name}\n${chat.id}`.toLocaleLowerCase().includes(words)),
    )
    .sort((a, b) => {
      if (Boolean(a.turnSince) !== Boolean(b.turnSince)) return a.turnSince ? -1 : 1;
      const order = a.turnSince ? Date.parse(a.turnSince) - Date.parse(b.turnSince) : Date.parse(a.startedAt) - Date.parse(b.startedAt);
      return order || (a.id < b.id ? -1 : 1);
    });
}

/** Agents who have one of these, by name, and besides whoever is asked for. */
export function agentsOf(list: readonly OpenChat[], asked: string, nameOf: (id: string) => string): { id: string; name: string }[] {
  const ids = new Set(list.flatMap((chat) => (chat.handler.kind === 'agent' ? [chat.handler.id] : [])));
  if (asked) ids.add(asked);
  return [...ids].map((id) => ({ id, name: nameOf(id) })).sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
