import { isObject, type Json, type JsonObject } from '../live/json';
import { answered, objectsOf, partOf } from './answered';

/** A key of the profile that a form can hold. */
export type SettingKey =
  | 'timezone'
  | 'market'
  | 'response_window_hours'
  | 'service_level_seconds'
  | 'response_time'
  | 'first_response_from'
  | 'neutral_is_negative'
  | 'unique'
  | 'percent_decimals'
  | 'conversion_window_days'
  | 'auto_close_hours'
  | 'active_grace_hours'
  | 'presence_ttl_seconds'
  | 'message_after_close'
  | 'max_range_days';

export type Value = string | number | boolean;

interface Setting {
  key: SettingKey;
  kind: 'text' | 'number' | 'choice' | 'yes' | 'zone';
  choices?: readonly string[];
  most?: number;
  /** Whether 0 means that there is none. */
  none?: boolean;
}

/** The keys in the order in which they are shown, with what they hold. */
export const settings: readonly Setting[] = [
  { key: 'timezone', kind: 'zone' },
  { key: 'market', kind: 'choice', choices: ['', 'us', 'sea', 'gb', 'eu', 'cn'] },
  { key: 'response_window_hours', kind: 'number', most: 720 },
  { key: 'service_level_seconds', kind: 'number', most: 86_400 },
  { key: 'response_time', kind: 'choice', choices: ['first_plus_turns', 'first'] },
  { key: 'first_response_from', kind: 'choice', choices: ['human', 'customer'] },
  { key: 'neutral_is_negative', kind: 'yes' },
  { key: 'unique', kind: 'choice', choices: ['range', 'sum_daily'] },
  { key: 'percent_decimals', kind: 'number', most: 6 },
  { key: 'conversion_window_days', kind: 'number', most: 365 },
  { key: 'auto_close_hours', kind: 'number', most: 8760, none: true },
  { key: 'active_grace_hours', kind: 'number', most: 8760, none: true },
  { key: 'presence_ttl_seconds', kind: 'number', most: 86_400, none: true },
  { key: 'message_after_close', kind: 'choice', choices: ['reopen', 'new_session'] },
  { key: 'max_range_days', kind: 'number', most: 3660, none: true },
];

export type Values = Record<SettingKey, Value>;

/** What each preset says, by its name, and by `name market` where a market changes that. */
export type Presets = ReadonlyMap<string, Values>;

/** What stands where the server names nothing. */
const blank = Object.fromEntries(
  settings.map(({ key, kind, choices }): [SettingKey, Value] => [key, kind === 'number' ? 0 : kind === 'yes' ? false : (choices?.[0] ?? '')]),
) as Values;

function readValues(raw: Json | undefined, market = ''): Values {
  const values: Values = { ...blank, market };
  const given = isObject(raw) ? raw : {};
  for (const { key } of settings) {
    const value = given[key];
    if (typeof value === typeof values[key]) values[key] = value as Value;
  }
  return values;
}

/** Reads the presets of GET /v1/profiles. */
export function readPresets(raw: unknown): Presets {
  const out = new Map<string, Values>();
  for (const one of objectsOf(raw, 'presets')) {
    const name = text(one.profile);
    out.set(name, readValues(one.settings));
    for (const [market, there] of Object.entries(isObject(one.markets) ? one.markets : {})) out.set(`${name} ${market}`, readValues(there));
  }
  return out;
}

/** The names of the presets, the plain one first. */
export const presetNames = (presets: Presets): string[] =>
  [...presets.keys()].filter((name) => !name.includes(' ')).sort((a, b) => Number(b === 'default') - Number(a === 'default'));

/** What a preset says, in a market. */
export function presetValues(presets: Presets, preset: string, market: string): Values {
  return { ...(presets.get(`${preset} ${market}`) ?? presets.get(preset) ?? blank), market };
}

/** The shares that a desk sets itself a target for. */
export const targetMetrics = ['reply_rate', 'response_rate', 'service_level', 'satisfaction_rate', 'survey_response_rate'] as const;

/** A desk's profile as it is in force. */
export interface Profile {
  name: string;
  preset: string;
  label: string;
  /** What differs from the preset, with whatever no form knows. */
  changes: JsonObject;
  values: Values;
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');

/** Reads GET /v1/tenant. */
export function readProfile(raw: unknown): Profile {
  const one = answered(raw);
  const inForce = partOf(one, 'settings');
  return {
    name: text(one.name), preset: text(one.profile) || 'default', label: text(one.label),
    changes: isObject(one.changes) ? one.changes : {}, values: readValues(inForce, text(inForce.market)),
  };
}

/** What is sent: only what differs from the preset, and what no form knows as it was. */
export function changesOf(presets: Presets, preset: string, values: Values, before: JsonObject, targets: Record<string, number>): JsonObject {
  const usual = presetValues(presets, preset, String(values.market));
  const out: JsonObject = {};
  for (const [key, value] of Object.entries(before)) if (!settings.some((one) => one.key === key) && key !== 'targets') out[key] = value;
  for (const { key } of settings) {
    if (key === 'market' ? values.market !== '' : values[key] !== usual[key]) out[key] = values[key];
  }
  const old = isObject(before.targets) ? before.targets : {};
  const merged = { ...Object.fromEntries(Object.entries(old).filter(([id]) => !(targetMetrics as readonly string[]).includes(id))), ...targets };
  if (Object.keys(merged).length) out.targets = merged;
  return out;
}
