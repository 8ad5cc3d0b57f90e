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
  await expect(box.locator('table')).toHaveAttribute('aria-rowcount', '10003', { timeout: 60_000 });
  const rows = box.locator('tbody tr');
  expect(await rows.count()).toBeLessThan(80);

  // Every row that is drawn, and the most that were there at any time.
  await box.evaluate((element) => {
    const body = element.querySelector('tbody');
    const seen = { added: 0, most: 0 };
    (window as unknown as { seen: typeof seen }).seen = seen;
    if (body) {
      new MutationObserver((changes) => {
        for (const change of changes) seen.added += [...change.addedNodes].filter((node) => node.nodeName === 'TR').length;
        seen.most = Math.max(seen.most, body.rows.length);
      }).observe(body, { childList: true });
    }
  });
  const seen = (): Promise<{ added: number; most: number }> => page.evaluate(() => (window as unknown as { seen: { added: number; most: number } }).seen);

  // A fast wheel: 400 pixels a frame. A long task is one that takes 50 ms of the
  // processor's own time, so that what else a machine does makes none.
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const ours = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
  const spent = async (): Promise<number> =>
    (await cdp.send('Performance.getMetrics')).metrics.reduce((sum, one) => (ours.includes(one.name) ? sum + one.value : sum), 0);
  const steps = 25;
  let long = 0;
  let before = await spent();
  for (let step = 0; step < steps; step++) {
    await box.evaluate(async (element) => {
      element.scrollTop += 400;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    });
    const after = await spent();
    if (after - before > 0.05) long++;
    before = after;
  }
  expect(long, 'long tasks of the scroll').toBeLessThanOrEqual(1);
  const scrolled = await seen();
  // 400 pixels are ten rows; none is drawn that was there already.
  expect(scrolled.added, 'rows drawn').toBeLessThan(steps * 16);
  expect(scrolled.most, 'rows at a time').toBeLessThan(80);
  await box.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
  await expect(box.locator('tr[data-row]').last()).toBeVisible();
  expect(await rows.count()).toBeLessThan(80);

  // Another order draws one screen anew, and moves no column.
  const widths = (): Promise<number[]> => box.locator('thead tr:first-child th').evaluateAll((heads) => heads.map((head) => Math.round(head.getBoundingClientRect().width)));
  const sorting = { widths: await widths(), ...(await seen()) };
  await page.getByRole('button', { name: 'Handled chats', exact: true }).click();
  await expect(page.locator('th[aria-sort="descending"]')).toContainText('Handled chats');
  expect(await rows.count()).toBeLessThan(80);
  expect((await seen()).added - sorting.added, 'rows drawn for a sort').toBeLessThan(160);
  expect(await widths()).toEqual(sorting.widths);
  await expect(box.locator('[data-pinned="0"]')).toContainText('Team average');
  const values = await box.locator('tr[data-row] td:nth-child(7)').allInnerTexts();
  expect(values.slice(0, 3)).toEqual(['996', '996', '996']);
});
