import { isObject, type JsonObject } from '../live/json';
import type { Cell } from './answer';
import { objectsOf } from './answered';

/** A profile that reports can be asked under. */
export interface Definition {
  label: string;
  preset: string;
  /** 0 for the preset itself. */
  version: number;
  inForce: boolean;
  settings: JsonObject;
}

/** Reads GET /v1/profiles. */
export function readDefinitions(raw: unknown): Definition[] {
  return objectsOf(raw, 'profiles').map((one) => ({
    label: String(one.label),
    preset: String(one.profile),
    version: typeof one.version === 'number' ? one.version : 0,
    inForce: one.in_force === true,
    settings: isObject(one.settings) ? one.settings : {},
  }));
}

/** What a desk sets itself, and who is asked: no number follows from these. */
const aside = new Set(['market', 'targets', 'benchmarks', 'max_range_days']);

/** The keys in which two profiles define numbers differently. */
export function differing(left: Definition, right: Definition): string[] {
  const keys = new Set([...Object.keys(left.settings), ...Object.keys(right.settings)]);
  return [...keys].filter((key) => !aside.has(key) && JSON.stringify(left.settings[key]) !== JSON.stringify(right.settings[key])).sort();
}

/** Rules that say where days, sessions and conversations begin and end: they bear on every number. */
const shaping = ['timezone', 'message_after_close', 'auto_close_hours'];

/** The rules that bear on a metric by themselves. */
const bearing: Record<string, string[]> = {
  response_rate: ['response_window_hours'],
  service_level: ['service_level_seconds'],
  avg_response: ['response_time', 'first_response_from'],
  avg_first_response: ['first_response_from'],
  first_response_p50: ['first_response_from'],
  first_response_p90: ['first_response_from'],
  negative_ratings: ['neutral_is_negative'],
  customers: ['unique'],
  consulting_customers: ['unique'],
  chatting_customers: ['unique'],
  converted_customers: ['conversion_window_days', 'unique'],
  conversion_rate: ['conversion_window_days', 'unique'],
  orders_after_inquiry: ['conversion_window_days'],
  revenue_after_inquiry: ['conversion_window_days'],
  affected_agents: ['unique'],
  ai_resolved: ['auto_close_hours'],
  ai_resolved_rate: ['auto_close_hours'],
  ai_sales: ['attribution'],
  online_seconds: ['presence_ttl_seconds'],
};

/** Why a number is as it is under both profiles. */
export interface Reason {
  kind: 'rules' | 'byChance' | 'written' | 'alike';
  rules: string[];
}

/** Whether two cells hold the very same number. */
export function same(left: Cell | undefined, right: Cell | undefined): boolean {
  return left?.value === right?.value && left?.num === right?.num && left?.den === right?.den && JSON.stringify(left?.money) === JSON.stringify(right?.money);
}

/** Says which of the rules that differ bear on a metric. */
export function reasonOf(metric: string, ratio: boolean, differ: readonly string[], equal: boolean): Reason {
  const own = (bearing[metric] ?? []).filter((key) => differ.includes(key));
  const shape = shaping.filter((key) => differ.includes(key) && !own.includes(key));
  if (!equal) return { kind: 'rules', rules: own.length ? own : shape };
  if (own.length) return { kind: 'byChance', rules: own };
  return { kind: ratio && differ.includes('percent_decimals') ? 'written' : 'alike', rules: [] };
}
