import { describe, expect, it } from 'vitest';
import type { Happening, Said } from './chats';
import { turnsOf } from './turns';

let seq = 0;
const time = (second: number): string => new Date(Date.UTC(2026, 10, 20, 9, 0, second)).toISOString();
const said = (kind: string, second: number, more: Partial<Said> = {}): Said => ({
  id: `m${++seq}`, seq, at: time(second), from: { kind, id: '', name: '' }, text: '', to: '', automatic: '', blocked: false, released: false, flagged: false,
  violations: [], deliveredAt: '', failedAt: '', failure: '', ...more,
});
const event = (type: string, second: number, data: Happening['data'] = {}): Happening => ({ seq: ++seq, at: time(second), type, data });
const toAgent = { to: { kind: 'agent', id: 'a1' } };

/** Splits what happened, in its order. */
function turns(...steps: (Said | Happening)[]): [number | undefined, boolean][] {
  const messages = steps.filter((step): step is Said => 'from' in step);
  const events = steps.filter((step): step is Happening => 'type' in step);
  return turnsOf(messages, events).map((turn) => [turn.seconds, turn.open]);
}

describe('turnsOf', () => {
  it('runs from the later of the message and the assignment to the answer', () => {
    expect(turns(said('customer', 0), event('conversation.assigned', 10, toAgent), said('agent', 25))).toEqual([[15, false]]);
    expect(turns(event('conversation.queued', 0), said('customer', 5), event('conversation.assigned', 10, toAgent), said('agent', 25))).toEqual([[20, false]]);
  });

  it('counts a second question anew, and the messages in between once', () => {
    const first = [event('conversation.assigned', 0, toAgent), said('customer', 1), said('customer', 3), said('agent', 11)];
    expect(turns(...first, said('agent', 12), said('customer', 20), said('agent', 24))).toEqual([[10, false], [4, false]]);
  });

  it('is not answered by a bot, an automatic message or one that was held back', () => {
    const open = [event('conversation.assigned', 0, toAgent), said('customer', 0)];
    expect(turns(...open, said('bot', 2), said('agent', 3, { automatic: 'recommended_answer' }), said('agent', 4, { blocked: true }), said('agent', 9))).toEqual([[9, false]]);
    expect(turns(...open)).toEqual([[undefined, true]]);
  });

  it('does not open for what a bot has answered, and closes with the conversation or a bot', () => {
    expect(turns(said('customer', 0), said('bot', 1), event('conversation.assigned', 2, toAgent), said('agent', 9))).toEqual([]);
    expect(turns(event('conversation.queued', 0), said('customer', 1), event('conversation.closed', 5))).toEqual([[undefined, false]]);
    expect(turns(event('conversation.queued', 0), said('customer', 1), event('conversation.assigned', 3, { to: { kind: 'bot', id: 'b' } }))).toEqual([[undefined, false]]);
  });
});
