import { describe, expect, it } from 'vitest';
import { readOpenChats } from './chats';
import { agentsOf, arrangeOpen, type Only } from './openrows';

const at = (minute: number): string => `2026-11-21T11:${String(minute).padStart(2, '0')}:00Z`;
const list =
  readOpenChats({
    conversations: {
      bot: { started_at: at(1), status: 'bot', handler: { kind: 'bot', id: 'a1' }, customer: 'u1', customer_name: 'Maya' },
      old: { started_at: at(2), status: 'human', handler: { kind: 'agent', id: 'a1', name: 'Anna K.' }, customer: 'u2', customer_name: '陈先生', risky: true },
      late: { started_at: at(30), turn_since: at(50), status: 'human', handler: { kind: 'agent', id: 'a1', name: 'Anna K.' }, customer: 'u3', customer_name: 'Omar' },
      owed: { started_at: at(40), turn_since: at(45), status: 'queued', customer: 'u4', customer_name: 'Lucía' },
      other: { started_at: at(20), status: 'human', handler: { kind: 'agent', id: 'a10', name: 'Bo' }, customer: 'u5', customer_name: 'Ann' },
    },
  })?.list ?? [];
const ids = (agent = '', only?: Only, search = ''): string[] => arrangeOpen(list, { with: agent, only, search }).map((chat) => chat.id);

describe('open conversations', () => {
  it('come with the reply first that is owed longest, then with the one that is open longest', () => {
    expect(ids()).toEqual(['owed', 'late', 'bot', 'old', 'other']);
  });

  it('are narrowed by agent and by what is to be looked at', () => {
    expect(ids('a1')).toEqual(['late', 'old']);
    expect(ids('a1', 'owed')).toEqual(['late']);
    expect(ids('', 'owed')).toEqual(['owed', 'late']);
    expect(ids('', 'risky')).toEqual(['old']);
    expect(ids('', 'human')).toEqual(['late', 'old', 'other']);
    expect(ids('nobody')).toEqual([]);
  });

  it('are found by customer, agent and id', () => {
    expect(ids('', undefined, ' ann')).toEqual(['late', 'old', 'other']);
    expect(ids('', undefined, '陈')).toEqual(['old']);
    expect(ids('', undefined, 'OWED')).toEqual(['owed']);
    // A search is of one thing, not of the end of one and the beginning of the next.
    expect(ids('', undefined, 'omaranna')).toEqual([]);
  });

  it('name the agents that have one, and whoever is asked for', () => {
    const name = (id: string): string => ({ a1: 'Zoe', a10: 'Bo' })[id] ?? id;
    expect(agentsOf(list, '', name)).toEqual([{ id: 'a10', name: 'Bo' }, { id: 'a1', name: 'Zoe' }]);
    expect(agentsOf([], 'a7', name)).toEqual([{ id: 'a7', name: 'a7' }]);
  });
});
