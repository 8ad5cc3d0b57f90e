import type { Column } from '../parts/table';
import type { ChatRow } from './chats';
import { desk } from './desk.svelte';
import { moment, undefinedSign } from './format';
import { apart } from './personname';
import { has, prefs, t } from './prefs.svelte';
import { durationParts } from './value';

/** A word of the server's in the visitor's language; as it is where it has none. */
export function word(group: 'handling' | 'chatState' | 'aiStatus' | 'intent', id: string): string {
  const key = `${group}.${id}`;
  return has(key) ? t(key) : id || undefinedSign;
}

/** Who a customer is, as far as anybody knows. */
export function customerName(row: Pick<ChatRow, 'customer'>): string {
  const { customer } = row;
  if (!customer) return t('chat.anonymous');
  // Who never gave a name is listed under the id, which is none.
  const name = customer.name === apart(customer.id) ? '' : customer.name;
  return name || customer.email || customer.phone || (customer.anonymous ? t('chat.anonymous') : apart(customer.id));
}

export const agentNames = (row: Pick<ChatRow, 'agents'>): string => row.agents.map((id) => desk.nameOf('agent', id)).join(', ');

/** A duration in words of the language. */
export function lasting(seconds: number | undefined): string {
  const gap = prefs.language === 'zh-CN' ? '' : ' ';
  return durationParts(seconds, prefs.language)
    .map((part) => (part.unit ? `${part.text}${gap}${part.unit}` : part.text))
    .join(gap);
}

const at = (time: string): string => (time ? moment(time, desk.settings.timezone, prefs.language) : undefinedSign);
const or = (text: string): string => text || undefinedSign;

/** The columns of a list of conversations; the usual ones come first, in their order. */
export function chatColumns(): Column<ChatRow>[] {
  return [
    { id: 'id', name: t('chatColumn.id'), words: true, text: (row) => (row.session > 1 ? `${row.id} · ${row.session}` : row.id) },
    { id: 'agent', name: t('chatColumn.agent'), words: true, text: (row) => or(agentNames(row)) },
    { id: 'customer', name: t('chatColumn.customer'), words: true, text: customerName },
    { id: 'intent', name: t('chatColumn.intent'), words: true, text: (row) => word('intent', row.intent) },
    { id: 'handling', name: t('chatColumn.handling'), words: true, text: (row) => word('handling', row.handling) },
    { id: 'stars', name: t('chatColumn.stars'), words: true, text: (row) => or(row.stars === undefined ? '' : String(row.stars)) },
    { id: 'risky', name: t('chatColumn.risky'), words: true, text: (row) => (row.risky ? t('history.yes') : undefinedSign) },
    { id: 'started', name: t('chatColumn.started'), words: true, extra: true, text: (row) => at(row.startedAt) },
    { id: 'question', name: t('chatColumn.question'), words: true, extra: true, text: (row) => or(row.question) },
    { id: 'channel', name: t('chatColumn.channel'), words: true, extra: true, text: (row) => desk.nameOf('channel', row.channel) },
    { id: 'team', name: t('chatColumn.team'), words: true, extra: true, text: (row) => or(row.team && desk.nameOf('team', row.team)) },
    { id: 'state', name: t('chatColumn.state'), words: true, extra: true, text: (row) => word('chatState', row.state) },
    { id: 'ai', name: t('chatColumn.ai'), words: true, extra: true, text: (row) => word('aiStatus', row.aiStatus) },
    { id: 'tags', name: t('chatColumn.tags'), words: true, extra: true, text: (row) => or(row.tags.join(', ')) },
    { id: 'messages', name: t('chatColumn.messages'), extra: true, text: (row) => String(row.messages.customer + row.messages.agent + row.messages.bot) },
    { id: 'firstResponse', name: t('chatColumn.firstResponse'), extra: true, text: (row) => lasting(row.firstResponse) },
    { id: 'reasons', name: t('chatColumn.reasons'), words: true, extra: true, text: (row) => or(row.reasons.join(', ')) },
    { id: 'friend', name: t('chatColumn.friend'), words: true, extra: true, text: (row) => t(row.customer?.friend ? 'history.yes' : 'history.no') },
    { id: 'contact', name: t('chatColumn.contact'), words: true, extra: true, text: (row) => or(row.customer?.email || row.customer?.phone || '') },
    { id: 'updated', name: t('chatColumn.updated'), words: true, extra: true, text: (row) => at(row.updatedAt) },
    { id: 'closed', name: t('chatColumn.closed'), words: true, extra: true, text: (row) => at(row.closedAt) },
  ];
}
