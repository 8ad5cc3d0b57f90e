import type { Item } from '../parts/chat/Bubbles.svelte';
import type { Actor, Happening, Rating, Said } from './chats';
import { desk } from './desk.svelte';
import { apart } from './personname';
import { t } from './prefs.svelte';
import { word } from './chatcolumns';
import type { Turn } from './turns';

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

/** An actor's name. */
export function actorName(actor: Partial<Actor> | undefined, agentNames: Record<string, string>): string {
  if (!actor?.kind) return t('chat.nobody');
  switch (actor.kind) {
    case 'agent':
      return actor.name || agentNames[actor.id ?? ''] || desk.nameOf('agent', actor.id ?? '');
    case 'bot':
      return t('chat.bot');
    case 'customer':
      return t('chat.customer');
    default:
      return t('chat.system');
  }
}

/** What an event comes to in one line; undefined for what says nothing to a reader. */
function line(event: Happening, agentNames: Record<string, string>): string | undefined {
  const { data } = event;
  switch (event.type) {
    case 'conversation.started':
      return t('event.started');
    case 'conversation.queued':
      return text(data.team) ? t('event.queuedFor', { team: desk.nameOf('team', text(data.team)) }) : t('event.queued');
    case 'conversation.assigned': {
      const to = data.to as Partial<Actor> | undefined;
      return to?.kind === 'bot' ? t('event.bot') : t('event.assigned', { name: actorName(to, agentNames) });
    }
    case 'conversation.classified': {
      const tags = Array.isArray(data.tags) ? data.tags.map(text).filter(Boolean) : [];
      const parts = [text(data.intent) && t('event.classified', { intent: word('intent', text(data.intent)) }), tags.length ? t('event.tags', { tags: tags.join(', ') }) : ''];
      return parts.filter(Boolean).join(' · ') || undefined;
    }
    case 'conversation.handoff':
      return t(data.kind === 'ticket' ? 'event.handoffTicket' : 'event.handoffMessage');
    case 'conversation.closed':
      return t('event.closed', { name: actorName(data.by as Partial<Actor> | undefined, agentNames) });
    case 'survey.sent':
      return t('event.survey');
    case 'flow.triggered':
      return t('event.flow', { name: apart(text(data.name) || text(data.flow)) });
    case 'product.clicked':
      return t('event.clicked');
    case 'service.invited':
      return t('event.invited');
    case 'dispute.opened':
      return t('event.disputed');
    case 'dispute.decided':
      return t('event.decided');
    default:
      return undefined;
  }
}

/** A thread as one list in the order of the stream. */
export function threadItems(
  messages: readonly Said[],
  events: readonly Happening[],
  ratings: readonly Rating[],
  turns: readonly Turn[],
  agentNames: Record<string, string>,
): Item[] {
  const waited = new Map(turns.filter((turn) => turn.answeredBy).map((turn) => [turn.answeredBy, turn.seconds]));
  const items: Item[] = messages.map((said) => ({ key: `m ${said.id} ${said.blocked ? 'b' : 's'}`, seq: said.seq, at: said.at, said, waited: waited.get(said.seq) }));
  for (const event of events) {
    const words = line(event, agentNames);
    if (words) items.push({ key: `e ${event.seq} ${event.type}`, seq: event.seq, at: event.at, line: words });
  }
  for (const rating of ratings) {
    const words = [t('event.answered', { stars: rating.stars ?? '–' }), ...rating.reasons].join(' · ');
    items.push({ key: `r ${rating.seq}`, seq: rating.seq, at: rating.at, line: words, sign: rating.stars !== undefined && rating.stars <= 2 ? 'warn' : undefined });
  }
  return items.sort((a, b) => a.seq - b.seq);
}
