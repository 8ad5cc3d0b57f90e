import type { Locator, Page } from '@playwright/test';
import { en } from '../src/i18n/en';
import { expect, untilLive, type Role, type Site } from './site';
import { expectSame, type Cell } from './written';

/** What stands on a report, beside its cards, and what the server says to the same question. */
export interface Part {
  /** The file that it can be taken along as. */
  file: string;
  by: string;
  metrics: readonly string[];
  filter?: string;
  /** No more rows than these, the largest first. */
  most?: number;
}
export interface Row {
  values: Record<string, Cell>;
  [dimension: string]: unknown;
}

/** What the desk calls things. */
export class Words {
  units = new Map<string, string>();
  decimals = 1;
  private names = new Map<string, string>();

  static async of(site: Site, role: Role): Promise<Words> {
    const words = new Words();
    const { metrics } = (await site.get('/v1/catalog', role)) as { metrics: { id: string; unit: string }[] };
    for (const one of metrics) words.units.set(one.id, one.unit);
    const { settings } = (await site.get('/v1/tenant', role)) as { settings: { percent_decimals: number } };
    words.decimals = settings.percent_decimals;
    const lists = (await site.get('/v1/directory', role)) as Record<string, { id: string; name: string }[]>;
    for (const [kind, list] of Object.entries({ channel: lists.channels, team: lists.teams, agent: lists.agents, flow: lists.flows })) {
      for (const one of list ?? []) words.names.set(`${kind} ${one.id}`, one.name);
    }
    return words;
  }

  name(by: string, id: string): string {
    if (id === '') return en['value.none'];
    const texts: Record<string, string> = en;
    const group = by === 'ai_status' ? 'aiStatus' : by;
    return this.names.get(`${by} ${id}`) ?? texts[`${group}.${id}`] ?? (by === 'category' ? texts[`template.${id}`] : undefined) ?? id.replaceAll('_', ' ');
  }
}

/** Numbers are there, and every chart that is in sight has been drawn. */
export async function drawn(page: Page): Promise<void> {
  await untilLive(page);
  await expect(page.locator('[data-metric] [data-figure]').first()).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await expect(page.locator('[data-ready="false"]')).toHaveCount(0);
}

/** The rows that stand below a part's head: what each is headed with, and its cells. */
async function shownIn(part: Locator): Promise<{ id: string | undefined; head: string; cells: string[] }[]> {
  return part.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => ({
      id: (row as HTMLElement).dataset.row,
      head: row.querySelector('th')?.textContent?.trim() ?? '',
      cells: [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? ''),
    })),
  );
}

/** That each point of each chart and each cell of each table is what the server says about these days. */
export async function expectParts(page: Page, site: Site, role: Role, words: Words, parts: readonly Part[], from: string, to: string): Promise<void> {
  for (const { file, by, metrics, filter, most } of parts) {
    const answer = (await site.get(`/v1/metrics?metric=${metrics.join(',')}&by=${by}&from=${from}&to=${to}${filter ? `&${filter}` : ''}`, role)) as { rows: Row[] };
    const part = page.locator(`[data-chart="${file}"], [data-table="${file}"]`);
    await expect(part, file).toHaveCount(1);
    const chart = (await part.getAttribute('data-chart')) !== null;
    if (chart && (await part.locator('[role="img"]').count()) === 0) {
      // Nothing is drawn where nothing happened.
      expect(answer.rows.filter((row) => metrics.some((id) => Number(row.values[id]?.value ?? 0) > 0)), file).toEqual([]);
      continue;
    }
    if (chart) await part.getByRole('button', { name: /Show as a table/ }).click();
    const shown = await shownIn(part);
    const own = shown.filter((row) => chart || row.id !== undefined);
    const wanted = answer.rows.filter((row) => file !== 'flagged-agents' || Number(row.values.risky_chats?.value) > 0);
    expect(own.length, `${file}: rows`).toBe(by === 'day' && chart ? 7 : Math.min(wanted.length, most ?? Infinity));
    for (const row of wanted) {
      const id = String(row[by] ?? '');
      const place = by === 'day' && chart ? (Date.parse(id) - Date.parse(from)) / 86_400_000 : own.findIndex((one) => (chart ? one.head === words.name(by, id) : one.id === id));
      if (place < 0) {
        expect(most, `${file}: ${id} is missing`).toBeDefined();
        continue;
      }
      for (const [column, metric] of metrics.entries()) {
        expectSame(own[place]?.cells[column] ?? '', row.values[metric], words.units.get(metric) ?? '', words.decimals, `${file}: ${metric} of ${id}`);
      }
    }
  }
}
