import { isObject, type Json, type JsonObject } from '../live/json';

/** The presets of the specification. */
export const presets = ['default', 'tiktok_shop', 'wecom', 'klaviyo', 'inbox'] as const;
export type PresetName = (typeof presets)[number];

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

const base: Record<SettingKey, Value> = {
  timezone: 'UTC', market: '', response_window_hours: 24, service_level_seconds: 60, response_time: 'first_plus_turns', first_response_from: 'human',
  neutral_is_negative: true, unique: 'range', percent_decimals: 1, conversion_window_days: 7, auto_close_hours: 0, active_grace_hours: 0,
  presence_ttl_seconds: 0, message_after_close: 'reopen', max_range_days: 0,
};

const differs: Record<PresetName, Partial<Record<SettingKey, Value>>> = {
  default: {},
  tiktok_shop: {},
  wecom: { response_time: 'first', unique: 'sum_daily', percent_decimals: 0, neutral_is_negative: false, timezone: 'Asia/Shanghai' },
  klaviyo: { response_time: 'first', auto_close_hours: 48, percent_decimals: 0 },
  inbox: { response_time: 'first', active_grace_hours: 24, percent_decimals: 0, max_range_days: 90, message_after_close: 'new_session' },
};

/** What a preset says, in a market. */
export function presetValues(preset: string, market: string): Record<SettingKey, Value> {
  const own = differs[presets.find((one) => one === preset) ?? 'default'];
  const byMarket: Partial<Record<SettingKey, Value>> =
    preset !== 'tiktok_shop' ? {} : market === 'us' ? { neutral_is_negative: false } : market === 'sea' ? { response_window_hours: 12 } : {};
  return { ...base, ...own, ...byMarket, market };
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
  values: Record<SettingKey, Value>;
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');

/** Reads GET /v1/tenant. */
export function readProfile(raw: unknown): Profile {
  const one = isObject(raw) ? raw : {};
  const inForce = isObject(one.settings) ? one.settings : {};
  const preset = text(one.profile) || 'default';
  const values = presetValues(preset, text(inForce.market));
  for (const { key } of settings) {
    const value = inForce[key];
    if (typeof value === typeof values[key]) values[key] = value as Value;
  }
  return { name: text(one.name), preset, label: text(one.label), changes: isObject(one.changes) ? one.changes : {}, values };
}

/** What is sent: only what differs from the preset, and what no form knows as it was. */
export function changesOf(preset: string, values: Record<SettingKey, Value>, before: JsonObject, targets: Record<string, number>): JsonObject {
  const usual = presetValues(preset, String(values.market));
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
