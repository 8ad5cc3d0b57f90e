import { describe, expect, it } from 'vitest';
import { durationParts, magnitude, moneyTick, written, type Manner } from './value';

const en: Manner = { language: 'en', decimals: 1, timezone: 'UTC' };
const zh: Manner = { language: 'zh-CN', decimals: 0, timezone: 'Asia/Shanghai' };

describe('a written value', () => {
  it.each([
    [0, '0 s', '0秒'],
    [4.44, '4.4 s', '4.4秒'],
    [35.1, '35 s', '35秒'],
    [59.6, '1 min', '1分钟'],
    [221, '3 min 41 s', '3分41秒'],
    [3600, '1 h', '1小时'],
    [7525, '2 h 5 min', '2小时5分钟'],
    [90_000, '25 h', '25小时'],
  ])('of %d seconds is %s and %s', (seconds, english, chinese) => {
    expect(written({ value: seconds }, 'seconds', en)).toBe(english);
    expect(written({ value: seconds }, 'seconds', zh)).toBe(chinese);
  });

  it('has the profile’s decimals, rounded from the whole parts', () => {
    expect(written({ value: 1 / 3, num: 1, den: 3 }, 'ratio', en)).toBe('33.3%');
    expect(written({ value: 1 / 3, num: 1, den: 3 }, 'ratio', zh)).toBe('33%');
    expect(written({ value: 0.125, num: 1, den: 8 }, 'ratio', zh)).toBe('13%');
  });

  it('of money keeps every digit and its currency', () => {
    expect(written({ money: { USD: '12345678901234567.89' } }, 'money', en)).toBe('$12,345,678,901,234,567.89');
    expect(written({ money: { USD: '1.00', CNY: '2.50' } }, 'money', zh)).toBe('US$1.00 + ¥2.50');
    expect(written({ money: {} }, 'money', en)).toBe('0');
  });

  it('that is undefined is a dash, never a zero', () => {
    for (const unit of ['count', 'seconds', 'ratio', 'money', 'time'] as const) expect(written(undefined, unit, en)).toBe('–');
    expect(written({ num: 0, den: 0 }, 'ratio', en)).toBe('–');
    expect(durationParts(undefined, 'en')).toEqual([{ text: '–' }]);
  });

  it('of a moment is in the desk’s zone', () => {
    expect(written({ time: '2026-11-21T01:05:00Z' }, 'time', zh)).toBe('09:05');
  });
});

describe('a magnitude', () => {
  it('is what a value is sorted and drawn by', () => {
    expect(magnitude({ value: 0.3, num: 1, den: 4 }, 'ratio')).toBe(0.25);
    expect(magnitude({ value: 7 }, 'count')).toBe(7);
    expect(magnitude({ money: { USD: '3.50' } }, 'money')).toBe(3.5);
    expect(magnitude({}, 'ratio')).toBeUndefined();
  });
});

describe('an amount on an axis', () => {
  it.each([
    [0, 'USD', 'en', '$0'],
    [2500, 'USD', 'en', '$2,500'],
    [0.25, 'USD', 'en', '$0.25'],
    [40_000, 'CNY', 'zh-CN', '¥4万'],
    [1500, 'POINTS', 'en', '1,500 POINTS'],
  ])('of %d %s in %s is %s', (amount, currency, language, said) => {
    expect(moneyTick(amount, currency, language)).toBe(said);
  });

  it('below nothing has a minus and no hyphen', () => {
    expect(written({ money: { USD: '-29.82' } }, 'money', en)).toBe('−$29.82');
    expect(moneyTick(-20, 'USD', 'en')).toBe('−$20');
  });
});
