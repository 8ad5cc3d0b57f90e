import { isObject } from '../live/json';
import { answered, objectsOf, partOf } from './answered';

/** The metric catalogue, as GET /v1/catalog tells it: the one source of names and definitions. */
export interface Entry {
  id: string;
  name: { en: string; zh: string };
  formula: { en: string; zh: string };
  unit: 'count' | 'seconds' | 'ratio' | 'money' | 'time';
  better: 'up' | 'down' | 'none';
  /** A gauge: what is true now; it has no range. */
  live: boolean;
  perAgent: boolean;
  dimensions: string[];
  /** The rows of the feature list that it serves. */
  serves: string;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const both = (raw: unknown): { en: string; zh: string } => (isObject(raw) ? { en: text(raw.en), zh: text(raw.zh) } : { en: '', zh: '' });
const units = ['count', 'seconds', 'ratio', 'money', 'time'];

/** Reads the catalogue; what is no metric is left out. */
export function readCatalogue(raw: unknown): Map<string, Entry> {
  const out = new Map<string, Entry>();
  for (const one of objectsOf(raw, 'metrics')) {
    if (!text(one.id)) continue;
    out.set(text(one.id), {
      id: text(one.id),
      name: both(one.name),
      formula: both(one.formula),
      unit: units.includes(text(one.unit)) ? (text(one.unit) as Entry['unit']) : 'count',
      better: one.better === 'up' || one.better === 'down' ? one.better : 'none',
      live: one.live === true,
      perAgent: one.per_agent === true,
      dimensions: Array.isArray(one.dimensions) ? one.dimensions.map(text).filter(Boolean) : [],
      serves: text(one.serves),
    });
  }
  return out;
}

/** What the profile says that a screen has to know. */
export interface Settings {
  /** The profile with its version: tiktok_shop@1. */
  label: string;
  /** The preset: tiktok_shop, wecom, klaviyo, inbox. */
  profile: string;
  timezone: string | undefined;
  decimals: number;
  /** The longest range that may be asked for, in days; 0 for any. */
  maxRangeDays: number;
  responseWindowHours: number;
  conversionWindowDays: number;
  serviceLevelSeconds: number;
  responseTime: 'first' | 'first_plus_turns';
  unique: 'range' | 'sum_daily';
  neutralIsNegative: boolean;
  market: string;
  /** A metric's value to reach, as a share of one or in its unit. */
  targets: Record<string, number>;
  /** How the best of the industry do: the top so many percent reach this value. */
  benchmarks: Record<string, { topPercent: number; value: number }>;
}

const number = (raw: unknown, or: number): number => (typeof raw === 'number' && Number.isFinite(raw) ? raw : or);

/** What holds until the desk has said what it set. */
export const usualSettings = (): Settings => readSettings({ settings: {} });

/** Reads GET /v1/tenant; what is missing has the default of the specification. */
export function readSettings(raw: unknown): Settings {
  const top = answered(raw);
  const one = partOf(top, 'settings');
  const targets: Settings['targets'] = {};
  for (const [id, value] of Object.entries(isObject(one.targets) ? one.targets : {})) if (typeof value === 'number') targets[id] = value;
  const benchmarks: Settings['benchmarks'] = {};
  for (const [id, mark] of Object.entries(isObject(one.benchmarks) ? one.benchmarks : {})) {
    if (isObject(mark) && typeof mark.value === 'number' && typeof mark.top_percent === 'number') {
      benchmarks[id] = { topPercent: mark.top_percent, value: mark.value };
    }
  }
  return {
    label: text(top.label),
    profile: text(top.profile),
    timezone: text(one.timezone) || undefined,
    decimals: Math.min(6, Math.max(0, Math.trunc(number(one.percent_decimals, 1)))),
    maxRangeDays: Math.max(0, number(one.max_range_days, 0)),
    responseWindowHours: number(one.response_window_hours, 24),
    conversionWindowDays: number(one.conversion_window_days, 7),
    serviceLevelSeconds: number(one.service_level_seconds, 60),
    responseTime: one.response_time === 'first' ? 'first' : 'first_plus_turns',
    unique: one.unique === 'sum_daily' ? 'sum_daily' : 'range',
    neutralIsNegative: one.neutral_is_negative !== false,
    market: text(one.market),
    targets,
    benchmarks,
  };
}
