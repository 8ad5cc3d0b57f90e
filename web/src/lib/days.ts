/** A local day in ISO form, 2026-11-21; ranges are inclusive at both ends. */
export type Day = string;

export interface Range {
  from: Day;
  to: Day;
}

/** The ranges that have a name, in the order in which they are offered. */
export const presets = ['today', 'yesterday', 'last7', 'last15', 'last30', 'month', 'lastMonth'] as const;
export type Preset = (typeof presets)[number];

const dayMs = 86_400_000;
const at = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const iso = (moment: number): Day => new Date(moment).toISOString().slice(0, 10);

/** Whether a text names a day that exists. */
export function isDay(text: string | null | undefined): text is Day {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const moment = at(text);
  return !Number.isNaN(moment) && iso(moment) === text;
}

export function addDays(day: Day, days: number): Day {
  return iso(at(day) + days * dayMs);
}

/** How many days a range has; both ends count. */
export function length(range: Range): number {
  return Math.round((at(range.to) - at(range.from)) / dayMs) + 1;
}

/** Every day of a range. */
export function daysOf(range: Range): Day[] {
  return Array.from({ length: Math.max(0, length(range)) }, (_, place) => addDays(range.from, place));
}

/** The local day in a time zone at a moment. */
export function dayIn(timezone: string | undefined, now: number): Day {
  const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' };
  try {
    return new Intl.DateTimeFormat('en-CA', timezone ? { ...options, timeZone: timezone } : options).format(now);
  } catch {
    return new Intl.DateTimeFormat('en-CA', options).format(now);
  }
}

/** The hour of the clock in a time zone at a moment. */
export function hourIn(timezone: string | undefined, now: number): number {
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', hourCycle: 'h23' };
  try {
    return Number(new Intl.DateTimeFormat('en', timezone ? { ...options, timeZone: timezone } : options).format(now));
  } catch {
    return Number(new Intl.DateTimeFormat('en', options).format(now));
  }
}

/** What a name comes to on a day. Today is always included but in `yesterday` and `lastMonth`. */
export function rangeOf(preset: Preset, today: Day): Range {
  const first = `${today.slice(0, 7)}-01`;
  switch (preset) {
    case 'today':
      return { from: today, to: today };
    case 'yesterday':
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case 'last7':
      return { from: addDays(today, -6), to: today };
    case 'last15':
      return { from: addDays(today, -14), to: today };
    case 'last30':
      return { from: addDays(today, -29), to: today };
    case 'month':
      return { from: first, to: today };
    case 'lastMonth': {
      const last = addDays(first, -1);
      return { from: `${last.slice(0, 7)}-01`, to: last };
    }
  }
}

/** The range of the same length just before. */
export function previous(range: Range): Range {
  const days = length(range);
  return { from: addDays(range.from, -days), to: addDays(range.from, -1) };
}

/** The longest range that the server takes where the profile sets no limit. */
export const longest = 3660;

/** Why a range cannot be asked for; undefined if it can. */
export function fault(range: Range, limit: number): 'order' | 'long' | undefined {
  if (range.from > range.to) return 'order';
  return length(range) > (limit || longest) ? 'long' : undefined;
}

export const isPreset = (text: string | null): text is Preset => presets.includes(text as Preset);

/** What an address asks for: the dates that its sender saw, with their name while it still means them. */
export interface Asked extends Range {
  preset: Preset | undefined;
  /** The name that the dates had once, and do not mean any more. */
  was?: Preset;
}

/**
 * Reads a range from an address. Dates hold over the name of a range, so that a
 * link shows next week what it showed when it was sent.
 */
export function readRange(query: URLSearchParams, today: Day, usual: Preset, limit: number): Asked {
  const preset = query.get('range');
  const from = query.get('from');
  const to = query.get('to');
  if (isDay(from) && isDay(to) && !fault({ from, to }, limit)) {
    if (!isPreset(preset)) return { from, to, preset: undefined };
    const named = rangeOf(preset, today);
    return named.from === from && named.to === to ? { from, to, preset } : { from, to, preset: undefined, was: preset };
  }
  const chosen = isPreset(preset) ? preset : usual;
  return { ...rangeOf(chosen, today), preset: chosen };
}

/** The hour of the clock that a row is about: 14, 14:00 or 2026-11-21T14. */
export function hourOf(text: string): number | undefined {
  const found = /(?:^|T)(\d{1,2})(?::\d{2})*$/.exec(text);
  const hour = found ? Number(found[1]) : NaN;
  return hour >= 0 && hour <= 23 ? hour : undefined;
}

/** The days of the week from Monday on, in a language. */
export function weekdays(language: string): { short: string; long: string }[] {
  const name = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  const long = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  // 5 January 1970 was a Monday.
  return Array.from({ length: 7 }, (_, place) => ({ short: name.format((4 + place) * 86_400_000), long: long.format((4 + place) * 86_400_000) }));
}

/** An hour of the clock: 14:00–15:00. */
export const hourSpan = (hour: number): string => `${String(hour).padStart(2, '0')}:00–${String(hour + 1).padStart(2, '0')}:00`;
