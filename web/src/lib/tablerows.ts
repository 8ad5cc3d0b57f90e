/** What a table sorts by: numbers, or words; undefined goes last whichever way. */
export type SortValue = number | string | undefined;

const collator = new Intl.Collator(undefined, { numeric: true });

/** Whether a sort is descending, and of which column; `-chats` is the most chats first. */
export function readSort(sort: string): { column: string; down: boolean } {
  return sort.startsWith('-') ? { column: sort.slice(1), down: true } : { column: sort, down: false };
}

/** The next sort when a column is pressed: the most first, the least first, then the usual order. */
export function nextSort(sort: string, column: string, words: boolean): string {
  const now = readSort(sort);
  if (now.column !== column) return words ? column : `-${column}`;
  if (now.down === !words) return words ? `-${column}` : column;
  return '';
}

/** Sorted rows, in a list of their own; equal ones keep their order. */
export function sorted<R>(rows: readonly R[], value: (row: R) => SortValue, down: boolean): R[] {
  const keyed = rows.map((row, place) => ({ row, place, key: value(row) }));
  keyed.sort((a, b) => {
    if (a.key === undefined || b.key === undefined) {
      if (a.key === b.key) return a.place - b.place;
      return a.key === undefined ? 1 : -1;
    }
    const order = typeof a.key === 'number' && typeof b.key === 'number' ? a.key - b.key : collator.compare(String(a.key), String(b.key));
    return (down ? -order : order) || a.place - b.place;
  });
  return keyed.map((one) => one.row);
}
