import { expect, open, test, untilLive } from './site';

test('reports that cannot be read say so, leave what is live alone, and come back', async ({ page, site, complaints }) => {
  await site.control('down');
  await open(page, site, '/overview', 'supervisor');
  await untilLive(page);
  await expect(page.getByRole('alert')).toContainText('Reports cannot be read right now');
  // What is pushed needs no database.
  await expect(page.locator('[data-metric="online_agents"] [data-figure]')).toHaveText(/^\d+$/);
  await site.control('up');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('[data-metric="chats"] [data-figure]')).toHaveText(/\d/);
  await expect(page.getByRole('alert')).toHaveCount(0);
  // The browser itself reports the answers that were asked for.
  const unexpected = complaints.filter((line) => !line.includes('503'));
  complaints.length = 0;
  expect(unexpected).toEqual([]);
});

test('a range beyond the profile’s limit is refused where it is typed, and in an address', async ({ page, site }) => {
  await open(page, site, '/operation/chats', 'supervisor');
  await expect(page.locator('[data-metric="chats"]')).toBeVisible();
  await page.locator('[data-range]').click();
  await page.getByLabel('From').fill('2020-01-01');
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('At most 90 days');
  await page.keyboard.press('Escape');
  await page.goto(`${site.url}/operation/chats?from=2020-01-01&to=2026-01-01&lang=en`);
  await expect(page.getByRole('button', { name: /Last 7 days/ })).toBeVisible();
});

test('a profile’s dates outlive their day: an old link shows what its sender saw', async ({ page, site }) => {
  await page.goto(`${site.url}/operation/chats?range=last7&from=2026-01-05&to=2026-01-11&lang=en#${await site.token('supervisor')}`);
  await expect(page.locator('[data-range]')).toHaveText('Jan 5 – 11, 2026');
  await expect(page.locator('[data-metric="chats"]')).toBeVisible();
});

test('10,000 agents scroll and sort without a stutter', async ({ page, site }) => {
  await site.control('crowd');
  await open(page, site, '/agents/performance', 'supervisor');
  const box = page.getByRole('region', { name: 'Table: Team performance' });
  await expect(box.locator('table')).toHaveAttribute('aria-rowcount', '10003');
  expect(await box.locator('tbody tr').count()).toBeLessThan(80);

  // A fast wheel: 400 pixels a frame. What the page itself does is measured, in
  // time on the processor, so that a busy machine does not count, and neither
  // does painting without a graphics card.
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const ours = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
  const spent = async (): Promise<number> =>
    (await cdp.send('Performance.getMetrics')).metrics.reduce((sum, one) => (ours.includes(one.name) ? sum + one.value : sum), 0);
  const steps = 60;
  const before = await spent();
  await box.evaluate(async (element, count) => {
    for (let step = 0; step < count; step++) {
      element.scrollTop += 400;
      await new Promise(requestAnimationFrame);
    }
  }, steps);
  const each = ((await spent()) - before) * 1000 / steps;
  expect(each, 'milliseconds of work a frame').toBeLessThan(16.7);
  await box.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  await expect(box.locator('tr[data-row]').last()).toBeVisible();
  expect(await box.locator('tbody tr').count()).toBeLessThan(80);

  const unsorted = await spent();
  await page.getByRole('button', { name: 'Handled chats', exact: true }).click();
  await expect(page.locator('th[aria-sort="descending"]')).toContainText('Handled chats');
  expect(((await spent()) - unsorted) * 1000, 'milliseconds of work for a sort').toBeLessThan(400);
  await expect(box.locator('[data-pinned="0"]')).toContainText('Team average');
  const values = await box.locator('tr[data-row] td:nth-child(7)').allInnerTexts();
  expect(values.slice(0, 3)).toEqual(['996', '996', '996']);
});
