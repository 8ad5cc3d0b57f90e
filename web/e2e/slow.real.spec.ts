import { expect, test, untilLive } from './site';

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

for (const path of ['/overview', '/operation/service', '/insights/risks', '/ai']) {
  test(`${path}: what comes late moves nothing that is there, and is asked for once`, async ({ page, site }) => {
    await page.addInitScript(() => {
      const moved = { sum: 0 };
      (window as unknown as { moved: typeof moved }).moved = moved;
      new PerformanceObserver((list) => {
        for (const one of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean })[]) if (!one.hadRecentInput) moved.sum += one.value;
      }).observe({ type: 'layout-shift', buffered: true });
    });
    // The catalogue first, then what is pushed, then the reports, one after the other.
    const asked: string[] = [];
    let late = 0;
    await page.route(/\/v1\/(catalog|tenant|tickets|metrics|conversations|violations)(\?|$)/, async (route) => {
      const { pathname, href } = new URL(route.request().url());
      if (route.request().method() === 'GET') asked.push(href);
      await wait(pathname === '/v1/tickets' ? 700 : pathname === '/v1/catalog' || pathname === '/v1/tenant' ? 400 : 500 + 100 * late++);
      await route.continue().catch(() => undefined);
    });
    // Days that are over: what reaches into today is asked for again each minute.
    const days = `from=${await site.day(8)}&to=${await site.day(2)}`;
    await page.goto(`${site.url}${path}?lang=en&${days}#${await site.token('supervisor')}`);
    await untilLive(page);
    await expect(page.locator('[data-metric]').first()).toBeVisible();
    await expect(page.locator('.skeleton')).toHaveCount(0);
    await expect(page.locator('[data-ready="false"]')).toHaveCount(0);
    expect(await page.evaluate(() => (window as unknown as { moved: { sum: number } }).moved.sum)).toBeLessThan(0.1);
    expect(asked.filter((one, place) => asked.indexOf(one) !== place), 'asked for twice').toEqual([]);
  });
}

test('a list that cannot be read anew keeps its rows, says that they are older, and then no more', async ({ page, site, complaints }) => {
  const today = await site.day(0);
  await page.goto(`${site.url}/history?range=today&from=${today}&to=${today}&lang=en#${await site.token('supervisor')}`);
  const rows = page.locator('.chats tr[data-row]');
  await expect(rows.first()).toBeVisible();
  const overdue = page.locator('[data-overdue]');
  await expect(overdue).toHaveCount(0);
  await page.route('**/v1/conversations?**', (route) => route.fulfill({ status: 500, json: { code: 'internal', status: 500 } }));
  await site.conversation('Is anybody there?');
  await expect(overdue).toHaveText('could not be brought up to date just now', { timeout: 45_000 });
  await expect(rows.first()).toBeVisible();
  await expect(page.locator('main [role="alert"]')).toHaveCount(0);
  await page.unroute('**/v1/conversations?**');
  await site.conversation('And now?');
  await expect(overdue).toHaveCount(0, { timeout: 45_000 });
  expect(complaints.filter((one) => !one.includes('500'))).toEqual([]);
  complaints.length = 0;
});
