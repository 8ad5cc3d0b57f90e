import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Site } from './site';

interface Double {
  /** Whether a connection that is up got only what was missing. */
  resumed: boolean;
  sockets: number;
  /** How many snapshots were sent, ever. */
  snapshots: number;
}

async function double(site: Site): Promise<Double> {
  return (await (await fetch(`${site.url}/fake/state`)).json()) as Double;
}

const resumed = async (site: Site): Promise<boolean> => (await double(site)).resumed;

const version = async (page: Page): Promise<number> => Number(await page.locator('main').getAttribute('data-version'));

test.beforeEach(async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
});

test('a silent server is called stale within seconds, loudly, and is believed again', async ({ page, site }) => {
  await expect(page.locator('[data-banner]')).toHaveCount(0);
  await site.control('freeze');
  await expect(page.locator('[data-banner]')).toContainText('nothing has come since', { timeout: 15_000 });
  await expect(page.locator('[data-freshness="stale"]')).toContainText(/stale since \d\d:\d\d/);
  await site.control('thaw');
  await expect(page.locator('[data-banner]')).toHaveCount(0);
  await untilLive(page);
});

test('the floor says so too, and shows that it is not current', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await site.control('freeze');
  await expect(page.getByRole('alert').filter({ hasText: 'nothing has come since' })).toBeVisible({ timeout: 15_000 });
  await expect(page.locator('.columns')).toHaveCSS('filter', 'grayscale(1)');
  await site.control('thaw');
  await expect(page.getByRole('alert').filter({ hasText: 'nothing has come since' })).toHaveCount(0);
  await expect(page.locator('.columns')).toHaveCSS('filter', 'none');
});

test('a dropped connection comes back with only what it missed', async ({ page, site }) => {
  const before = await version(page);
  await site.control('drop');
  await expect.poll(() => resumed(site)).toBe(true);
  await untilLive(page);
  await expect.poll(() => version(page)).toBeGreaterThan(before);
  await expect(page.locator('[data-banner]')).toHaveCount(0);
});

test('after a restart with a new epoch the state is fetched anew', async ({ page, site }) => {
  await site.control('epoch');
  await expect.poll(async () => (await double(site)).sockets).toBe(1);
  await untilLive(page);
  expect(await resumed(site)).toBe(false);
  await expect(page.locator('[data-tile="queue_length"] .figure')).toHaveText(/\d/);
});

test('a state that went wrong is found by its checksum and put right', async ({ page, site }) => {
  const before = (await double(site)).snapshots;
  // A checksum that fits changes nothing.
  await site.control('check');
  await expect.poll(() => version(page)).toBeGreaterThan(await version(page));
  expect((await double(site)).snapshots).toBe(before);
  await site.control('corrupt');
  await site.control('check');
  await expect.poll(async () => (await double(site)).snapshots).toBe(before + 1);
  await expect(page.locator('[data-tile="queue_length"] .figure')).toHaveText(/^\d{1,2}$/);
});

test('midnight needs no reload', async ({ page, site }) => {
  const day = page.locator('[data-day]');
  await expect(day).toHaveAttribute('data-day', '2026-11-21');
  await site.control('midnight');
  await expect(day).toHaveAttribute('data-day', '2026-11-22');
  await expect(page.locator('[data-tile="blocked_messages"] .figure')).toHaveText('0');
});

test('a server with another version brings the page with it', async ({ page, site }) => {
  const reloaded = page.waitForEvent('load');
  await site.control('upgrade');
  await reloaded;
  await untilLive(page);
});

test('a token that is revoked says so, and does not try for ever', async ({ page, site, complaints }) => {
  await site.control('revoke');
  const over = page.locator('[data-over]');
  await expect(over).toContainText('This link has ended');
  await expect(over).toContainText(/Nothing has been shown here since .*\d\d:\d\d/);
  await expect(over).toContainText('An owner, admin or supervisor of the desk makes a new one');
  await expect(page.locator('[data-figure], [data-tile]'), 'what it showed is taken away').toHaveCount(0);

  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.evaluate(() => dispatchEvent(new Event('online')));
  const since = await page.evaluate(() => performance.now());
  await page.waitForFunction((from) => performance.now() > from + 6_000, since); // longer than it waits before it tries again
  expect(asked.filter((one) => !one.includes('/assets/'))).toEqual([]);

  // Loaded anew, however often, it still knows since when.
  const said = await over.getByText('Nothing has been shown here since').innerText();
  for (let n = 0; n < 2; n++) {
    await page.reload();
    await expect(over).toContainText(said);
  }

  // Whoever opens it again by the same link is told the same.
  await open(page, site, '/wallboard', 'wallboard', { language: 'zh-CN' });
  await expect(over).toContainText('此链接已失效');
  await expect(over).toContainText('请负责人、管理员或主管');

  // A new link goes on where the old one stood.
  await site.control('restore');
  await page.evaluate((token) => (location.hash = token), await site.token('wallboard'));
  await untilLive(page);
  await expect(over).toHaveCount(0);
  await expect(page.locator('[data-tile]').first()).toBeVisible();
  complaints.length = 0;
});

test('a board that somebody has open under his own name keeps no figures either, and goes on once he signs in', async ({ page, site, complaints }) => {
  await open(page, site, '/wallboard', 'supervisor');
  await untilLive(page);
  await site.control('revoke');
  await expect(page.locator('[data-ended]')).toContainText('Your access has ended');
  await expect(page.locator('[data-figure], [data-tile]')).toHaveCount(0);
  await site.control('restore');
  await page.locator('[data-ended]').getByLabel('Access token').fill(await site.token('supervisor'));
  await page.keyboard.press('Enter');
  await untilLive(page);
  await expect(page.locator('[data-tile]').first()).toBeVisible();
  complaints.length = 0;
});
