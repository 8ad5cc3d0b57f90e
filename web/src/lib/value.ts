import type { Entry } from './catalogue';
import { clock, count, percent, undefinedSign, type Metric } from './format';

/** How a number is written: for whom, and by which profile. */
export interface Manner {
  language: string;
  decimals: number;
  timezone: string | undefined;
}

/** A written number in parts; a unit stands smaller beside its figure. */
export interface Part {
  text: string;
  unit?: string;
}

const units = {
  en: { h: 'h', min: 'min', s: 's' },
  // Minutes that nothing follows are 分钟: 3分 alone would be three points.
  'zh-CN': { h: '小时', min: '分钟', s: '秒' },
};
/** What minutes are called before seconds. */
const before = { en: 'min', 'zh-CN': '分' };

/** A duration in the two largest of hours, minutes and seconds; below ten seconds with one decimal. */
export function durationParts(seconds: number | undefined, language: string): Part[] {
  if (seconds === undefined || !Number.isFinite(seconds)) return [{ text: undefinedSign }];
  const own = language === 'zh-CN' ? 'zh-CN' : 'en';
  const names = units[own];
  const tenths = Math.round(Math.max(0, seconds) * 10) / 10;
  if (tenths > 0 && tenths < 10) {
    return [{ text: new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(tenths), unit: names.s }];
  }
  const whole = Math.round(Math.max(0, seconds));
  if (whole < 60) return [{ text: String(whole), unit: names.s }];
  if (whole < 3600) {
    const rest = whole % 60;
    return [{ text: String(Math.floor(whole / 60)), unit: rest ? before[own] : names.min }, ...(rest ? [{ text: String(rest), unit: names.s }] : [])];
  }
  const minutes = Math.round(whole / 60);
  const rest = minutes % 60;
  return [{ text: count(Math.floor(minutes / 60), language), unit: names.h }, ...(rest ? [{ text: String(rest), unit: names.min }] : [])];
}

/** As long as a plus, and no hyphen. */
const minus = '−';

/** An amount on an axis: no more digits than tell one line from the next. */
export function moneyTick(amount: number, currency: string, language: string): string {
  const options: Intl.NumberFormatOptions = { notation: Math.abs(amount) >= 10_000 ? 'compact' : 'standard', maximumFractionDigits: Math.abs(amount) < 10 ? 2 : 1, minimumFractionDigits: 0 };
  try {
    return new Intl.NumberFormat(language, { ...options, style: 'currency', currency }).format(amount).replace('-', minus);
  } catch {
    return `${new Intl.NumberFormat(language, options).format(amount)} ${currency}`;
  }
}

/** An exact decimal in its currency; a code that no currency has stands as it is. */
export function money(amount: string, currency: string, language: string): string {
  try {
    // An exact decimal is formatted as text: a double would round what is owed.
    return new Intl.NumberFormat(language, { style: 'currency', currency }).format(amount as unknown as number).replace('-', minus);
  } catch {
    return `${amount} ${currency}`;
  }
}

/** A metric's value in parts. */
export function parts(metric: Metric | undefined, unit: Entry['unit'], manner: Manner): Part[] {
  if (!metric) return [{ text: undefinedSign }];
  switch (unit) {
    case 'ratio': {
      const text = percent(metric, manner.decimals);
      return text === undefinedSign ? [{ text }] : [{ text, unit: '%' }];
    }
    case 'seconds':
      return durationParts(metric.value, manner.language);
    case 'money': {
      const amounts = Object.entries(metric.money ?? {});
      if (amounts.length === 0) return [{ text: metric.money ? '0' : undefinedSign }];
      return amounts.map(([currency, amount]) => ({ text: money(amount, currency, manner.language) }));
    }
    case 'time':
      return [{ text: clock(metric.time, manner.timezone) }];
    default:
      return [{ text: count(metric.value, manner.language) }];
  }
}

/** The same as one line of text. */
export function written(metric: Metric | undefined, unit: Entry['unit'], manner: Manner): string {
  return parts(metric, unit, manner)
    .map((part) => (part.unit ? `${part.text}${manner.language === 'zh-CN' || part.unit === '%' ? '' : ' '}${part.unit}` : part.text))
    .join(unit === 'money' ? ' + ' : manner.language === 'zh-CN' ? '' : ' ');
}

/** A number to sort and draw by; undefined sorts last. */
export function magnitude(metric: Metric | undefined, unit: Entry['unit']): number | undefined {
  if (!metric) return undefined;
  if (unit === 'money') {
    const amounts = Object.values(metric.money ?? {});
    return amounts.length ? amounts.reduce((sum, amount) => sum + Number(amount), 0) : undefined;
  }
  if (unit === 'time') return metric.time ? Date.parse(metric.time) : undefined;
  return metric.num !== undefined && metric.den ? metric.num / metric.den : metric.value;
}
