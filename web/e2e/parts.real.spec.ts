import { drawn } from './shown';
import { expect, open, test, type Role } from './site';

/** The reports, and how many charts and tables each has at least. */
const reports: { path: string; role: Role; parts: number }[] = [
  { path: '/overview', role: 'supervisor', parts: 1 },
  { path: '/operation/chats', role: 'supervisor', parts: 4 },
  { path: '/operation/service', role: 'supervisor', parts: 7 },
  { path: '/operation/conversion', role: 'supervisor', parts: 4 },
  { path: '/operation/customers', role: 'supervisor', parts: 3 },
  { path: '/agents/performance', role: 'supervisor', parts: 1 },
  { path: '/insights/risks', role: 'supervisor', parts: 6 },
  { path: '/insights/reviews', role: 'supervisor', parts: 5 },
  { path: '/ai', role: 'supervisor', parts: 3 },
  { path: '/inbox', role: 'owner', parts: 7 },
];

for (const { path, role, parts } of reports) {
  test(`${path}: every chart and table can be taken along, and every chart read as a table`, async ({ page, site }) => {
    await open(page, site, path, role);
    await drawn(page);
    const all = page.locator('[data-chart], [data-heat], [data-table]');
    expect(await all.count()).toBeGreaterThanOrEqual(parts);
    for (const part of await all.all()) {
      const name = await part.getAttribute('aria-label');
      // The page's own export is the table's, where it is all that the page has.
      if (path !== '/agents/performance') await expect(part.locator('[data-export]'), `${name}: export`).toHaveCount(1);
      if ((await part.getAttribute('data-table')) !== null) continue;
      if ((await part.locator('[role="img"], table').count()) === 0) continue; // Nothing is drawn, so nothing has to be read.
      await part.getByRole('button', { name: /Show as a table/ }).click();
      await expect(part.locator('table').getByRole('rowheader').first(), `${name}: table`).toBeVisible();
    }
  });

  test(`${path}: yesterday’s cards are what the server says`, async ({ page, site }) => {
    const day = await site.day(1);
    await page.goto(`${site.url}${path}?from=${day}&to=${day}&lang=en#${await site.token(role)}`);
    await drawn(page);
    // What is of now, or of the past 7 days whatever the page's are, is no part of the day.
    const cards = (await page
      .locator('[data-metric]:has([data-figure] :is(a, button)):not(:has-text("past 7 days"))')
      .evaluateAll((list) => list.map((one) => [(one as HTMLElement).dataset.metric, one.querySelector('[data-figure]')?.textContent?.trim()]))) as [string, string][];
    if (path === '/agents/performance') return expect(cards).toEqual([]);
    expect(cards.length).toBeGreaterThan(2);
    const ids = [...new Set(cards.map(([id]) => id))].join(',');
    const answer = (await site.get(`/v1/metrics?metric=${ids}&from=${day}&to=${day}`, role)) as { rows: { values: Record<string, { value: unknown; num?: number; den?: number }> }[] };
    for (const [id, shown] of cards) {
      const cell = answer.rows[0]?.values[id];
      if (cell === undefined || cell.value === null) expect(shown, id).toBe('–');
      else if (cell.den !== undefined && cell.num !== undefined && shown.endsWith('%')) expect(Number(shown.replace(/[ %,]/g, '')), id).toBeCloseTo((cell.num / cell.den) * 100, 0);
      else if (typeof cell.value === 'number' && /^[\d,]+$/.test(shown)) expect(shown, id).toBe(cell.value.toLocaleString('en'));
      else expect(shown, id).toMatch(/\d/);
    }
  });
}

/** Width and height of a PNG, which stand at the same place in each. */
async function sizeOf(path: string): Promise<[number, number]> {
  const { readFileSync } = await import('node:fs');
  const bytes = readFileSync(path);
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

test('a picture has the chart’s name, days and key above it, and the week’s too', async ({ page, site }, info) => {
  await open(page, site, '/operation/chats', 'supervisor');
  await drawn(page);
  for (const name of ['chats-by-day', 'chats-by-hour']) {
    const part = page.locator(`[data-chart="${name}"], [data-heat="${name}"]`);
    const box = await part.locator('canvas, table').first().boundingBox();
    await part.getByRole('button', { name: /Export/ }).click();
    const taken = page.waitForEvent('download');
    await part.getByRole('button', { name: 'Picture (PNG)' }).click();
    const file = info.outputPath(`${name}.png`);
    await (await taken).saveAs(file);
    const [width, height] = await sizeOf(file);
    expect(width).toBeGreaterThan(name === 'chats-by-day' ? 2 * (box?.width ?? 0) : 1000);
    expect(height).toBeGreaterThan(2 * (box?.height ?? 0) + 100);
  }
  // Each line's mark stands in the key, so that it can be told without its colour.
  const marks = await page.locator('[data-chart="chats-by-day"] [data-mark]').evaluateAll((list) => list.map((one) => (one as SVGElement).dataset.mark));
  expect(new Set(marks).size).toBe(5);
});

test('who gave no name is anonymous, and never an id', async ({ page, site }) => {
  const list = (await site.get('/v1/conversations?limit=500', 'owner')) as { rows: { id: string; customer: { id: string; anonymous: boolean } }[] };
  const nameless = list.rows.find((one) => one.customer.anonymous);
  expect(nameless, 'somebody is not signed in').toBeDefined();
  await page.goto(`${site.url}/history?q=${nameless?.id}&lang=en#${await site.token('owner')}`);
  const row = page.locator(`tr[data-row^="${nameless?.id} "]`);
  await expect(row).toContainText('Anonymous');
  await expect(row).not.toContainText(nameless?.customer.id ?? '');
});

test('the inbox’s agents and teams are of the past 7 days, whatever days the page has', async ({ page, site }) => {
  const day = await site.day(5);
  const asked: string[] = [];
  page.on('request', (one) => {
    const { pathname, searchParams } = new URL(one.url());
    if (pathname === '/v1/metrics' && searchParams.get('metric') === 'assign_events' && searchParams.has('agent')) asked.push(`${searchParams.get('from')} ${searchParams.get('to')}`);
  });
  await page.goto(`${site.url}/inbox?from=${day}&to=${day}&lang=en#${await site.token('owner')}`);
  await drawn(page);
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  const [from, to] = (asked[0] ?? '').split(' ');
  expect((Date.parse(to ?? '') - Date.parse(from ?? '')) / 86_400_000).toBe(6);
  const chart = page.locator('[data-chart="inbox-agent"]');
  await chart.getByRole('button', { name: /Show as a table/ }).click();
  await expect(chart.locator('tbody tr')).toHaveCount(7);
  await expect(chart.locator('tbody tr').last()).toContainText('so far');
  // The tools have names, not ids.
  await page.locator('[data-chart="ai-tools"]').getByRole('button', { name: /Show as a table/ }).click();
  await expect(page.locator('[data-chart="ai-tools"] tbody')).toContainText('Recommended answer');
  await expect(page.locator('[data-chart="ai-tools"] tbody')).not.toContainText('_');
});

test('the presets are the server’s: choosing one changes what does not differ from it', async ({ page, site }) => {
  const { presets } = (await site.get('/v1/profiles', 'owner')) as { presets: { profile: string; settings: Record<string, unknown> }[] };
  await open(page, site, '/settings', 'owner');
  const choice = page.getByLabel('Preset');
  await expect(choice.locator('option')).toHaveCount(presets.length);
  const of = (name: string): Record<string, unknown> => presets.find((one) => one.profile === name)?.settings ?? {};
  const grace = page.locator('[data-setting="active_grace_hours"] input');
  await expect(grace).toHaveValue('0');
  await choice.selectOption('inbox');
  await expect(grace).toHaveValue(String(of('inbox').active_grace_hours));
  await expect(page.locator('[data-setting="percent_decimals"] input')).toHaveValue(String(of('inbox').percent_decimals));
  await choice.selectOption('tiktok_shop');
  await expect(grace).toHaveValue('0');
  await page.getByLabel('Market').selectOption('sea');
  await expect(page.locator('[data-setting="response_window_hours"] input')).toHaveValue('12');
});

test('a long table takes the room that the window has now, and the list of pages fits a laptop', async ({ page, site }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await open(page, site, '/history', 'owner');
  await expect(page.locator('table.fixed tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  const region = page.getByRole('region', { name: 'Table: Conversations' });
  await page.setViewportSize({ width: 1366, height: 768 });
  await expect.poll(() => region.evaluate((box) => box.scrollWidth - box.clientWidth), { message: 'narrower' }).toBeLessThanOrEqual(0);
  await expect(page.getByRole('columnheader', { name: 'Risky' })).toBeInViewport({ ratio: 1 });
  expect(await page.locator('#navigation nav').evaluate((nav) => nav.scrollHeight - nav.clientHeight), 'every page is in sight').toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(() => region.evaluate((box) => (box.querySelector('table')?.getBoundingClientRect().width ?? 0) - box.clientWidth), { message: 'wider' }).toBeGreaterThanOrEqual(-1);
});
