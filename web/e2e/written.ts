import { expect } from '@playwright/test';

/** How numbers are written, by another way than the pages'. */

/** A metric's value as the API says it. */
export interface Cell {
  value: unknown;
  num?: number;
  den?: number;
}

/** A share as it is shown: rounded half up. */
export function share(num: number, den: number, decimals = 1): string {
  const scale = 10 ** decimals;
  return (Math.floor((num * 100 * scale) / den + 0.5) / scale).toFixed(decimals);
}

export const count = (n: number): string => n.toLocaleString('en');

/** Seconds in their two largest units; below ten with one decimal. */
export function seconds(value: number): string {
  const tenths = Math.round(value * 10) / 10;
  if (tenths > 0 && tenths < 10) return `${tenths} s`;
  const whole = Math.round(value);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return whole % 60 ? `${Math.floor(whole / 60)} min ${whole % 60} s` : `${whole / 60} min`;
  const minutes = Math.round(whole / 60);
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
}

const amount = (value: string | number, currency: string): string => new Intl.NumberFormat('en', { style: 'currency', currency }).format(Number(value)).replace('-', '−');

/** What stands on a page where the API says this. */
export function written(cell: Cell | undefined, unit: string, decimals: number): string {
  const { value, num, den } = cell ?? { value: null };
  if (value === null || value === undefined) return '–';
  if (unit === 'ratio') return den ? `${share(num ?? 0, den, decimals)}%` : '–';
  if (unit === 'seconds') return seconds(Number(value));
  if (unit === 'money') return Object.entries(value as Record<string, string>).map(([currency, n]) => amount(n, currency)).join(' + ') || '0';
  return count(Number(value));
}

/** That a page shows what the API says; what was counted and did not happen may be a zero where there is no row of it. */
export function expectSame(shown: string, cell: Cell | undefined, unit: string, decimals: number, what: string): void {
  const text = shown.replace(/[\s\u00a0]+/g, ' ').replace(' %', '%').trim();
  if (cell === undefined && ['0', '–', '$0.00', '¥0.00', '0%'].includes(text)) return;
  expect(text, what).toBe(written(cell, unit, decimals));
}
