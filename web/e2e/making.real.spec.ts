import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Site } from './site';

/** Lets the server say that so much of its past is made up, to who comes in as to who asks. */
async function pretend(page: Page, site: Site, past: () => number): Promise<void> {
  const roles = (await (await fetch(`${site.url}/v1/demo/roles`)).json()) as object;
  await page.route('**/v1/demo/roles', (route) => route.fulfill({ json: { ...roles, past: past() } }));
  await page.route('**/v1/me', async (route) => {
    const answer = await route.fetch();
    const me = (await answer.json()) as object;
    await route.fulfill({ response: answer, json: past() < 1 ? { ...me, past: past() } : me });
  });
}

test('while a demo’s past is made up, reports and the wallboard say so; when it is whole they compare by themselves', async ({ page, site }) => {
  let past = 0.304;
  await pretend(page, site, () => past);
  await page.goto(`${site.url}/?lang=en`);
  await expect(page.getByText('30', { exact: false }).first()).toBeVisible();
  await page.locator('[data-role="supervisor"]').first().click();
  const notice = page.locator('[data-renewing="past"]');
  await expect(notice).toContainText('The past of this demo is still being made up.');
  await expect(notice).toContainText('30%');
  await page.getByLabel('Pages').getByRole('link', { name: 'Chat volume' }).click();
  const first = page.locator('[data-metric]').first();
  await expect(first).toContainText('not compared yet');

  await page.getByRole('link', { name: 'Wallboard' }).click();
  await untilLive(page);
  await expect(notice).toHaveText('demo’s past: 30%');
  past = 0.729;
  await expect(notice).toHaveText('demo’s past: 72%');
  await page.reload();
  await expect(notice, 'a page that is loaded again knows it still').toHaveText(/demo’s past/);
  await untilLive(page);
  await page.keyboard.press('Escape');
  await expect(page.locator('progress')).toBeVisible();
  await page.getByLabel('Pages').getByRole('link', { name: 'Chat volume' }).click();
  await expect(first).toContainText('not compared yet');
  const again = page.waitForRequest((request) => request.url().includes('/v1/metrics?'));
  past = 1;
  await again;
  await expect(notice).toHaveCount(0);
  await expect(first).not.toContainText('not compared yet');

  await page.getByRole('link', { name: 'Wallboard' }).click();
  await untilLive(page);
  await expect(notice).toHaveCount(0);
});

test('a screen that comes in by its link alone says so too', async ({ page, site }) => {
  let past = 0.304;
  await pretend(page, site, () => past);
  await open(page, site, '/wallboard', 'wallboard');
  const notice = page.locator('[data-renewing="past"]');
  await expect(notice).toHaveText('demo’s past: 30%');
  past = 0.729;
  await expect(notice).toHaveText('demo’s past: 72%');
  past = 1;
  await expect(notice).toHaveCount(0);
});

test('nothing but a demo is asked for its past', async ({ page, site }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  expect(asked).not.toContain('/v1/demo/roles');
});
