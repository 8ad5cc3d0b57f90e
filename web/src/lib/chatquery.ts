import { bare } from './personname';
import { filterFields, query } from './query.svelte';
import { listIn, router } from './router.svelte';

/** What conversations can be narrowed by beyond the filter bar; the names are the server's. */
export const chatFields = ['handling', 'state', 'rating', 'negative', 'reason', 'risky', 'ai_status', 'tag', 'friend', 'weekday', 'hour', 'customer'] as const;
export type ChatField = (typeof chatFields)[number];

export const handlings = ['bot_only', 'human', 'human_only', 'bot_to_human', 'unhandled'] as const;
export const chatStates = ['queued', 'bot', 'human', 'open', 'closed'] as const;
export const aiStatuses = ['resolved', 'routed', 'closed', 'open'] as const;

/** The orders of a list; the newest first is the usual one. */
export const chatSorts = ['-started_at', 'started_at', '-updated_at', 'updated_at'] as const;
export type ChatSort = (typeof chatSorts)[number];

export const chatSort = (): ChatSort => chatSorts.find((one) => one === query.sort) ?? chatSorts[0];

/** The words that are searched for. */
export const searched = (): string => router.query.get('q') ?? '';

export const chosen = (field: ChatField): string[] => listIn(router.query, field);

/** Whether anything but the dates narrows the list. */
export function narrowed(): boolean {
  return query.filtered || searched() !== '' || chatFields.some((field) => router.query.has(field));
}

/** The server's parameters for what the address asks for. */
export function chatParams(): URLSearchParams {
  const params = new URLSearchParams({ from: query.range.from, to: query.range.to });
  for (const field of filterFields) if (query.filter[field].length) params.set(field, query.filter[field].join(','));
  for (const field of chatFields) {
    const values = chosen(field);
    if (values.length) params.set(field, values.join(','));
  }
  const words = bare(searched()).trim();
  if (words) params.set('q', words);
  if (chatSort() !== chatSorts[0]) params.set('sort', chatSort());
  return params;
}
