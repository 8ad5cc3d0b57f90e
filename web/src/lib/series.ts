/** One point of a line; without a value where the number was undefined. */
export interface Point {
  at: number;
  value: number | undefined;
}

export const minute = 60_000;

/** How far the points of a live line are apart, in milliseconds. */
export const step = 15_000;

/**
 * A line that is kept up from a live number: one point a step, the newest one
 * moving along with the number, and `keep` minutes long. Immutable, so that
 * drawing knows what changed.
 */
export function follow(points: readonly Point[], at: number, value: number | undefined, keep: number): Point[] {
  const last = points.at(-1);
  const floor = at - keep * minute;
  if (last && Math.floor(last.at / step) === Math.floor(at / step)) return [...points.slice(0, -1), { at, value }];
  return [...points.filter((point) => point.at >= floor), { at, value }];
}

/** Joins what the server remembers with what was seen since; the live points win where they overlap. */
export function join(past: readonly Point[], live: readonly Point[]): Point[] {
  const first = live[0]?.at ?? Infinity;
  return [...past.filter((point) => point.at < first - step), ...live];
}

/** The value nearest to a moment, at most a minute and a half away from it. */
export function valueAt(points: readonly Point[], at: number): number | undefined {
  let best: Point | undefined;
  for (const point of points) {
    if (point.value === undefined || Math.abs(point.at - at) > 1.5 * minute) continue;
    if (!best || Math.abs(point.at - at) < Math.abs(best.at - at)) best = point;
  }
  return best?.value;
}

/** A line and the area below it, as SVG path data in a box of the given size. */
export interface Path {
  line: string;
  area: string;
}

/**
 * Draws points into a box, from `from` to `to` in time. The lowest value stands
 * on the floor of the box, and a line that never moves in its lower third; a
 * gap where the number was undefined stays a gap.
 */
export function draw(points: readonly Point[], from: number, to: number, width: number, height: number): Path {
  const seen = points.filter((point) => point.at >= from - minute && point.at <= to);
  const values = seen.flatMap((point) => (point.value === undefined ? [] : [point.value]));
  if (values.length < 2) return { line: '', area: '' };
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = height * 0.86;
  const x = (at: number): string => round(((at - from) / (to - from)) * width);
  const y = (value: number): string =>
    round(high === low ? height * 0.72 : height * 0.95 - ((value - low) / (high - low)) * room);

  const runs: Point[][] = [];
  let open = false;
  for (const point of seen) {
    if (point.value === undefined) open = false;
    else if (open) (runs.at(-1) as Point[]).push(point);
    else {
      runs.push([point]);
      open = true;
    }
  }
  let line = '';
  let area = '';
  for (const run of runs) {
    const first = run[0] as Point;
    const last = run.at(-1) as Point;
    const steps = run.map((point) => `${x(point.at)} ${y(point.value as number)}`).join('L');
    line += `M${steps}`;
    area += `M${x(first.at)} ${round(height)}L${steps}L${x(last.at)} ${round(height)}Z`;
  }
  return { line, area };
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
