import { expect, open, test, untilLive } from './site';
import { startServer } from './server';

/** The reports, the lists and the settings: what a manager opens on Monday. */
const pages = [
  '/overview', '/operation/chats', '/operation/service', '/operation/conversion', '/operation/customers', '/operation/definitions', '/agents/performance',
  '/agents/team', '/history', '/insights/risks', '/insights/reviews', '/ai', '/inbox', '/settings', '/settings/thresholds', '/settings/boards', '/settings/links',
];

/** What a page must never say, whatever it has or has not. */
const slips = /NaN|undefined|Infinity|\bnull\b|\[object/;

test('a fresh desk has no number that is none, and every page says what to do', async ({ browser }) => {
  test.setTimeout(300_000);
  const server = await startServer('serve');
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    const token = await server.command('token', '--tenant', 'fresh', '--role', 'owner');
    for (const path of pages) {
      await page.goto(`${server.url}${path}?lang=en#${token}`);
      await expect(page.locator('h1'), path).toBeVisible();
      await expect(page.locator('.skeleton'), path).toHaveCount(0, { timeout: 30_000 });
      const main = page.locator('main');
      expect(await main.innerText(), path).not.toMatch(slips);
      await expect(main.getByRole('alert'), path).toHaveCount(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), path).toBeLessThanOrEqual(0);
    }
    await page.goto(`${server.url}/history?lang=en#${token}`);
    await expect(page.getByText('Nothing here yet')).toBeVisible();
    await page.goto(`${server.url}/operation/chats?lang=en#${token}`);
    await expect(page.locator('[data-metric="chats"] [data-figure]')).toHaveText('0');
    await expect(page.locator('[data-chart="chats-by-day"]')).toBeVisible();

    // What the desk waits for stands on its reports, until it comes.
    const waits = page.locator('[data-untouched]');
    await expect(waits).toContainText('Nothing has come in yet');
    await expect(waits).toContainText('floorlight token --tenant fresh --role service');
    const answer = await fetch(`${server.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.command('token', '--tenant', 'fresh', '--role', 'service')}`, 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify({ specversion: '1.0', id: 'e1', source: 'bare', type: 'conversation.started', time: new Date().toISOString(), tenant: 'fresh', subject: 'c1', data: { conversation: 'c1', channel: 'web', customer: { id: 'u1' } } }),
    });
    expect(answer.ok, await answer.text()).toBe(true);
    await expect(waits).toHaveCount(0, { timeout: 30_000 });
  } finally {
    await context.close();
    await server.stop();
  }
});

test('without a database every report says so, offers a way out, and comes back', async ({ page, site, complaints }) => {
  test.setTimeout(300_000);
  let away = true;
  await page.route(/\/v1\/(metrics|conversations|agents\/performance|profiles)\b/, (route) =>
    away ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ code: 'unavailable', title: 'Reports cannot be read now.' }) }) : route.continue(),
  );
  for (const path of pages.slice(0, 12).filter((one) => one !== '/agents/team')) {
    away = true;
    await open(page, site, path, 'supervisor');
    const alert = page.locator('main').getByRole('alert').first();
    await expect(alert, path).toContainText('Reports cannot be read right now');
    expect(await page.locator('main').innerText(), path).not.toMatch(slips);
    away = false;
    // One question may bring back more than one part, which takes its button away.
    // On a wall nobody presses it: what has failed comes back by itself, the list too.
    const alone = path === '/overview' || path === '/history';
    await expect(async () => {
      if (alone) return expect(page.locator('main').getByRole('alert')).toHaveCount(0, { timeout: 1000 });
      const again = page.getByRole('button', { name: 'Try again' }).first();
      if (await again.isVisible()) await again.click({ timeout: 1000 });
      await expect(page.locator('main').getByRole('alert')).toHaveCount(0, { timeout: 1000 });
    }, path).toPass({ timeout: 40_000 });
  }
  // The browser itself reports the answers that were asked for.
  const unexpected = complaints.filter((line) => !line.includes('503'));
  complaints.length = 0;
  expect(unexpected).toEqual([]);
});

test('a report that waits has the height of what comes, and its live half goes on', async ({ page, site }) => {
  let answer = (): void => undefined;
  const held = new Promise<void>((done) => (answer = done));
  await page.route(/\/v1\/metrics\?/, async (route) => {
    await held;
    await route.continue();
  });
  await open(page, site, '/overview', 'supervisor');
  await untilLive(page);
  await expect(page.locator('[data-metric="online_agents"] [data-figure]')).toHaveText(/^\d+$/);
  await expect(page.locator('.skeleton').first()).toBeVisible();
  const height = (): Promise<number> => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  answer();
  await expect(page.locator('[data-metric="chats"] [data-figure]')).toHaveText(/\d/);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await expect(page.locator('[data-ready="false"]')).toHaveCount(0);
  expect(Math.abs((await height()) - before) / before, 'the page jumped').toBeLessThan(0.2);
});
