import { isObject, type Json } from '../live/json';

/** What stands for a number that is undefined; never a zero. */
export const undefinedSign = '–';

/** A metric as a state carries it. */
export interface Metric {
  value?: number;
  num?: number;
  den?: number;
  /** Since when the longest one waits. */
  since?: string;
  conversation?: string;
  channel_name?: string;
  team_name?: string;
  money?: Record<string, string>;
  /** A moment, where the value is one. */
  time?: string;
}

/** Reads a metric; whatever is no number is left out. */
export function readMetric(raw: Json | undefined): Metric {
  if (!isObject(raw)) return {};
  const out: Metric = {};
  for (const field of ['value', 'num', 'den'] as const) {
    const value = raw[field];
    if (typeof value === 'number' && Number.isFinite(value)) out[field] = value;
  }
  for (const field of ['since', 'conversation', 'channel_name', 'team_name'] as const) {
    const value = raw[field];
    if (typeof value === 'string') out[field] = value;
  }
  if (typeof raw.value === 'string' && !Number.isNaN(Date.parse(raw.value))) out.time = raw.value;
  if (isObject(raw.value)) {
    out.money = Object.fromEntries(
      Object.entries(raw.value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }
  return out;
}

const counts = new Map<string, Intl.NumberFormat>();

/** A whole number with the language's grouping. */
export function count(value: number | undefined, language: string): string {
  if (value === undefined) return undefinedSign;
  let format = counts.get(language);
  if (!format) counts.set(language, (format = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })));
  return format.format(value);
}

/**
 * A share in percent without its sign, rounded half up from its whole parts:
 * 33.35 % must not become 33.3 because the double next to it is smaller.
 */
export function percent(metric: Metric, decimals: number): string {
  const { num, den, value } = metric;
  if (value === undefined || den === 0) return undefinedSign;
  const scale = 10 ** decimals;
  if (num === undefined || den === undefined || !Number.isInteger(num) || !Number.isInteger(den)) {
    return (Math.floor(value * 100 * scale + 0.5 + 1e-9) / scale).toFixed(decimals);
  }
  const twice = 2n * BigInt(den);
  const units = (BigInt(num) * 200n * BigInt(scale) + BigInt(den)) / twice;
  return (Number(units) / scale).toFixed(decimals);
}

/** A duration as people read it from afar: 0:07, 3:41, then hours and minutes. */
export interface Duration {
  text: string;
  /** From an hour on in parts, whose units stand small beside the figures: 2 h 05, 2 小时 05 分. */
  parts?: { hours: string; hour: string; minutes: string; minute: string };
}

/** Whole seconds as m:ss below an hour, hours and minutes from there on. */
export function duration(seconds: number | undefined, language: string): Duration {
  if (seconds === undefined || !Number.isFinite(seconds)) return { text: undefinedSign };
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 3600) return { text: `${Math.floor(whole / 60)}:${pad(whole % 60)}` };
  const hours = String(Math.floor(whole / 3600));
  const minutes = pad(Math.floor((whole % 3600) / 60));
  if (language.startsWith('zh')) return { text: `${hours}小时${minutes}分`, parts: { hours, hour: '小时', minutes, minute: '分' } };
  return { text: `${hours} h ${minutes}`, parts: { hours, hour: 'h', minutes, minute: '' } };
}

/** Hours and minutes of work: 0:42, 7:05. */
export function worked(seconds: number | undefined): string {
  if (seconds === undefined) return undefinedSign;
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 3600)}:${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`;
}

/** Seconds from a moment until now; undefined if the moment is none. */
export function since(moment: string | undefined, now: number): number | undefined {
  if (!moment) return undefined;
  const start = Date.parse(moment);
  return Number.isNaN(start) ? undefined : Math.max(0, (now - start) / 1000);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function zoned(key: string, options: Intl.DateTimeFormatOptions, language: string, timezone: string | undefined): Intl.DateTimeFormat {
  const name = `${key} ${language} ${timezone ?? ''}`;
  let format = clocks.get(name);
  if (!format) {
    try {
      format = new Intl.DateTimeFormat(language, timezone ? { ...options, timeZone: timezone } : options);
    } catch {
      // A zone that this browser does not know: its own is better than none.
      format = new Intl.DateTimeFormat(language, options);
    }
    clocks.set(name, format);
  }
  return format;
}

/** The time of day, with seconds if asked, in a time zone; 24 hours everywhere. */
export function clock(moment: number | string | undefined, timezone: string | undefined, seconds = false): string {
  const at = typeof moment === 'string' ? Date.parse(moment) : moment;
  if (at === undefined || Number.isNaN(at)) return undefinedSign;
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  if (seconds) options.second = '2-digit';
  return zoned(seconds ? 'hms' : 'hm', options, 'en-GB', timezone).format(at);
}

/** A local day written out, from its ISO form. */
export function day(iso: string | undefined, language: string): string {
  const at = iso ? Date.parse(`${iso}T00:00:00Z`) : NaN;
  if (Number.isNaN(at)) return '';
  return zoned('day', { weekday: 'short', day: 'numeric', month: 'short' }, language, 'UTC').format(at);
}

/** The days of a range written out: 14 – 20 Nov 2026. */
export function span(range: { from: string; to: string }, language: string): string {
  const [from, to] = [range.from, range.to].map((iso) => Date.parse(`${iso}T00:00:00Z`));
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return '';
  if (language.startsWith('zh')) return chineseSpan(from, to);
  return zoned('span', { day: 'numeric', month: 'short', year: 'numeric' }, language, 'UTC').formatRange(from, to);
}

/** Browsers write a Chinese range with slashes, and name what both of its days have in common twice. */
function chineseSpan(from: number, to: number): string {
  const [a, b] = [new Date(from), new Date(to)];
  const first = `${a.getUTCFullYear()}年${a.getUTCMonth() + 1}月${a.getUTCDate()}日`;
  if (from === to) return first;
  const sameYear = a.getUTCFullYear() === b.getUTCFullYear();
  const sameMonth = sameYear && a.getUTCMonth() === b.getUTCMonth();
  return `${first}–${sameYear ? '' : `${b.getUTCFullYear()}年`}${sameMonth ? '' : `${b.getUTCMonth() + 1}月`}${b.getUTCDate()}日`;
}

/** A local day in few characters, for an axis: Fri 20; the month where it begins or the days are many. */
export function shortDay(iso: string, language: string, withMonth: boolean): string {
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at)) return iso;
  const options: Intl.DateTimeFormatOptions = withMonth ? { day: 'numeric', month: 'short' } : { weekday: 'short', day: 'numeric' };
  return zoned(withMonth ? 'md' : 'wd', options, language, 'UTC').format(at);
}

/** A moment with its day: 21 Nov 2026, 14:03. */
export function moment(at: string | number | undefined, timezone: string | undefined, language: string): string {
  const when = typeof at === 'string' ? Date.parse(at) : at;
  if (when === undefined || Number.isNaN(when)) return undefinedSign;
  return zoned('moment', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }, language, timezone).format(when);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
