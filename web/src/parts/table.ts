import type { Snippet } from 'svelte';
import type { SortValue } from '../lib/tablerows';

/** A column of a DataTable. */
export interface Column<R> {
  id: string;
  name: string;
  /** The metric that the "?" beside the name explains. */
  help?: string;
  /** Words stand left, numbers right. */
  words?: boolean;
  text: (row: R) => string;
  /** What it is sorted by; a column without cannot be sorted. */
  sort?: (row: R) => SortValue;
  /** Where a press on the value leads. */
  link?: (row: R) => string | undefined;
  press?: (row: R) => void;
  /** More than text. */
  cell?: Snippet<[row: R]>;
  /** How long the bar beside the value is, from 0 to 1. */
  bar?: (row: R) => number | undefined;
  /** In pixels; names take what is left. */
  width?: number;
  /** A way elsewhere, that says nothing of its own and is not taken along. */
  apart?: boolean;
  /** Not shown unless somebody asks for it. */
  extra?: boolean;
}
