import type { Column } from '../parts/table';
import { chatColumns } from './chatcolumns';
import type { ChatRow } from './chats';
import { query } from './query.svelte';

/** What the customer agent's list shows, in this order; the first question leads to the thread. */
const wanted = ['question', 'customer', 'channel', 'ai', 'tags', 'messages', 'updated'];

export function aiColumns(): Column<ChatRow>[] {
  const all = new Map(chatColumns().map((column) => [column.id, column]));
  return wanted.flatMap((id) => {
    const column = all.get(id);
    if (!column) return [];
    const link = id === 'question' ? { link: (row: ChatRow) => query.link(`/history/${encodeURIComponent(row.id)}`) } : {};
    return [{ ...column, ...link, extra: false }];
  });
}
