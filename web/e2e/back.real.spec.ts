import { expect, open, test, untilLive } from './site';

test('the order of every table stands in the address: back, forward and a reload bring it', async ({ page, site }) => {
  for (const [path, table] of [
    ['/operation/chats', '[data-table="chats-by-intent"]'],
    ['/insights/risks', '[data-table="flagged-agents"]'],
    ['/agents/team', 'main'],
  ] as const) {
    await open(page, site, path, 'supervisor');
    await untilLive(page);
    const heads = page.locator(table).locator('th button:not(.help)');
    await heads.nth(1).click();
    const sorted = page.locator(table).locator('th[aria-sort]');
    await expect(sorted, path).toHaveCount(1);
    const name = await sorted.innerText();
    await page.reload();
    await untilLive(page);
    expect(await sorted.innerText(), path).toBe(name);
    await page.goBack();
    await expect(sorted, path).toHaveCount(0);
    await page.goForward();
    await expect(sorted, path).toHaveCount(1);
  }
});

test('a number that is explained stands in the address: back closes it, a conversation leads back to it, a link opens it', async ({ page, site, complaints }) => {
  await open(page, site, '/operation/service', 'supervisor');
  await untilLive(page);
  const figure = page.locator('[data-metric="avg_response"] [data-figure] button').first();
  await figure.click();
  const drawer = page.locator('[data-explain="avg_response"]');
  await expect(drawer.locator('ol li').first()).toBeVisible();
  await page.goBack();
  await expect(drawer).toHaveCount(0);
  await expect(figure).toBeFocused();
  await page.goForward();
  await expect(drawer.locator('ol li').first()).toBeVisible();
  const first = await drawer.locator('ol a').first().innerText();
  await drawer.locator('ol a').first().click();
  await expect(page).toHaveURL(/\/history\//);
  await expect(drawer).toHaveCount(0);
  await page.goBack();
  await expect(drawer.locator('ol a').first()).toHaveText(first);
  const link = page.url();
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(page).not.toHaveURL(/explain/);

  // One day of a chart, named in the reader's own words.
  await page.goto(link);
  await expect(drawer.locator('ol a').first()).toHaveText(first);
  await drawer.getByRole('button', { name: 'Close' }).click();
  await expect(drawer).toHaveCount(0);
  await expect(page.locator('h1')).toHaveText('Service performance');
  await page.getByRole('button', { name: /Show as a table: Response rate|Show as a table: 24h/ }).first().click();
  await page.locator('[data-chart] td button').first().click();
  const named = page.locator('[data-explain] h2 .quiet');
  await expect(named).not.toBeEmpty();
  const english = await named.innerText();
  await page.goto(page.url().replace('lang=en', 'lang=zh-CN'));
  await expect(named).not.toBeEmpty();
  expect(await named.innerText()).not.toBe(english);

  // Whoever may not see the page does not see its number either.
  await page.goto('about:blank');
  await page.goto(`${link}#${await site.token('agent')}`);
  await expect(page.getByRole('heading', { name: 'This page is not for your role' })).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(complaints).toEqual([]);
});

test('what is searched for on the floor comes back from a conversation, and not into another view', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const rows = page.locator('#view tbody tr[data-row]');
  const name = (await rows.first().locator('b').innerText()).trim();
  await page.getByRole('searchbox').fill(name);
  await expect(rows).toHaveCount(1);
  await rows.first().locator('a').first().click();
  await expect(page).not.toHaveURL(/\/floor\?.*find=/);
  await page.goBack();
  await expect(page.getByRole('searchbox')).toHaveValue(name);
  await expect(rows).toHaveCount(1);
  await page.getByRole('tab', { name: /Open conversations/ }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('');
});
