import { isObject } from '../live/json';
import { has, t, textOr } from './prefs.svelte';

/** A choice of a profile's key in words. */
export function choiceText(value: string): string {
  const key = `settingChoice.${value}`;
  return value === '' ? t('profile.none') : has(key) ? t(key) : value;
}

/** A preset in words; one that this page does not know stands as it is. */
export const presetName = (preset: string): string => textOr(`presetName.${preset}`, preset);

/** The value of a profile's key in words; 0 is none, but for what is a number of something that is written. */
export function settingText(key: string, value: unknown): string {
  if (key === 'percent_decimals' && typeof value === 'number') return String(value);
  if (value === undefined || value === null || value === 0 || value === '') return t('profile.none');
  if (typeof value === 'boolean') return t(value ? 'profile.yes' : 'profile.no');
  if (typeof value === 'number') return String(value);
  if (isObject(value)) {
    const parts = Object.entries(value).map(([name, one]) => (isObject(one) ? `${name}: ${Object.values(one).map((each) => settingText(name, each)).join(' ')}` : `${name}: ${settingText(name, one)}`));
    return parts.join(', ') || t('profile.none');
  }
  return typeof value === 'string' ? choiceText(value) : t('profile.none');
}
