import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../live/json';
import { mergePatch } from '../live/patch';
import { arrange, byState, onlineSeconds, steady } from './agentrows';
import { everyoneHasChats, readAgents, readBoard, readNotices, averageWait, readQueue, readStrip, type Agent } from './states';

const now = Date.parse('2026-11-21T12:00:00Z');

describe('the wallboard’s state', () => {
  it('gives each metric, and nothing for what it does not have', () => {
    const board = readBoard({ day: '2026-11-21', timezone: 'Asia/Shanghai', percent_decimals: 0, metrics: { queue_length: { value: 3 } } });
    expect(board).toMatchObject({ day: '2026-11-21', timezone: 'Asia/Shanghai', decimals: 0 });
    expect(board?.metric('queue_length').value).toBe(3);
    expect(board?.metric('nothing')).toEqual({});
    expect(board?.alerts).toEqual([]);
    expect(readBoard(undefined)).toBeUndefined();
    expect(readBoard({})?.decimals).toBe(1);
  });

  it('carries the desk’s name, its targets and the server’s warnings', () => {
    const board = readBoard({ name: 'Outlet', targets: { reply_rate: 0.9, service_level: 80 }, alerts: { disk: { text: 'disk 80 % full' } } });
    expect(board?.name).toBe('Outlet');
    expect(board?.target('reply_rate')).toBe(90);
    expect(board?.target('service_level')).toBe(80);
    expect(board?.target('chats')).toBeUndefined();
    expect(board?.alerts).toEqual(['disk 80 % full']);
  });

  it('rolls over with its day', () => {
    const before: JsonObject = { day: '2026-11-21', metrics: { blocked_messages: { value: 5 }, queue_length: { value: 2 } } };
    const after = readBoard(mergePatch(before, { day: '2026-11-22', metrics: { blocked_messages: { value: 0 } } }) as JsonObject);
    expect(after?.day).toBe('2026-11-22');
    expect(after?.metric('blocked_messages').value).toBe(0);
    expect(after?.metric('queue_length').value).toBe(2);
  });
});

describe('the floor’s state', () => {
  it('has agents, and waits with the oldest first', () => {
    const strip = readStrip({
      agents: { a1: { name: 'Anna', status: 'online', chats: 2, capacity: 3 }, a2: { status: 'gone' } },
      waits: {
        c1: { since: '2026-11-21T11:59:00Z', channel: 'wa', channel_name: 'WhatsApp' },
        c2: { since: '2026-11-21T11:58:00Z', channel: 'web', team: 't1', team_name: 'Returns' },
      },
      total: 14,
    });
    expect(strip?.agents).toEqual([
      { id: 'a1', name: 'Anna', status: 'online', chats: 2, capacity: 3 },
      { id: 'a2', name: 'a2', status: 'offline', chats: 0, capacity: undefined },
    ]);
    expect(strip?.waits).toEqual([
      { id: 'c2', since: '2026-11-21T11:58:00Z', channel: { id: 'web', name: 'web' }, team: { id: 't1', name: 'Returns' } },
      { id: 'c1', since: '2026-11-21T11:59:00Z', channel: { id: 'wa', name: 'WhatsApp' }, team: { id: '', name: '' } },
    ]);
    expect(strip?.total).toBe(14);
  });

  it('calls all busy only when nobody who is online is free', () => {
    const one = (status: string, chats: number): JsonObject => ({ status, chats });
    const busy = (...agents: JsonObject[]): boolean =>
      everyoneHasChats(readStrip({ agents: Object.fromEntries(agents.map((agent, i) => [`a${i}`, agent])) })?.agents ?? []);
    expect(busy(one('online', 1), one('online', 2), one('offline', 0))).toBe(true);
    // As many have chats as are online, but one of them is paused.
    expect(busy(one('online', 0), one('online', 2), one('paused', 1))).toBe(false);
    expect(busy(one('paused', 1))).toBe(false);
    expect(busy()).toBe(false);
  });
});

describe('agents', () => {
  const state: JsonObject = {
    agents: {
      a1: { name: 'Zoe', status: 'online', online_seconds: 60, online_since: '2026-11-21T11:59:00Z', active_chats: 1, metrics: { reply_rate: { value: 0.5, num: 1, den: 2 } } },
      a2: { name: 'Anna', status: 'offline', online_seconds: 500, active_chats: 0, metrics: { reply_rate: { num: 0, den: 0 } } },
      a3: { name: 'Bo', status: 'online', online_since: '2026-11-21T11:59:20Z', active_chats: 3, department: 'Night', metrics: {} },
    },
  };
  const agents = readAgents(state) as Agent[];
  const ids = (rows: Agent[]): string[] => rows.map((row) => row.id);

  it('count their online time up while they are online', () => {
    expect(agents.map((agent) => onlineSeconds(agent, now))).toEqual([120, 500, 40]);
  });

  it('come by presence and name', () => {
    expect(ids(arrange(agents, '', ''))).toEqual(['a3', 'a1', 'a2']);
  });

  it('are sorted by their state, and within it by how long they have been in it', () => {
    const told = readAgents({
      agents: {
        fresh: { status: 'paused', status_since: '2026-11-21T11:58:00Z' },
        unknown: { status: 'paused' },
        gone: { status: 'offline', status_since: '2026-11-01T00:00:00Z' },
        long: { status: 'paused', status_since: '2026-11-21T11:48:00Z' },
        here: { status: 'online', status_since: '2026-11-21T11:59:00Z' },
      },
    }) as Agent[];
    expect(ids([...told].sort((a, b) => byState(a) - byState(b)))).toEqual(['here', 'long', 'fresh', 'unknown', 'gone']);
  });

  it('are found by state, name and department', () => {
    expect(ids(arrange(agents, 'online', ''))).toEqual(['a3', 'a1']);
    expect(ids(arrange(agents, '', 'nig'))).toEqual(['a3']);
    expect(ids(arrange(agents, 'offline', 'zoe'))).toEqual([]);
  });

  it('keep their places until the next beat, the new ones at the end', () => {
    const keep = steady<string>((row) => row);
    expect(keep(['a', 'b', 'c'], 1)).toEqual(['a', 'b', 'c']);
    expect(keep(['d', 'c', 'a', 'b'], 1)).toEqual(['a', 'b', 'c', 'd']);
    expect(keep(['c', 'a'], 1)).toEqual(['a', 'c']);
    expect(keep(['d', 'c', 'a', 'b'], 2)).toEqual(['d', 'c', 'a', 'b']);
  });

  it('that did not change are the same objects, so that their rows are not drawn anew', () => {
    const next = readAgents(mergePatch(state, { agents: { a1: { active_chats: 2 } } }) as JsonObject) as Agent[];
    expect(next[0]).not.toBe(agents[0]);
    expect(next[1]).toBe(agents[1]);
  });
});

describe('queue and notifications', () => {
  it('have an average of those who wait now, where all of them are known', () => {
    const waiting = { c1: { since: '2026-11-21T11:59:00Z' }, c2: { since: '2026-11-21T11:57:30Z' } };
    expect(averageWait(readQueue({ total: 2, waiting }), now)).toBe(105);
    expect(averageWait(readQueue({ total: 2, waiting }), now + 1000)).toBe(106);
    expect(averageWait(readQueue({ total: 501, waiting }), now)).toBeUndefined();
    expect(averageWait(readQueue({ total: 0, waiting: {} }), now)).toBeUndefined();
    expect(averageWait(readQueue({ total: 1, waiting: { c1: {} } }), now)).toBeUndefined();
    expect(averageWait(undefined, now)).toBeUndefined();
  });

  it('show the longest wait and the newest notice first', () => {
    const queue = readQueue({
      total: 700,
      waiting: { c1: { since: '2026-11-21T11:59:00Z', customer: 'u1', customer_name: 'Maya' }, c2: { since: '2026-11-21T11:00:00Z', customer: 'u2' } },
    });
    expect(queue?.waiting.map((wait) => [wait.id, wait.customer])).toEqual([['c2', 'u2'], ['c1', 'Maya']]);
    expect(queue?.total).toBe(700);
    const notices = readNotices({ items: { n1: { at: '2026-11-21T11:00:00Z' }, n2: { at: '2026-11-21T11:30:00Z', text: 'x' } } });
    expect(notices?.map((notice) => notice.id)).toEqual(['n2', 'n1']);
  });
});
