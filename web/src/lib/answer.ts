import { isObject } from '../live/json';
import { answered } from './answered';
import { readMetric, type Metric } from './format';

/** A metric's value in a report, beside that of the range before where it was asked for. */
export interface Cell extends Metric {
  previous?: Metric;
}

/** A row of an answer: a value of each dimension that was asked for, and of each metric. */
export interface Row {
  /** By dimension: day, hour, intent … */
  of: Record<string, string>;
  cells: Record<string, Cell>;
}

/** What GET /v1/metrics says. */
export interface Answer {
  from: string;
  to: string;
  timezone: string | undefined;
  profile: string;
  unique: string;
  at: string;
  seq: number;
  rows: Row[];
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

export function readCell(raw: unknown): Cell {
  const cell: Cell = readMetric(isObject(raw) ? raw : undefined);
  if (isObject(raw) && isObject(raw.previous)) cell.previous = readMetric(raw.previous);
  return cell;
}

export function readCells(raw: unknown): Record<string, Cell> {
  return Object.fromEntries(Object.entries(isObject(raw) ? raw : {}).map(([id, one]) => [id, readCell(one)]));
}

export function readAnswer(raw: unknown): Answer {
  const one = answered(raw, 'rows');
  const rows = Array.isArray(one.rows) ? one.rows : [];
  return {
    from: text(one.from),
    to: text(one.to),
    timezone: text(one.timezone) || undefined,
    profile: text(one.profile),
    unique: text(one.unique),
    at: text(one.at),
    seq: typeof one.as_of_seq === 'number' ? one.as_of_seq : 0,
    rows: rows.filter(isObject).map((row) => {
      const of: Record<string, string> = {};
      for (const [name, value] of Object.entries(row)) {
        if (typeof value === 'string' || typeof value === 'number') of[name] = String(value);
      }
      return { of, cells: readCells(row.values) };
    }),
  };
}

/** The values of an answer that has no dimension: its only row. */
export function totals(answer: Answer | undefined): Record<string, Cell> {
  return answer?.rows[0]?.cells ?? {};
}

/** Whether none of these metrics counted anything, in the range or in the one before. */
export function nothing(cells: Record<string, Cell>, ids: readonly string[]): boolean {
  const none = ({ value, money }: Metric): boolean => !value && Object.values(money ?? {}).every((amount) => !Number(amount));
  return ids.every((id) => none(cells[id] ?? {}) && none(cells[id]?.previous ?? {}));
}
