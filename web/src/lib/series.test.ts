import { describe, expect, it } from 'vitest';
import { readSeries, seriesAddress } from './readseries';
import { draw, follow, join, minute, step, valueAt, type Point } from './series';

const start = Date.parse('2026-11-21T12:00:00Z');

describe('a line that follows a number', () => {
  it('has one point a step, and forgets what is too old', () => {
    let points: Point[] = [];
    for (let at = start; at < start + 90 * minute; at += 5_000) points = follow(points, at, (at - start) / 1000, 60);
    expect(points.length).toBeGreaterThan((60 * minute) / step - 2);
    expect(points.length).toBeLessThan((60 * minute) / step + 3);
    expect(points.at(-1)?.value).toBe(90 * 60 - 5);
    expect((points[0] as Point).at).toBeGreaterThanOrEqual(start + 29 * minute);
  });

  it('goes on from what the server remembers', () => {
    const past = [0, 1, 2, 3].map((i) => ({ at: start + i * minute, value: i }));
    const live = [{ at: start + 2.5 * minute, value: 9 }];
    expect(join(past, live).map((point) => point.value)).toEqual([0, 1, 2, 9]);
    expect(join(past, [])).toEqual(past);
  });

  it('knows what it was an hour ago, or that it does not', () => {
    const points = [{ at: start, value: 4 }, { at: start + minute, value: undefined }, { at: start + 60 * minute, value: 7 }];
    expect(valueAt(points, start + 20_000)).toBe(4);
    expect(valueAt(points, start + 5 * minute)).toBeUndefined();
  });
});

describe('draw', () => {
  it('spans the box, from floor to top', () => {
    const points = [{ at: start, value: 0 }, { at: start + 15 * minute, value: 5 }, { at: start + 30 * minute, value: 10 }];
    const { line, area } = draw(points, start, start + 30 * minute, 600, 100);
    expect(line).toBe('M0 95L300 52L600 9');
    expect(area).toBe('M0 100L0 95L300 52L600 9L600 100Z');
  });

  it('leaves a gap where there was no number', () => {
    const values = [1, 2, undefined, 3, 4];
    const points = values.map((value, i) => ({ at: start + i * minute, value }));
    expect(draw(points, start, start + 4 * minute, 100, 100).line.match(/M/g)).toHaveLength(2);
  });

  it('draws nothing from less than two points, and a level line from equal ones', () => {
    expect(draw([{ at: start, value: 1 }], start, start + minute, 10, 10)).toEqual({ line: '', area: '' });
    expect(draw([{ at: start, value: 3 }, { at: start + minute, value: 3 }], start, start + minute, 10, 10).line).toBe('M0 7.2L10 7.2');
  });
});

describe('the server’s minutes', () => {
  it('are asked for with the filter', () => {
    expect(seriesAddress('wallboard', ['a', 'b'], { team: ['t1'], channel: [] }, 30)).toBe('/v1/live/wallboard/series?metric=a%2Cb&minutes=30&team=t1');
  });

  it('are read by metric, with gaps', () => {
    const read = readSeries(
      { times: ['2026-11-21T12:00:00.000Z', '2026-11-21T12:01:00.000Z'], series: { q: [1, null] } },
      ['q', 'missing'],
    );
    expect(read.q).toEqual([{ at: start, value: 1 }, { at: start + minute, value: undefined }]);
    expect(read.missing).toEqual([]);
  });

  it('are nothing if the answer is something else', () => {
    expect(readSeries(undefined, ['q'])).toEqual({ q: [] });
    expect(readSeries({ times: ['x'], series: { q: [1] } }, ['q'])).toEqual({ q: [] });
  });
});
