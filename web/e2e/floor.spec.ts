import type { Page } from '@playwright/test';
import { expect, open, test, untilLive } from './site';

/** Which cell of a row stands below a heading. */
async function column(page: Page, name: string): Promise<number> {
  const heads = await page.locator('thead tr').first().locator('th').allInnerTexts();
  const place = heads.findIndex((text) => text.replace(/\s+/g, ' ').startsWith(name));
  expect(place, name).toBeGreaterThanOrEqual(0);
  return place;
}

interface Agents {
  state: { agents: Record<string, { name: string; status: string; teams?: Record<string, unknown> }> };
}

test('the floor shows every agent of the server, and counts time up', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const whole = (await site.get('/v1/live/agents', 'supervisor')) as Agents;
  const ids = Object.keys(whole.state.agents);
  expect(ids.length).toBeGreaterThan(0);
  await expect(page.locator('tr[data-row]')).toHaveCount(ids.length);
  const online = ids.find((id) => whole.state.agents[id]?.status === 'online') as string;
  const time = page.locator(`tr[data-row="${online}"] > *`).nth(await column(page, 'Online time'));
  await expect(time).toHaveText(/\d+:\d\d:\d\d/);
  const before = await time.textContent();
  await expect(time).not.toHaveText(before ?? '', { timeout: 10_000 });
});

test('each agent’s state says how long it has lasted, and sorts by that', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  type Rows = { state: { agents: Record<string, { status: string; status_since?: string }> } };
  const { agents } = ((await site.get('/v1/live/agents', 'supervisor')) as Rows).state;
  const known = Object.entries(agents).filter(([, one]) => one.status_since && one.status !== 'online').slice(0, 5);
  expect(known.length).toBeGreaterThan(0);
  const place = await column(page, 'State');
  for (const [id, one] of known) {
    const cell = page.locator(`tr[data-row="${id}"] > *`).nth(place);
    await expect(cell).toHaveText(/^\s*(Paused|Offline)\s·\s(< 1 min|\d+ min|\d+ h( \d+ min)?)$/);
    const [, hours = '0', minutes = '0'] = /(?:(\d+) h ?)?(?:(\d+) min)?$/.exec((await cell.textContent()) ?? '') ?? [];
    // A minute may turn in between; the two largest units are shown.
    const lasted = (Date.now() - Date.parse(one.status_since ?? '')) / 60_000;
    if (!((await cell.textContent()) ?? '').includes('<')) expect(Math.abs(lasted - Number(hours) * 60 - Number(minutes))).toBeLessThanOrEqual(2);
    await expect(cell.locator('[title]')).toHaveAttribute('title', /since .*\d\d:\d\d/);
  }
  await page.getByRole('button', { name: 'State', exact: true }).click();
  await expect(page).toHaveURL(/sort=status/);
  await expect(page.locator('th[aria-sort="ascending"]')).toHaveCount(1);
  await expect(async () => {
    const rows = await page.locator('tr[data-row]').evaluateAll((list) => list.map((row) => (row as HTMLElement).dataset.row ?? ''));
    const now = ((await site.get('/v1/live/agents', 'supervisor')) as Rows).state.agents;
    const away = rows.filter((id) => now[id]?.status === 'paused').map((id) => now[id]?.status_since ?? '');
    expect(away).toEqual([...away].sort());
    const order = rows.map((id) => ['online', 'paused', 'offline'].indexOf(now[id]?.status ?? ''));
    expect(order).toEqual([...order].sort());
  }).toPass({ timeout: 30_000 });
});

test('a filter is in the address, and a link shows what its sender saw', async ({ page, site, context }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const rows = page.locator('tr[data-row]');
  await expect(rows).not.toHaveCount(0);
  await page.locator('summary').filter({ hasText: 'Team' }).click();
  const first = page.locator('details[open] label').first();
  await first.click();
  await expect(page).toHaveURL(/team=/);
  await page.keyboard.press('Escape');

  const team = decodeURIComponent(new URL(page.url()).searchParams.get('team') ?? '');
  const whole = (await site.get(`/v1/live/agents?team=${encodeURIComponent(team)}`, 'supervisor')) as Agents;
  const members = Object.values((await site.get('/v1/live/agents', 'supervisor') as Agents).state.agents).filter((agent) => agent.teams && team in agent.teams);
  expect(members.length).toBeGreaterThan(0);
  await expect(rows).toHaveCount(members.length);
  expect(Object.keys(whole.state.agents).length).toBeGreaterThan(0);

  const other = await context.newPage();
  await other.goto(`${page.url()}#${await site.token('supervisor')}`);
  await expect(other.locator('tr[data-row]')).toHaveCount(members.length);
  await other.close();
});

test('the table sorts, searches and tells when nothing fits', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await expect(page.locator('tr[data-row]')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Assigned today', exact: true }).click();
  await expect(page).toHaveURL(/sort=-assigned/);
  await expect(page.locator('th[aria-sort="descending"]')).toHaveCount(1);
  const place = await column(page, 'Assigned today');
  const assigned = (await page.locator(`tr[data-row] > :nth-child(${place + 1})`).allTextContents()).map(Number);
  expect(assigned).toEqual([...assigned].sort((a, b) => b - a));
  await page.keyboard.press('/');
  await page.keyboard.type('nobody is called this');
  await expect(page.getByText('No agent matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.locator('tr[data-row]')).not.toHaveCount(0);
});

test('the queue has the longest wait first', async ({ page, site }) => {
  const leave = [await site.waiting(), await site.waiting()];
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const waits = page.locator('[data-waiting] b');
  await expect(waits.nth(1)).toBeVisible();
  const seconds = (await waits.allTextContents()).map((text) => {
    const [a = 0, b = 0] = (text.match(/\d+/g) ?? []).map(Number);
    return text.includes('h') ? a * 3600 + b * 60 : a * 60 + b;
  });
  expect(seconds).toEqual([...seconds].sort((a, b) => b - a));
  for (const one of leave) await one();
});

for (const language of ['en', 'zh-CN'] as const) {
  test(`the agents’ table needs no scrolling sideways from 1280 px on, and keeps the names in sight below, in ${language}`, async ({ page, site }) => {
    await open(page, site, '/floor', 'supervisor', { language });
    await untilLive(page);
    await expect(page.locator('tr[data-row]')).not.toHaveCount(0);
    const box = page.locator('#view [role="region"]');
    const overflow = (): Promise<number> => box.evaluate((element) => element.scrollWidth - element.clientWidth);
    for (const [width, height] of [
      [1280, 800],
      [1366, 768],
      [1440, 900],
      [1699, 900],
      [1700, 900],
      [1920, 1080],
      [3840, 2160],
    ] as const) {
      await page.setViewportSize({ width, height });
      await expect.poll(overflow, { message: `at ${width} px` }).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `the page at ${width} px`).toBeLessThanOrEqual(0);
    }
    for (const width of [1024, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await expect.poll(overflow, { message: `at ${width} px` }).toBeGreaterThan(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), `the page at ${width} px`).toBeLessThanOrEqual(0);
      const name = page.locator('tr[data-row] th').first();
      const before = await name.boundingBox();
      await box.evaluate((element) => (element.scrollLeft = 200));
      expect((await name.boundingBox())?.x, 'the names stay').toBe(before?.x);
      await box.evaluate((element) => (element.scrollLeft = 0));
    }
  });
}
