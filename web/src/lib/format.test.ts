import { describe, expect, it } from 'vitest';
import { clock, count, day, duration, percent, readMetric, since, span, undefinedSign, worked } from './format';

describe('percent', () => {
  it('rounds half up, to the decimals of the profile', () => {
    expect(percent({ value: 1 / 3, num: 1, den: 3 }, 0)).toBe('33');
    expect(percent({ value: 402 / 417, num: 402, den: 417 }, 1)).toBe('96.4');
    expect(percent({ value: 0.005, num: 1, den: 200 }, 0)).toBe('1');
    expect(percent({ value: 0.125, num: 1, den: 8 }, 0)).toBe('13');
  });

  it('rounds from the whole parts, not from the double', () => {
    // 1.005 % is a little less than that as a double, and would become 1.00.
    expect(percent({ value: 201 / 20000, num: 201, den: 20000 }, 2)).toBe('1.01');
    expect(percent({ value: 0.3335, num: 667, den: 2000 }, 1)).toBe('33.4');
  });

  it('is undefined without a denominator, never zero', () => {
    expect(percent({ num: 0, den: 0 }, 1)).toBe(undefinedSign);
    expect(percent({}, 1)).toBe(undefinedSign);
    expect(percent({ value: 0, num: 0, den: 5 }, 1)).toBe('0.0');
  });

  it('says 100 only for what is not less', () => {
    expect(percent({ value: 1, num: 7, den: 7 }, 1)).toBe('100.0');
    expect(percent({ value: 0.9994, num: 9994, den: 10000 }, 1)).toBe('99.9');
  });
});

describe('duration', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [221, '3:41'],
    [3599, '59:59'],
    [3600, '1 h 00', '1小时00分'],
    [7500, '2 h 05', '2小时05分'],
    [2_011_500, '558 h 45', '558小时45分'],
    [-3, '0:00'],
    [undefined, undefinedSign],
  ])('%s s is %s', (seconds, text, chinese = text) => {
    expect(duration(seconds, 'en').text).toBe(text);
    expect(duration(seconds, 'zh-CN').text).toBe(chinese);
  });

  it('gives figures and units apart', () => {
    expect(duration(7500, 'en').parts).toEqual({ hours: '2', hour: 'h', minutes: '05', minute: '' });
    expect(duration(7500, 'zh-CN').parts).toEqual({ hours: '2', hour: '小时', minutes: '05', minute: '分' });
    expect(duration(75, 'zh-CN').parts).toBeUndefined();
  });
});

describe('times that go on', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it('count from a moment on', () => {
    expect(since('2026-11-21T11:58:00Z', now)).toBe(120);
    expect(since('2026-11-21T12:00:01Z', now)).toBe(0);
    expect(since(undefined, now)).toBeUndefined();
    expect(since('soon', now)).toBeUndefined();
  });
  it('are written in hours', () => expect(worked(7 * 3600 + 5 * 60 + 9.8)).toBe('7:05:09'));
});

describe('readMetric', () => {
  it('reads every shape that a state has', () => {
    expect(readMetric({ value: 3 })).toEqual({ value: 3 });
    expect(readMetric({ num: 0, den: 0 })).toEqual({ num: 0, den: 0 });
    expect(readMetric({})).toEqual({});
    expect(readMetric({ since: 't', conversation: 'c9' })).toEqual({ since: 't', conversation: 'c9' });
    expect(readMetric({ value: { USD: '22.00' } })).toEqual({ money: { USD: '22.00' } });
    expect(readMetric({ value: 'x' })).toEqual({});
    expect(readMetric(undefined)).toEqual({});
  });
});

describe('places and times', () => {
  it('writes the tenant’s time, whatever the machine’s zone', () => {
    expect(clock('2026-11-21T16:30:05Z', 'Asia/Shanghai', true)).toBe('00:30:05');
    expect(clock('2026-11-21T16:30:05Z', 'Europe/Berlin')).toBe('17:30');
    expect(clock(undefined, 'UTC')).toBe(undefinedSign);
  });
  it('takes a zone that the browser does not know', () => expect(clock('2026-11-21T16:30:05Z', 'Mars/Olympus')).toMatch(/^\d\d:\d\d$/));
  it('writes days and numbers in the language', () => {
    expect(day('2026-11-21', 'en')).toContain('Nov');
    expect(day('2026-11-21', 'zh-CN')).toContain('周六');
    expect(day('', 'en')).toBe('');
    expect(count(12345, 'en')).toBe('12,345');
    expect(count(undefined, 'en')).toBe(undefinedSign);
  });
});

describe('the days of a range', () => {
  it('are written as each language writes them', () => {
    expect(span({ from: '2026-11-16', to: '2026-11-22' }, 'en')).toMatch(/^Nov 16\s–\s22, 2026$/);
    expect(span({ from: '2026-11-16', to: '2026-11-22' }, 'zh-CN')).toBe('2026年11月16日–22日');
    expect(span({ from: '2026-10-30', to: '2026-11-05' }, 'zh-CN')).toBe('2026年10月30日–11月5日');
    expect(span({ from: '2025-12-29', to: '2026-01-04' }, 'zh-CN')).toBe('2025年12月29日–2026年1月4日');
    expect(span({ from: '2026-11-22', to: '2026-11-22' }, 'zh-CN')).toBe('2026年11月22日');
    expect(span({ from: '', to: '2026-11-22' }, 'zh-CN')).toBe('');
  });
});
