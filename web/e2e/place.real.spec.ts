import type { Page } from '@playwright/test';
import { expect, open, test, untilLive } from './site';

/** What has the focus: where it is, or `nowhere`. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement | null;
    if (!element || element === document.body) return 'nowhere';
    return (element.id || element.getAttribute('aria-label') || element.textContent || element.tagName).replace(/\s+/g, ' ').trim();
  });

test('the keyboard keeps its place: a page that goes, a panel that closes, a button that has done its work', async ({ page, site }) => {
  await open(page, site, '/overview', 'supervisor');
  await untilLive(page);
  // The next page has the focus, whether a link led there or two keys.
  await page.locator('main section h2 a').first().focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toHaveText('Floor');
  await expect.poll(() => focused(page)).toBe('content');
  await page.locator('[data-figure]').first().focus();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.locator('h1')).toHaveText('Chat volume');
  await expect.poll(() => focused(page)).toBe('content');

  // A button that is gone leaves the focus where it was before.
  const channel = page.locator('summary').first();
  await channel.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear filters' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Clear filters' })).toHaveCount(0);
  await expect(channel).toBeFocused();

  // A panel gives it back to what has opened it.
  await page.goto(`${site.url}/floor?view=open&lang=en`);
  await untilLive(page);
  const row = page.locator('#view tbody tr button').first();
  const name = (await row.innerText()).trim();
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-monitor]').getByRole('button', { name: 'Close' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-monitor]')).toHaveCount(0);
  expect(await focused(page)).toContain(name);

  await page.goto(`${site.url}/wallboard?lang=en`);
  await untilLive(page);
  await page.mouse.move(300, 300);
  const arrange = page.getByRole('button', { name: 'Arrange', exact: true });
  await arrange.focus();
  await page.keyboard.press('Enter');
  const step = page.locator('[data-edit]').first().locator('[data-step="1"]');
  await step.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-edit]').nth(1).locator('[data-step="1"]'), 'the tile is held on to').toBeFocused();
  await page.locator('[data-edit]').last().getByRole('button').last().focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-edit]')).toHaveCount(5);
  expect(await page.evaluate(() => document.activeElement?.closest('[data-editor]') !== null), 'a tile was taken away').toBe(true);
  await page.getByRole('button', { name: 'Close without saving' }).focus();
  await page.keyboard.press('Enter');
  await expect(arrange).toBeFocused();
});

test('a row that a push moves or takes away keeps the focus, or leaves it in its list', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const rows = page.locator('#view tbody tr[data-row]');
  await rows.nth(1).locator('a').first().focus();
  const name = await focused(page);
  // As Svelte moves a row of a list, and as it removes one.
  await rows.nth(1).evaluate((row) => row.parentElement?.prepend(row));
  await expect.poll(() => focused(page)).toBe(name);
  await rows.first().evaluate((row) => row.remove());
  await expect.poll(() => page.evaluate(() => document.activeElement?.closest('#view table') !== null), 'in its list').toBe(true);
  // Whoever has pressed the ground has let go of it.
  await rows.first().locator('a').first().focus();
  await page.locator('h1').click();
  await rows.first().evaluate((row) => row.remove());
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  expect(await focused(page)).toMatch(/nowhere|content/);
});

test('a button that cannot be pressed twice has the focus again once there is an answer', async ({ page, site }) => {
  await open(page, site, '/rules?view=try', 'owner');
  await page.goto(`${site.url}/rules?view=try&lang=en`);
  let asked = 0;
  let answer = (): void => undefined;
  const answered = new Promise<void>((done) => (answer = done));
  await page.route('**/v1/rules/try', async (route) => {
    asked++;
    await answered;
    await route.continue();
  });
  await page.locator('main textarea').first().fill('Call me at +49 170 2223334');
  const button = page.locator('main form button').first();
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(button).toBeDisabled();
  await page.keyboard.press('Enter');
  await expect.poll(() => focused(page), 'a browser takes it away').toBe('nowhere');
  answer();
  await expect(button).toBeEnabled();
  await expect(button).toBeFocused();
  expect(asked).toBe(1);
});

test('on a small screen the menu closes with Escape, and leads onto the page that was chosen', async ({ page, site }) => {
  await page.setViewportSize({ width: 640, height: 360 });
  await open(page, site, '/overview', 'supervisor');
  await untilLive(page);
  const menu = page.getByRole('button', { name: 'Menu', exact: true });
  await menu.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(menu).toBeFocused();
  await expect(menu).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByRole('link', { name: 'Chat volume' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toHaveText('Chat volume');
  await expect.poll(() => focused(page)).toBe('content');
});

test('a wall whose page could not be loaded says so, and comes up by itself', async ({ page, site, complaints }) => {
  await page.route(/\/assets\/Wallboard-.*\.js$/, (route) => route.abort());
  await open(page, site, '/wallboard', 'wallboard');
  await expect(page.getByRole('alert')).toContainText('This could not be shown');
  await page.unroute(/\/assets\/Wallboard-.*\.js$/);
  await expect(page.locator('[data-tile]')).toHaveCount(6, { timeout: 20_000 });
  expect(complaints.filter((one) => !one.includes('ERR_FAILED'))).toEqual([]);
  complaints.length = 0;
});
