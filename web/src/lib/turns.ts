import type { Happening, Said } from './chats';

/** A human turn: from when an answer was owed until it came. */
export interface Turn {
  /** The place, in stream order, of the message that answered it; 0 while nobody has. */
  answeredBy: number;
  since: string;
  /** In seconds; undefined while it is open or where it closed unanswered. */
  seconds: number | undefined;
  /** Whether it still waits. */
  open: boolean;
}

type Step = { seq: number; at: string; said?: Said; event?: Happening };

/**
 * The human turns of a thread, as the metrics count them: one opens when a
 * human is responsible and the customer's message is unanswered, from the later
 * of the two moments; the next message of an agent answers it. A bot's message
 * answers what it follows, but not a turn that is open.
 */
export function turnsOf(messages: readonly Said[], events: readonly Happening[]): Turn[] {
  const steps: Step[] = [
    ...messages.map((said) => ({ seq: said.seq, at: said.at, said })),
    ...events.map((event) => ({ seq: event.seq, at: event.at, event })),
  ].sort((a, b) => a.seq - b.seq);
  const turns: Turn[] = [];
  let responsible = '';
  let unanswered = '';
  let open: Turn | undefined;

  function opening(): void {
    if (open || !responsible || !unanswered) return;
    open = { answeredBy: 0, since: Date.parse(unanswered) > Date.parse(responsible) ? unanswered : responsible, seconds: undefined, open: true };
    turns.push(open);
  }
  function drop(): void {
    if (open) open.open = false;
    open = undefined;
    responsible = '';
    unanswered = '';
  }

  for (const { seq, at, said, event } of steps) {
    if (said) {
      if (said.blocked || said.to === 'agent') continue;
      const kind = said.automatic ? 'bot' : said.from.kind;
      if (kind === 'customer') unanswered ||= at;
      else if (kind === 'agent') {
        if (open) {
          open.seconds = Math.max(0, (Date.parse(at) - Date.parse(open.since)) / 1000);
          open.answeredBy = seq;
          open.open = false;
          open = undefined;
        }
        unanswered = '';
      } else if (kind === 'bot' && !open) unanswered = '';
    } else if (event?.type === 'conversation.queued') responsible ||= at;
    else if (event?.type === 'conversation.assigned') {
      const to = event.data.to as { kind?: unknown } | undefined;
      if (to?.kind === 'bot') drop();
      else responsible ||= at;
    } else if (event?.type === 'conversation.closed') drop();
    opening();
  }
  return turns;
}
