import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Column } from '../parts/table';
import { csv, safeText, tableCsv } from './csv';

const cases = JSON.parse(readFileSync(new URL('../../../history/testdata/formulas.json', import.meta.url), 'utf8')) as Record<string, string>;

describe('safeText', () => {
  it('knows the server’s cases', () => expect(Object.keys(cases).length).toBeGreaterThan(10));

  it.each(Object.entries(cases))('writes %j as %j', (text, want) => expect(safeText(text)).toBe(want));
});

describe('csv', () => {
  it('quotes what must be quoted, and nothing else', () => {
    expect(csv([['plain', 'a,b', 'say "hi"', 'two\nlines', ' first', '中文', '', '3:41']])).toBe('\ufeffplain,"a,b","say ""hi""","two\nlines"," first",中文,,3:41\n');
  });

  it('has no formula in it, whoever wrote it', () => {
    expect(csv([['=HYPERLINK("http://x","y")']])).toBe('\ufeff"\'=HYPERLINK(""http://x"",""y"")"\n');
  });
});

describe('a table that is taken along', () => {
  interface Row {
    name: string;
    chats: number;
  }
  const columns: Column<Row>[] = [
    { id: 'name', name: 'Agent', text: (row) => row.name, sort: (row) => row.name },
    { id: 'chats', name: 'Active chats', text: (row) => String(row.chats), sort: (row) => row.chats },
    { id: 'view', name: 'Chats', text: () => 'View', apart: true },
  ];
  const rows = [{ name: 'Bo', chats: 1 }, { name: '@Anna', chats: 4 }];
  const asOf = { name: 'As of', text: '2026-11-22 14:03:00' };

  it('has its head, every row, and when it was so', () => {
    expect(tableCsv(columns, rows, asOf)).toBe("\ufeffAs of,Agent,Active chats\n2026-11-22 14:03:00,Bo,1\n2026-11-22 14:03:00,'@Anna,4\n");
  });

  it('is in the order in which it is shown', () => {
    expect(tableCsv(columns, rows, asOf, '-chats').split('\n').map((line) => line.split(',')[2])).toEqual(['Active chats', '4', '1', undefined]);
  });
});
