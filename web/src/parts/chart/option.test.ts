import { describe, expect, it } from 'vitest';
import { option, shapeOf } from './option';

describe('a series', () => {
  it('has a mark that no neighbour has', () => {
    const marks = [0, 1, 2, 3, 4, 5].map((place) => shapeOf('line', place));
    expect(new Set(marks).size).toBe(6);
    expect(shapeOf('bar', 3)).toBe('bar');
  });
});

describe('lying bars', () => {
  const paint = { colours: [], text: '', muted: '', line: '', panel: '', edge: '', font: '' };
  const right = (text: string): number => {
    const drawn = option({ kind: 'bar', labels: ['a'], series: [{ id: 'x', name: 'x', values: [1] }], text: () => text, lying: true }, paint, ['a'], 300);
    return (drawn.grid as { right: number }).right;
  };

  it('leave room for the longest number beside them', () => {
    expect(right('5')).toBeLessThan(right('100.0%'));
    expect(right('12 min 23 s')).toBeGreaterThanOrEqual(90);
    expect(right('12分23秒')).toBeGreaterThanOrEqual(60);
  });
});
