import { describe, expect, it } from 'vitest';
import { answered, partOf, Unreadable } from './answered';

describe('an answer', () => {
  it('has the lists that were asked for, or null where they are empty', () => {
    expect(answered({ rows: [1], next: '' }, 'rows').rows).toEqual([1]);
    expect(answered({ rows: null }, 'rows')).toEqual({ rows: null });
    expect(answered({})).toEqual({});
  });

  it.each([[undefined], [null], [''], ['<html>'], [[]], [{}], [{ rows: {} }], [{ agents: [] }]])('%j is none, and nothing is not read out of it', (raw) => {
    expect(() => answered(raw, 'rows')).toThrow(Unreadable);
    expect(() => partOf(raw, 'settings')).toThrow(Unreadable);
  });

  it('has its parts', () => {
    expect(partOf({ settings: { market: 'us' } }, 'settings')).toEqual({ market: 'us' });
  });
});
