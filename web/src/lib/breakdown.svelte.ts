import type { Answer, Cell, Row } from './answer';
import { daysOf, hourOf, type Range } from './days';
import { desk, type Kind } from './desk.svelte';
import { day, shortDay } from './format';
import { has, prefs, t } from './prefs.svelte';
import { query } from './query.svelte';

/** What a report can be broken down by. */
export type Dimension =
  | 'day' | 'hour' | 'channel' | 'team' | 'agent' | 'intent' | 'handling' | 'tag' | 'ai_status' | 'reason' | 'category' | 'tool' | 'flow' | 'rule';

const kinds: Partial<Record<Dimension, Kind>> = { channel: 'channel', team: 'team', agent: 'agent', flow: 'flow' };
/** The texts that name a dimension's values; what was spent has categories of its own. */
const words: Partial<Record<Dimension, (id: string, metric: string) => string>> = {
  intent: (id) => `intent.${id}`,
  handling: (id) => `handling.${id}`,
  ai_status: (id) => `aiStatus.${id}`,
  category: (id, metric) => (metric === 'credits_used' ? `template.${id}` : `category.${id}`),
  tool: (id) => `tool.${id}`,
};

/** A dimension's value in the visitor's words: a name, a word of ours, or itself. */
export function valueName(by: Dimension, id: string, metric = ''): string {
  if (id === '') return t('value.none');
  if (by === 'day') return day(id, prefs.language);
  const kind = kinds[by];
  if (kind) return desk.nameOf(kind, id);
  const key = words[by]?.(id, metric);
  if (key && has(key)) return t(key);
  // Reasons and tags are words of the platform: wrong_item.
  return by === 'reason' || by === 'tag' || by === 'category' || by === 'tool' ? id.replaceAll('_', ' ') : id;
}

/** Points along an axis of days or hours, each with the row that is about it. */
export interface Axis {
  labels: string[];
  full: string[];
  keys: string[];
  rows: (Row | undefined)[];
}

/** Every day of a range, those without a row too. Today is not over, and says so. */
export function days(answer: Answer | undefined, range: Range): Axis {
  const keys = daysOf(range);
  const byKey = new Map(answer?.rows.map((row) => [row.of.day, row]));
  const months = keys.length > 14;
  return {
    keys,
    labels: keys.map((key) => (key === query.today ? t('axis.today') : shortDay(key, prefs.language, months))),
    full: keys.map((key) => (key === query.today ? t('axis.soFar', { day: day(key, prefs.language) }) : day(key, prefs.language))),
    rows: keys.map((key) => byKey.get(key)),
  };
}

/** The 24 hours of a clock. */
export function hours(answer: Answer | undefined): Axis {
  const byHour = new Map(answer?.rows.map((row) => [hourOf(row.of.hour ?? ''), row]));
  const keys = Array.from({ length: 24 }, (_, hour) => String(hour));
  return {
    keys,
    labels: keys.map((hour) => `${hour.padStart(2, '0')}:00`),
    full: keys.map((hour) => `${hour.padStart(2, '0')}:00 – ${hour.padStart(2, '0')}:59`),
    rows: keys.map((hour) => byHour.get(Number(hour))),
  };
}

/** A metric of a row; absent where the row is. */
export const cellOf = (row: Row | undefined, id: string): Cell | undefined => row?.cells[id];
