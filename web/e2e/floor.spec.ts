import { expect, open, test, untilLive } from './site';

interface Agents {
  state: { agents: Record<string, { name: string; status: string; teams?: Record<string, unknown> }> };
}

test('the floor shows every agent of the server, and counts time up', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const whole = (await site.get('/v1/live/agents', 'supervisor')) as Agents;
  const ids = Object.keys(whole.state.agents);
  expect(ids.length).toBeGreaterThan(0);
  await expect(page.locator('tr[data-row]')).toHaveCount(ids.length);
  const online = ids.find((id) => whole.state.agents[id]?.status === 'online') as string;
  const time = page.locator(`tr[data-row="${online}"] td`).nth(3);
  await expect(time).toHaveText(/\d+:\d\d:\d\d/);
  const before = await time.textContent();
  await expect(time).not.toHaveText(before ?? '', { timeout: 10_000 });
});

test('a filter is in the address, and a link shows what its sender saw', async ({ page, site, context }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const rows = page.locator('tr[data-row]');
  await expect(rows).not.toHaveCount(0);
  await page.locator('summary').filter({ hasText: 'Team' }).click();
  const first = page.locator('details[open] label').first();
  await first.click();
  await expect(page).toHaveURL(/team=/);
  await page.keyboard.press('Escape');

  const team = decodeURIComponent(new URL(page.url()).searchParams.get('team') ?? '');
  const whole = (await site.get(`/v1/live/agents?team=${encodeURIComponent(team)}`, 'supervisor')) as Agents;
  const members = Object.values((await site.get('/v1/live/agents', 'supervisor') as Agents).state.agents).filter((agent) => agent.teams && team in agent.teams);
  expect(members.length).toBeGreaterThan(0);
  await expect(rows).toHaveCount(members.length);
  expect(Object.keys(whole.state.agents).length).toBeGreaterThan(0);

  const other = await context.newPage();
  await other.goto(`${page.url()}#${await site.token('supervisor')}`);
  await expect(other.locator('tr[data-row]')).toHaveCount(members.length);
  await other.close();
});

test('the table sorts, searches and tells when nothing fits', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await expect(page.locator('tr[data-row]')).not.toHaveCount(0);
  await page.getByRole('button', { name: 'Assigned today', exact: true }).click();
  await expect(page).toHaveURL(/sort=-assigned/);
  await expect(page.locator('th[aria-sort="descending"]')).toHaveCount(1);
  const assigned = (await page.locator('tr[data-row] td:nth-child(9)').allTextContents()).map(Number);
  expect(assigned).toEqual([...assigned].sort((a, b) => b - a));
  await page.keyboard.press('/');
  await page.keyboard.type('nobody is called this');
  await expect(page.getByText('No agent matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page.locator('tr[data-row]')).not.toHaveCount(0);
});

test('the queue has the longest wait first', async ({ page, site }) => {
  const leave = [await site.waiting(), await site.waiting()];
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  const waits = page.locator('[data-waiting] b');
  await expect(waits.nth(1)).toBeVisible();
  const seconds = (await waits.allTextContents()).map((text) => {
    const [a = 0, b = 0] = (text.match(/\d+/g) ?? []).map(Number);
    return text.includes('h') ? a * 3600 + b * 60 : a * 60 + b;
  });
  expect(seconds).toEqual([...seconds].sort((a, b) => b - a));
  for (const one of leave) await one();
});
