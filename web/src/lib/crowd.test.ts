import { describe, expect, it } from 'vitest';
import { crowdOf, fillOf } from './crowd';
import type { StripAgent } from './states';

const agent = (status: StripAgent['status'], chats: number, capacity?: number): StripAgent => ({ id: 'a', name: 'A', status, chats, capacity });

describe('fillOf', () => {
  it('is full with as many chats as places, and with more', () => {
    expect([agent('online', 2, 3), agent('online', 3, 3), agent('online', 4, 3)].map(fillOf)).toEqual(['free', 'full', 'full']);
  });

  it('is never full without a limit, and says what keeps an agent away first', () => {
    expect([agent('online', 9), agent('online', 9, 0), agent('paused', 3, 3), agent('offline', 3, 3)].map(fillOf)).toEqual(['free', 'free', 'paused', 'offline']);
  });
});

it('counts each agent once', () => {
  const all = [agent('online', 0, 1), agent('online', 1, 1), agent('paused', 0), agent('offline', 0), agent('offline', 1)];
  expect(crowdOf(all)).toEqual({ free: 1, full: 1, paused: 1, offline: 2 });
});
