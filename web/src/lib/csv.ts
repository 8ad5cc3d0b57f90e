import type { Column } from '../parts/table';
import { bare } from './personname';
import { readSort, sorted } from './tablerows';

/** What a spreadsheet begins a formula with, the wide forms too, and after which it may look for one. */
const formula = /(?<=^|\n|\r(?!\n))(?=[=+\-@\t\r\n＝＋－＠])/g;

/**
 * Keeps a spreadsheet from taking somebody's words for a formula, at their
 * beginning or on any of their lines. The server's files do the same.
 */
export const safeText = (text: string): string => text.replace(formula, "'");

/** As one cell: quoted where it must be. */
const cell = (text: string): string => (/^[ ]|[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Tells Excel that a file is UTF-8; without it Chinese is garbled. */
const byteOrderMark = '\ufeff';

/** Lines of cells as a file. */
export function csv(lines: readonly (readonly string[])[]): string {
  return byteOrderMark + lines.map((line) => `${line.map((text) => cell(safeText(text))).join(',')}\n`).join('');
}

/** As of when a table is taken along, under what heading. */
export interface AsOf {
  name: string;
  text: string;
}

/** A table in the words in which it is shown, whole and in the order that it has on the screen. */
export function tableCsv<R>(columns: readonly Column<R>[], rows: readonly R[], asOf: AsOf, sort = ''): string {
  const taken = columns.filter((column) => !column.apart);
  const { column, down } = readSort(sort);
  const by = columns.find((one) => one.id === column)?.sort;
  const ordered = by ? sorted(rows, by, down) : rows;
  return csv([[asOf.name, ...taken.map((one) => one.name)], ...ordered.map((row) => [asOf.text, ...taken.map((one) => bare(one.text(row)))])]);
}
