import { describe, expect, it } from 'vitest';
import { shapeOf, shareEnd } from './option';

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

describe('a series', () => {
  it('has a mark that no neighbour has', () => {
    const marks = [0, 1, 2, 3, 4, 5].map((place) => shapeOf('line', place));
    expect(new Set(marks).size).toBe(6);
    expect(shapeOf('bar', 3)).toBe('bar');
  });
});
