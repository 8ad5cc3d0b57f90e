import { describe, expect, it } from 'vitest';
import { durationParts } from '../../lib/value';
import { shareEnd, timeScale } from './scale';

describe('a scale of shares', () => {
  it('ends at the whole where a share is large', () => {
    expect(shareEnd([0.97, undefined, 0.5])).toBe(1);
    expect(shareEnd([0.36])).toBe(1);
  });

  it('is no longer than small shares need, so that their line can be read', () => {
    expect(shareEnd([0.14, 0.09])).toBe(0.2);
    expect(shareEnd([0.02, undefined])).toBe(0.04);
    expect(shareEnd([0.01])).toBe(0.02);
    expect(shareEnd([0.14, 0.3])).toBe(0.4);
  });

  it('leaves room above the highest, and is there where nothing is', () => {
    for (let share = 0; share <= 1; share += 0.01) expect(shareEnd([share])).toBeGreaterThanOrEqual(share);
    expect(shareEnd([undefined])).toBe(1);
  });
});

describe('a scale of seconds', () => {
  it('has its lines where people read time', () => {
    expect(timeScale([143, undefined])).toEqual({ end: 150, step: 30 });
    expect(timeScale([240, 12])).toEqual({ end: 240, step: 60 });
    expect(timeScale([1000])).toEqual({ end: 1200, step: 300 });
    expect(timeScale([8])).toEqual({ end: 8, step: 2 });
    expect(timeScale([0.3]).step).toBe(0.1);
    expect(timeScale([5 * 3600]).step).toBe(3600);
    expect(timeScale([9 * 86_400])).toEqual({ end: 10 * 86_400, step: 2 * 86_400 });
    expect(timeScale([undefined, 0])).toEqual({ end: 60, step: 15 });
  });

  it('holds whatever comes, in at most five steps, each written in two parts at most', () => {
    for (let value = 0.05; value < 40 * 86_400; value *= 1.31) {
      const { end, step } = timeScale([value]);
      expect(end).toBeGreaterThanOrEqual(value);
      expect(end - value).toBeLessThan(step);
      expect(Math.round(end / step)).toBeLessThanOrEqual(5);
      // What is between hours, minutes and seconds is written whole: no line at 16 min 40 s.
      for (let line = step; line <= end; line += step) {
        const [, rest] = durationParts(line, 'en');
        if (rest) expect(Number(rest.text) % 15, `${line} s`).toBe(0);
      }
    }
  });
});
