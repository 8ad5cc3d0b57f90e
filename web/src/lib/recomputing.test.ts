import { describe, expect, it } from 'vitest';
import { readRecomputing, readRefold } from './recomputing';

describe('what is computed anew', () => {
  it('is the server’s update before any desk’s definitions', () => {
    const list = [
      { for: 'fold', desks: 3, events: 430, total: 1000, percent: 43, seconds_left: 95 },
      { for: 'profile', desks: 1, events: 1, total: 2, percent: 50, seconds_left: null },
    ];
    expect(readRecomputing(list)).toEqual({ update: { for: 'fold', share: 0.43, secondsLeft: 95, profile: '' }, definitions: true });
    expect(readRecomputing(list.slice(1))).toEqual({ update: undefined, definitions: true });
  });

  it('is nothing where the server says nothing, or nothing that can be read', () => {
    for (const raw of [undefined, null, [], {}, 'no', [null, 3]]) expect(readRecomputing(raw)).toEqual({ update: undefined, definitions: false });
  });

  it('lasts until the new numbers are in force', () => {
    const running = { state: 'running', for: 'profile', profile: 'wecom@4', percent: 12.5, seconds_left: null };
    expect(readRefold(running)).toEqual({ for: 'profile', share: 0.125, secondsLeft: undefined, profile: 'wecom@4' });
    expect(readRefold({ ...running, state: 'switched', percent: 100 })?.share).toBe(1);
    for (const state of ['done', 'failed', '']) expect(readRefold({ ...running, state })).toBeUndefined();
    expect(readRefold(undefined)).toBeUndefined();
  });

  it('never passes the whole, whatever was counted before', () => {
    expect(readRefold({ state: 'running', percent: 104 })?.share).toBe(1);
    expect(readRefold({ state: 'running', percent: Number.NaN })?.share).toBe(0);
  });
});
