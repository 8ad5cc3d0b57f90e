import type { Column } from '../parts/table';
import { historyLink } from './behind';
import { chatColumns } from './chatcolumns';
import type { ChatRow } from './chats';
import { t } from './prefs.svelte';
import { query } from './query.svelte';

/** What the customer agent's list shows, in this order. */
const wanted = ['question', 'customer', 'channel', 'ai', 'tags', 'messages', 'updated'];

/** The first question leads to the thread, a customer to all of his conversations. */
const links: Record<string, (row: ChatRow) => string | undefined> = {
  question: (row) => query.link(`/history/${encodeURIComponent(row.id)}`),
  customer: (row) => (row.customer?.id ? historyLink({ customer: row.customer.id }) : undefined),
};

export function aiColumns(): Column<ChatRow>[] {
  const all = new Map(chatColumns().map((column) => [column.id, column]));
  return wanted.flatMap((id) => {
    const column = all.get(id);
    if (!column) return [];
    return [{ ...column, ...(id === 'customer' ? { name: t('ai.profile') } : {}), ...(links[id] ? { link: links[id] } : {}), extra: false }];
  });
}
