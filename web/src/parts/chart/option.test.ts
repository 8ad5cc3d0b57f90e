import { describe, expect, it } from 'vitest';
import { shapeOf } from './option';

describe('a series', () => {
  it('has a mark that no neighbour has', () => {
    const marks = [0, 1, 2, 3, 4, 5].map((place) => shapeOf('line', place));
    expect(new Set(marks).size).toBe(6);
    expect(shapeOf('bar', 3)).toBe('bar');
  });
});
