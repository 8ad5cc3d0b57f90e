import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Site } from './site';

/** Sends a document as a supervisor's page would. */
async function put(site: Site, path: string, body: object): Promise<void> {
  const answer = await fetch(site.url + path, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await site.token('supervisor')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.ok, `${path}: ${await answer.text()}`).toBe(true);
}

/** Stores a board of one tile, as new or over what it was. */
async function board(site: Site, id: string, name: string, metric: string, more: object = {}): Promise<void> {
  const { boards } = (await site.get('/v1/boards', 'supervisor')) as { boards: { id: string; version: number }[] };
  await put(site, `/v1/boards/${id}`, { name, tiles: [{ metric }], agents: false, queue: false, version: boards.find((one) => one.id === id)?.version ?? 0, ...more });
}

const tools = async (page: Page): Promise<void> => {
  await page.mouse.move(200 + Math.random() * 50, 200);
};

test('Esc closes what is open over a board, and only then leaves it, whichever board it is', async ({ page, site }) => {
  await board(site, 'esc', 'Esc', 'queue_length');
  for (const path of ['/wallboard', '/wallboard/esc']) {
    await open(page, site, path, 'supervisor');
    await untilLive(page);
    await tools(page);
    await page.getByRole('button', { name: 'Arrange' }).click();
    await expect(page.locator('[data-editor] h2')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.locator('[data-editor]')).toHaveCount(0);
    expect(new URL(page.url()).pathname).toBe(path);

    await tools(page);
    await page.getByRole('button', { name: 'Links for screens' }).click();
    await expect(page.locator('[data-screens]')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.locator('[data-screens]')).toHaveCount(0);
    expect(new URL(page.url()).pathname).toBe(path);

    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toContainText('Leave the wallboard');
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(new URL(page.url()).pathname).toBe(path);

    await page.keyboard.press('Escape');
    await expect(page).toHaveURL(`${site.url}/`);
  }
});

test('a television has the whole screen with f, and no pointer on it that nobody moves', async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  const cursor = (): Promise<string> => page.evaluate(() => getComputedStyle(document.querySelector('[data-tile]') as Element).cursor);
  await page.mouse.move(300, 300);
  await expect.poll(cursor).not.toBe('none');
  await expect.poll(cursor).toBe('none');
  await page.mouse.move(320, 300);
  await expect.poll(cursor).not.toBe('none');

  const whole = (): Promise<boolean> => page.evaluate(() => document.fullscreenElement !== null);
  await page.keyboard.press('f');
  await expect.poll(whole).toBe(true);
  await page.keyboard.press('f');
  await expect.poll(whole).toBe(false);
  // Nobody who only looks can leave.
  await page.keyboard.press('Escape');
  await expect(page.locator('[data-tile]')).toHaveCount(6);
  expect(new URL(page.url()).pathname).toBe('/wallboard');
});
