import { describe, expect, it } from 'vitest';
import { nothing, readAnswer, totals } from './answer';
import { readCatalogue, readSettings } from './catalogue';
import { hourOf } from './days';
import { readExplanation } from './explanation';
import { readPerformance } from './performance';

describe('an answer of the reports', () => {
  const raw = {
    from: '2026-11-01', to: '2026-11-07', timezone: 'Asia/Shanghai', profile: 'wecom@3', unique: 'sum_daily', at: '2026-11-07T10:00:00Z', as_of_seq: 998901,
    rows: [{ day: '2026-11-01', intent: 'logistics', values: { reply_rate: { value: 0.94, num: 47, den: 50, previous: { value: null, num: 0, den: 0 } }, revenue: { value: { USD: '22.00' } } } }],
  };

  it('is read as the contract shows it', () => {
    const answer = readAnswer(raw);
    expect(answer).toMatchObject({ from: '2026-11-01', profile: 'wecom@3', seq: 998901 });
    expect(answer.rows[0]).toEqual({
      of: { day: '2026-11-01', intent: 'logistics' },
      cells: { reply_rate: { value: 0.94, num: 47, den: 50, previous: { num: 0, den: 0 } }, revenue: { money: { USD: '22.00' } } },
    });
  });

  it('that is none is empty', () => {
    expect(readAnswer({ rows: null }).rows).toEqual([]);
    expect(readAnswer({ rows: [null, 3, {}] }).rows).toEqual([{ of: {}, cells: {} }]);
    expect(totals(undefined)).toEqual({});
  });
});

describe('nothing', () => {
  it.each([
    [{}, true],
    [{ flows: { value: 0 }, runs: { value: 0, previous: { value: 0 } } }, true],
    [{ flows: { value: 0 }, runs: { value: 0, previous: { value: 2 } } }, false],
    [{ flows: { value: 1 } }, false],
    [{ flows: { money: { USD: '0.00' } } }, true],
    [{ flows: { money: { USD: '0.10' } } }, false],
    [{ others: { value: 1 } }, true],
  ])('%j is nothing: %s', (cells, is) => expect(nothing(cells, ['flows', 'runs'])).toBe(is));
});

describe('the catalogue', () => {
  it('keeps what is known and leaves out what is none', () => {
    const all = readCatalogue({ metrics: [{ id: 'chats', name: { en: 'Chats', zh: '会话' }, formula: { en: 'x' }, unit: 'count', better: 'sideways', live: false, dimensions: ['day', 3] }, { name: {} }, null] });
    expect([...all.keys()]).toEqual(['chats']);
    expect(all.get('chats')).toMatchObject({ better: 'none', dimensions: ['day'], formula: { en: 'x', zh: '' } });
    expect(() => readCatalogue('nonsense')).toThrow();
  });
});

describe('the profile', () => {
  it('has the specification’s defaults where it says nothing', () => {
    expect(readSettings({ settings: {} })).toMatchObject({ decimals: 1, maxRangeDays: 0, responseWindowHours: 24, neutralIsNegative: true, unique: 'range' });
  });

  it('brings its own targets and benchmarks', () => {
    const settings = readSettings({ label: 'wecom@3', settings: { percent_decimals: 0, max_range_days: 90, targets: { reply_rate: 0.95, odd: 'x' }, benchmarks: { response_rate: { top_percent: 10, value: 0.98 }, bad: {} } } });
    expect(settings).toMatchObject({ label: 'wecom@3', decimals: 0, maxRangeDays: 90, targets: { reply_rate: 0.95 }, benchmarks: { response_rate: { topPercent: 10, value: 0.98 } } });
    expect(settings.benchmarks.bad).toBeUndefined();
  });
});

describe('the table of agents', () => {
  it('has rows, the average of the agents and the whole', () => {
    const table = readPerformance({
      as_of_seq: 5, team_average: { agents: 2, values: { handled_chats: { value: 3.5 } } }, weighted: { values: { satisfaction_rate: { value: 0.5, num: 1, den: 2 } } },
      rows: [{ agent: 'a1', name: 'Wang', status: 'paused', teams: ['t1'], pending_replies: 2, values: { handled_chats: { value: 4 } } }, { agent: 'a2' }],
    });
    expect(table).toMatchObject({ agents: 2, average: { handled_chats: { value: 3.5 } }, weighted: { satisfaction_rate: { num: 1 } } });
    expect(table.rows.map((row) => [row.name, row.status, row.pending])).toEqual([['Wang', 'paused', 2], ['a2', 'offline', undefined]]);
  });
});

describe('an explanation', () => {
  it('names conversations and the events that count', () => {
    const told = readExplanation({
      value: { value: 0.5, num: 2, den: 4 }, count: 2, as_of_seq: 9, profile: 'wecom@1', next: 'c',
      items: [
        { conversation: 'c9', session: 1, day: '2026-11-21', n: 1, events: [{ seq: 4, id: 'e', type: 'message.sent', at: 't' }] },
        { customer: 'u1', conversations: ['c1', 'c2'], amounts: { USD: '2.50' } },
      ],
    });
    expect(told).toMatchObject({ value: { num: 2, den: 4 }, count: 2, next: 'c', seq: 9 });
    expect(told.items[0]).toMatchObject({ conversation: 'c9', agent: '', n: { value: 1 }, events: [{ seq: 4, at: 't' }] });
    expect(told.items[1]).toMatchObject({ customer: 'u1', conversations: ['c1', 'c2'], n: { money: { USD: '2.50' } } });
    expect(readExplanation({ items: null })).toMatchObject({ items: [], next: '', count: 0 });
  });
});

describe('an hour', () => {
  it.each([['00', 0], ['14', 14], ['14:00', 14], ['2026-11-21T23', 23], ['24', undefined], ['noon', undefined], ['', undefined]])('%s is %s', (text, hour) => expect(hourOf(text)).toBe(hour));
});
