import { describe, expect, it } from 'vitest';
import { addDays, dayIn, daysOf, fault, hourIn, isDay, length, previous, rangeOf, readRange } from './days';

describe('ranges', () => {
  it('include today, and both of their ends', () => {
    // The first document's own example: the last 7 days on 7 June are 1 to 7 June.
    expect(rangeOf('last7', '2026-06-07')).toEqual({ from: '2026-06-01', to: '2026-06-07' });
    expect(length(rangeOf('last15', '2026-03-01'))).toBe(15);
    expect(length(rangeOf('last30', '2026-01-05'))).toBe(30);
  });

  it('know the months', () => {
    expect(rangeOf('month', '2028-03-01')).toEqual({ from: '2028-03-01', to: '2028-03-01' });
    expect(rangeOf('lastMonth', '2028-03-31')).toEqual({ from: '2028-02-01', to: '2028-02-29' });
    expect(rangeOf('lastMonth', '2026-01-15')).toEqual({ from: '2025-12-01', to: '2025-12-31' });
    expect(rangeOf('yesterday', '2026-01-01')).toEqual({ from: '2025-12-31', to: '2025-12-31' });
  });

  it('have one before them, as long as they are', () => {
    expect(previous({ from: '2026-03-01', to: '2026-03-07' })).toEqual({ from: '2026-02-22', to: '2026-02-28' });
    expect(previous({ from: '2026-03-01', to: '2026-03-01' })).toEqual({ from: '2026-02-28', to: '2026-02-28' });
  });

  it('list their days', () => {
    expect(daysOf({ from: '2026-02-27', to: '2026-03-02' })).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    expect(daysOf({ from: '2026-03-02', to: '2026-03-01' })).toEqual([]);
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });

  it('are refused where they run backwards or too long', () => {
    expect(fault({ from: '2026-03-02', to: '2026-03-01' }, 0)).toBe('order');
    expect(fault({ from: '2026-01-01', to: '2026-03-31' }, 90)).toBeUndefined();
    expect(fault({ from: '2026-01-01', to: '2026-04-01' }, 90)).toBe('long');
  });
});

describe('a day', () => {
  it('is local: the same moment is two days in two places', () => {
    const moment = Date.parse('2026-11-21T20:00:00Z');
    expect(dayIn('Asia/Shanghai', moment)).toBe('2026-11-22');
    expect(dayIn('America/Los_Angeles', moment)).toBe('2026-11-21');
    expect(isDay(dayIn('No/Where', moment))).toBe(true);
  });

  it('has its hours, from 0 to 23', () => {
    const midnight = Date.parse('2026-11-21T16:00:00Z');
    expect(hourIn('Asia/Shanghai', midnight)).toBe(0);
    expect(hourIn('Asia/Shanghai', midnight - 1)).toBe(23);
    expect(hourIn('Asia/Kathmandu', midnight)).toBe(21);
    expect(hourIn('No/Where', midnight)).toBeLessThan(24);
  });

  it.each([['2026-02-29'], ['2026-13-01'], ['26-01-01'], [''], [null]])('%j is none', (text) => expect(isDay(text)).toBe(false));
});

describe('an address', () => {
  const read = (text: string, limit = 0) => readRange(new URLSearchParams(text), '2026-11-22', 'last7', limit);

  it('that says nothing means the usual', () => {
    expect(read('')).toEqual({ from: '2026-11-16', to: '2026-11-22', preset: 'last7' });
    expect(read('range=nonsense')).toEqual(read(''));
    expect(read('range=today')).toEqual({ from: '2026-11-22', to: '2026-11-22', preset: 'today' });
  });

  it('shows what its sender saw, on another day too', () => {
    expect(read('range=last7&from=2026-11-16&to=2026-11-22').preset).toBe('last7');
    expect(read('range=last7&from=2026-11-09&to=2026-11-15')).toEqual({ from: '2026-11-09', to: '2026-11-15', preset: undefined, was: 'last7' });
    // Dates of one's own have no name that could be brought up to date.
    expect(read('from=2026-11-09&to=2026-11-15')).toEqual({ from: '2026-11-09', to: '2026-11-15', preset: undefined });
  });

  it('with dates that are none, or too many, falls back', () => {
    expect(read('from=2026-11-31&to=2026-12-01')).toEqual(read(''));
    expect(read('from=2026-11-22&to=2026-11-01')).toEqual(read(''));
    expect(read('from=2026-01-01&to=2026-11-01', 90)).toEqual(read(''));
  });
});
