import { expect, open, test, untilLive } from './site';

/** Where the first place at which a text stands in an element begins and ends on the screen. */
function placeOf(element: Element, text: string): { left: number; right: number } {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.textContent?.indexOf(text) ?? -1;
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + text.length);
    const { left, right } = range.getBoundingClientRect();
    return { left, right };
  }
  throw new Error(`${text} is not there`);
}

test('names and texts that are written from the right, that turn others round, or have no end, stay in their place', async ({ page, site }) => {
  const hebrew = await site.conversation('איפה ההזמנה שלי?', 'דוד כהן');
  const turned = await site.conversation('hello', 'Eve \u202enimda');
  const endless = await site.conversation('w'.repeat(300), 'W'.repeat(120));
  const marked = await site.conversation('<b>here</b>', '<img src=x onerror=alert(1)>');
  await open(page, site, '/agent', 'agent');
  await untilLive(page);

  const mine = (id: string) => page.locator('#open ~ ul li').filter({ has: page.locator(`b[title="${id}"]`) });
  const name = mine(hebrew).locator('b');
  await expect(name).toContainText('דוד כהן');
  // Beside a time that is owed the whole name still stands, at the list's own side.
  await expect(mine(hebrew)).toContainText('reply owed');
  const short = await name.evaluate((b) => ({ cut: b.scrollWidth > b.clientWidth, align: getComputedStyle(b).textAlign }));
  expect(short).toEqual({ cut: false, align: 'left' });
  // What ends a question from the right stands at its left.
  const question = mine(hebrew).locator('.quiet');
  const sign = await question.evaluate(placeOf, '?');
  const word = await question.evaluate(placeOf, 'איפה');
  expect(sign.right).toBeLessThanOrEqual(word.left);

  // An override would make an administrator of her.
  await expect(mine(turned).locator('b')).toHaveText('Eve nimda');
  await expect(mine(marked).locator('b')).toHaveText('<img src=x onerror=alert(1)>');
  const long = mine(endless).locator('b');
  expect(await long.evaluate((b) => b.scrollWidth > b.clientWidth && getComputedStyle(b).textOverflow)).toBe('ellipsis');
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);

  // Where the name is part of a sentence, the sentence keeps its order.
  await mine(hebrew).click();
  await page.getByLabel('Message', { exact: true }).fill('On its way.');
  await expect(async () => {
    await page.getByLabel('Message', { exact: true }).press('Control+Enter');
    await expect(page.locator('[data-verdict="allow"]')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await expect(page.locator('[data-verdict="allow"]')).toContainText('\u2068דוד כהן\u2069');

  // A long name in a table has an ellipsis, and can be read whole.
  await open(page, site, `/history`, 'supervisor');
  await page.getByLabel('Search ids, names and messages').fill(endless);
  const row = page.locator('tr[data-row]').filter({ hasText: endless });
  await expect(row).toHaveCount(1);
  const cell = row.locator('td', { hasText: 'WWW' });
  expect(await cell.getAttribute('title')).toBe('W'.repeat(120));
  expect(await cell.evaluate((td) => [td.getBoundingClientRect().width < 400, getComputedStyle(td).textOverflow])).toEqual([true, 'ellipsis']);
});
