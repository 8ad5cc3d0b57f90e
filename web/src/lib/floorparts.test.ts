import { describe, expect, it, vi } from 'vitest';
import { en } from '../i18n/en';
import { translate } from '../i18n/translate';

vi.mock('./session.svelte', () => ({ session: {} }));
vi.mock('./prefs.svelte', () => ({
  prefs: { language: 'en' },
  t: (key: keyof typeof en, values: Record<string, string | number>) => translate(en, 'en', key, values),
}));
const { judgedOfParts, partStanding, readParts, worstFirst } = await import('./floorparts');

const now = Date.parse('2026-11-21T12:00:00Z');
const parts =
  readParts(
    {
      teams: {
        t1: { name: 'Returns', queue_length: 3, longest_wait: { since: '2026-11-21T11:59:30Z' }, metrics: { reply_rate: { value: 0.99, num: 99, den: 100 } } },
        t2: { name: 'Sales', queue_length: 1, longest_wait: { since: '2026-11-21T11:57:00Z' }, metrics: { reply_rate: { value: 0.9, num: 90, den: 100 }, avg_first_response: { value: 50 } } },
        t3: { name: 'Logistics', queue_length: 9, metrics: { reply_rate: { value: 0.96, num: 96, den: 100 } } },
        t4: { name: 'Wholesale', queue_length: 0, metrics: {} },
      },
    },
    'teams',
  ) ?? [];
const limit = (metric: string, team: string, warning: number, critical: number) => ({ metric, channel: '', team, warning, critical, above: undefined });
const of = (thresholds: ReturnType<typeof limit>[]) => (id: string) => {
  const part = parts.find((one) => one.id === id) as (typeof parts)[number];
  return Object.fromEntries(judgedOfParts.map((metric) => [metric, partStanding(part, 'team', metric, now, { board: undefined, entry: undefined, thresholds }).level]));
};
const order = (thresholds: ReturnType<typeof limit>[]): string[] =>
  worstFirst(parts, (part) => judgedOfParts.map((id) => partStanding(part, 'team', id, now, { board: undefined, entry: undefined, thresholds }))).map((part) => part.id);

describe('teams and channels', () => {
  it('are judged by limits of their own, else by the desk’s, else by the usual ones', () => {
    expect(of([])('t1')).toEqual({ queue_length: 'ok', longest_wait_seconds: 'ok', reply_rate: 'ok', avg_first_response: 'none' });
    expect(of([])('t2')).toEqual({ queue_length: 'ok', longest_wait_seconds: 'crit', reply_rate: 'warn', avg_first_response: 'none' });
    const own = [limit('queue_length', 't1', 1, 2), limit('queue_length', '', 8, 20), limit('avg_first_response', '', 30, 60)];
    expect(of(own)('t1').queue_length).toBe('crit');
    expect(of(own)('t3').queue_length).toBe('warn');
    expect(of(own)('t2').avg_first_response).toBe('warn');
    expect(of(own)('t4')).toEqual({ queue_length: 'ok', longest_wait_seconds: 'none', reply_rate: 'none', avg_first_response: 'none' });
  });

  it('come with the worst first, then by who waits, then by name', () => {
    // Sales: far too long a wait and a missed rate; Logistics: too many; the others are within their limits.
    expect(order([])).toEqual(['t2', 't3', 't1', 't4']);
    expect(order([limit('queue_length', 't1', 1, 2), limit('longest_wait_seconds', '', 500, 900)])).toEqual(['t1', 't3', 't2', 't4']);
  });
});
