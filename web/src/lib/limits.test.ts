import { describe, expect, it, vi } from 'vitest';

vi.mock('./prefs.svelte', () => ({}));
vi.mock('./session.svelte', () => ({ session: {} }));
const { judge, readThresholds, thresholdFor } = await import('./limits.svelte');

const one = (metric: string, warning: number, critical: number, more: object = {}) => ({ metric, channel: '', team: '', warning, critical, above: undefined, ...more });

describe('thresholdFor', () => {
  const list = [one('queue_length', 1, 2), one('queue_length', 3, 4, { team: 't1' }), one('queue_length', 5, 6, { channel: 'c1' }), one('queue_length', 7, 8, { channel: 'c1', team: 't1' })];

  it('takes the most precise one', () => {
    const at = (channel: string[], team: string[]) => thresholdFor(list, 'queue_length', { channel, team }, undefined)?.warning;
    expect(at([], [])).toBe(1);
    expect(at([], ['t1'])).toBe(3);
    expect(at(['c1'], ['t2'])).toBe(5);
    expect(at(['c1'], ['t1'])).toBe(7);
    expect(at(['c1', 'c2'], [])).toBe(1);
  });

  it('falls back on the profile’s target, then on the usual limit, then on none', () => {
    expect(thresholdFor([], 'reply_rate', {}, 0.9)).toMatchObject({ warning: 0.9, above: false });
    expect(thresholdFor([], 'queue_length', {}, undefined)).toMatchObject({ warning: 5, critical: 10 });
    expect(thresholdFor([], 'sessions', {}, undefined)).toBeUndefined();
  });
});

describe('judge', () => {
  it('has a limit passed only beyond it, on the side that is worse', () => {
    expect(judge(5, one('queue_length', 5, 10), 'down').level).toBe('ok');
    expect(judge(6, one('queue_length', 5, 10), 'down')).toMatchObject({ level: 'warn', passed: 5 });
    expect(judge(11, one('queue_length', 5, 10), 'down')).toMatchObject({ level: 'crit', passed: 10 });
    expect(judge(0.95, one('reply_rate', 0.95, 0.85), 'up').level).toBe('ok');
    expect(judge(0.9, one('reply_rate', 0.95, 0.85), 'up').level).toBe('warn');
    expect(judge(0.8, one('reply_rate', 0.95, 0.85, { above: false }), 'none').level).toBe('crit');
    expect(judge(undefined, one('reply_rate', 0.95, 0.85), 'up').level).toBe('none');
  });
});

describe('readThresholds', () => {
  it('leaves out what is none', () => {
    expect(readThresholds({ version: 3, thresholds: [{ metric: 'chats', warning: 2, above: true }, {}, 'x'] })).toEqual({
      version: 3,
      list: [{ metric: 'chats', channel: '', team: '', warning: 2, critical: undefined, above: true }],
    });
    expect(readThresholds(null)).toEqual({ version: 0, list: [] });
  });
});
