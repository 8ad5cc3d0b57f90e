import { drawn } from './shown';
import { expect, open, test } from './site';

/** What a manager does with reports beside reading them: opens the bookmark of last week, compares teams, prints. */
const iso = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);

test('a bookmark of last week shows last week, and one press brings it to today', async ({ page, site }) => {
  const [from, to] = [iso(14), iso(8)];
  await page.goto(`${site.url}/operation/service?range=last7&from=${from}&to=${to}&lang=en#${await site.token('supervisor')}`);
  await drawn(page);
  const dates = (days: [string, string]): string => new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).formatRange(...(days.map((day) => Date.parse(`${day}T00:00:00Z`)) as [number, number]));
  await expect(page.locator('[data-range]')).toHaveText(dates([from, to]));
  // Which days a change is against is written out, for a telephone and a picture too.
  await expect(page.locator('[data-against]')).toHaveText(`against ${dates([iso(21), iso(15)])}`);
  await page.getByRole('button', { name: 'Bring “Last 7 days” up to date' }).click();
  await expect(page).toHaveURL(/range=last7/);
  await expect(page).not.toHaveURL(new RegExp(`to=${to}`));
  await expect(page.locator('[data-renew]')).toHaveCount(0);
  await page.goBack();
  await expect(page.locator('[data-range]')).toHaveText(dates([from, to]));
  // The days of a single number have no name that could be brought to today.
  await page.goto(`${site.url}/operation/chats?lang=en`);
  await drawn(page);
  await page.locator('[data-chart="chats-by-day"] [role="img"]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByRole('link', { name: 'Open in chat history' }).click();
  await expect(page).toHaveURL(/\/history\?/);
  await expect(page.locator('[data-range]')).toBeVisible();
  await expect(page.locator('[data-renew]')).toHaveCount(0);
});

interface Teams {
  rows: { team: string; values: Record<string, { value: number | null; num?: number; den?: number }> }[];
}

for (const [path, file, metrics] of [
  ['/operation/service', 'service-by-team', ['chats', 'response_rate', 'reply_rate', 'avg_first_response', 'service_level', 'satisfaction_rate']],
  ['/operation/chats', 'chats-by-team', ['chats', 'chats_bot_only', 'chats_human_only']],
  ['/operation/conversion', 'conversion-by-team', ['orders_after_inquiry']],
] as const) {
  test(`${path}: each team has its row, with the server’s numbers`, async ({ page, site }) => {
    const [from, to] = [iso(9), iso(2)];
    await page.goto(`${site.url}${path}?from=${from}&to=${to}&lang=en#${await site.token('supervisor')}`);
    await drawn(page);
    const answer = (await site.get(`/v1/metrics?metric=${metrics.join(',')}&by=team&from=${from}&to=${to}`, 'supervisor')) as Teams;
    expect(answer.rows.length).toBeGreaterThan(1);
    const table = page.locator(`[data-table="${file}"]`);
    const heads = (await table.locator('thead tr').first().locator('th').allInnerTexts()).map((text) => text.split('\n')[0]);
    for (const row of answer.rows) {
      const cells = table.locator(`tr[data-row="${row.team}"]`).locator('th, td');
      for (const [place, id] of metrics.entries()) {
        const cell = row.values[id];
        const shown = ((await cells.nth(place + 1).innerText()) || '').trim();
        if (!cell || cell.value === null) expect(shown, `${row.team} ${heads[place + 1]}`).toBe('–');
        else if (shown.endsWith('%')) expect(Number(shown.replace(/[ %]/g, '')), `${row.team} ${heads[place + 1]}`).toBeCloseTo(((cell.num ?? 0) / (cell.den ?? 1)) * 100, 0);
        else if (/^[\d,]+$/.test(shown)) expect(shown, `${row.team} ${heads[place + 1]}`).toBe(cell.value.toLocaleString('en'));
        else expect(shown).toMatch(/\d+ (s|min|h)/);
      }
    }
  });
}

test('the chat history has the order that is asked for, and the address keeps it', async ({ page, site }) => {
  const [from, to] = [iso(9), iso(2)];
  await page.goto(`${site.url}/history?from=${from}&to=${to}&lang=en#${await site.token('supervisor')}`);
  const rows = page.locator('tr[data-row]');
  await expect(rows.first()).toBeVisible({ timeout: 30_000 });
  for (const [name, sort] of [['Oldest first', 'started_at'], ['Longest silent first', 'updated_at'], ['Last written to first', '-updated_at']] as const) {
    await page.getByLabel('Order').selectOption({ label: name });
    await expect(page).toHaveURL(new RegExp(`sort=${sort}`));
    const list = (await site.get(`/v1/conversations?limit=10&from=${from}&to=${to}&sort=${sort}`, 'supervisor')) as { rows: { id: string }[] };
    await expect(async () => {
      const shown = await rows.evaluateAll((all) => all.slice(0, 10).map((one) => (one as HTMLElement).dataset.row?.split(' ')[0]));
      expect(shown).toEqual(list.rows.map((one) => one.id));
    }, name).toPass({ timeout: 20_000 });
  }
  await page.goBack();
  await expect(page.getByLabel('Order')).toHaveValue('updated_at');
});

test('a report on paper is white, has its days and desk, and nothing that can only be pressed', async ({ page, site }) => {
  await open(page, site, '/operation/service', 'supervisor', { theme: 'dark' });
  await drawn(page);
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 718, height: 1000 });
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.locator('[data-export]').first()).toBeHidden();
  await expect(page.locator('[data-printed]')).toContainText(/\d{4}/);
  await expect(page.locator('[data-metric="response_rate"] [data-figure]')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  const pdf = await page.pdf({ format: 'A4' });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  await page.emulateMedia({ media: null });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
