import type { Page } from '@playwright/test';
import { expect, open, test, untilLive } from './site';

const renewing = (page: Page) => page.locator('[data-renewing]');

test('while a desk gets other definitions its reports say so, how far it is, and are asked for anew after it', async ({ page, site }) => {
  await open(page, site, '/overview', 'supervisor');
  await untilLive(page);
  await expect(page.locator('[data-metric="chats"] [data-figure]')).toHaveText(/\d/);
  await expect(renewing(page)).toHaveCount(0);

  // Somebody else has saved them: nobody presses reload here.
  await site.control('redefine');
  await expect(renewing(page)).toContainText('The numbers are being computed anew.');
  await expect(renewing(page)).toContainText('wecom@4');
  await expect(renewing(page)).toContainText('12% · about 4 min left');
  await expect(page.locator('[data-metric="chats"] [data-figure]'), 'the numbers of before stay').toHaveText(/\d/);
  await site.control('further');
  await expect(renewing(page)).toContainText('47%');
  await expect(renewing(page).locator('progress')).toHaveJSProperty('value', 47);

  // Whoever comes later learns of it too, and on the page where it is set.
  await page.getByRole('navigation').getByRole('link', { name: 'Service performance' }).click();
  await expect(page.getByRole('heading', { name: 'Service performance', level: 1 })).toBeVisible();
  await expect(renewing(page)).toContainText('47%');
  await page.goto(`${site.url}/overview?lang=zh-CN`);
  await expect(renewing(page)).toContainText('正在重新计算数据。');
  await expect(renewing(page)).toContainText('约剩 4分钟');

  const asked = page.waitForRequest((one) => one.url().includes('/v1/metrics?'));
  await site.control('renewed');
  await expect(renewing(page)).toHaveCount(0);
  await asked;
});

test('a screen says it as well, whether it was there when it began or comes in by its link', async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  await expect(renewing(page)).toHaveCount(0);
  await site.control('redefine');
  await expect(renewing(page)).toHaveText('being recomputed: 12%');
  await site.control('further');
  await expect(renewing(page)).toHaveText('being recomputed: 47%');
  await open(page, site, '/wallboard', 'wallboard', { language: 'zh-CN' });
  await expect(renewing(page)).toHaveText('正在重新计算：47%');
  await site.control('renewed');
  await expect(renewing(page)).toHaveCount(0);
});

test('a server that computes the past anew after an update says so on the wall, which begins by itself', async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  await expect(page.locator('[data-tile="queue_length"] .figure')).toHaveText(/\d/);
  await site.control('update');
  const banner = page.locator('[data-banner]');
  await expect(banner).toContainText('the server has just started');
  await expect(banner).toContainText('12% so far');
  // What stands there is from before, and must not look as if it were of now.
  await expect(page.locator('main')).toHaveCSS('filter', 'grayscale(1)');
  await site.control('further');
  await expect(banner).toContainText('47% so far');
  await site.control('renewed');
  await expect(banner).toHaveCount(0);
  await expect(page.locator('main')).toHaveCSS('filter', 'none');
});

test('a live part that the server cannot show yet is no broken one', async ({ page, site }) => {
  await site.control('update');
  try {
    await open(page, site, '/overview', 'supervisor');
    await expect(page.locator('main').getByRole('alert')).toContainText('The server has just started');
    await expect(renewing(page)).toHaveAttribute('data-renewing', 'fold');
    await page.goto(`${site.url}/floor?lang=en`);
    await expect(page.getByRole('alert').filter({ hasText: 'The server has just started' })).toBeVisible();
  } finally {
    await site.control('renewed');
  }
  await expect(page.getByRole('alert').filter({ hasText: 'The server has just started' })).toHaveCount(0);
});
