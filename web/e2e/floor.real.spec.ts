import type { Page } from '@playwright/test';
import { withLimits } from './limits';
import { expect, open, test, untilLive, type Site } from './site';

interface Chat {
  started_at: string;
  turn_since?: string;
  risky: boolean;
  handler?: { kind: string; id: string };
}

async function chats(site: Site): Promise<Record<string, Chat>> {
  return ((await site.get('/v1/live/conversations', 'supervisor')) as { state: { conversations: Record<string, Chat> } }).state.conversations;
}

const rows = (page: Page): Promise<string[]> => page.locator('tr[data-row]').evaluateAll((list) => list.map((row) => (row as HTMLElement).dataset.row ?? ''));

/** The desk moves: what is shown is held against what the server says until both are of one moment. */
async function shows(page: Page, site: Site, fits: (chat: Chat, id: string) => boolean): Promise<void> {
  await expect(async () => {
    const all = await chats(site);
    const wanted = Object.keys(all).filter((id) => fits(all[id] as Chat, id));
    expect((await rows(page)).sort()).toEqual(wanted.sort());
  }).toPass({ timeout: 40_000, intervals: [100, 300, 700] });
}

test('an agent’s counts lead to his open conversations, which can be narrowed further', async ({ page, site }) => {
  const id = await site.conversation('Where is my parcel?');
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await expect.poll(async () => (await chats(site))[id]?.turn_since).toBeTruthy();
  const agent = (await chats(site))[id]?.handler?.id ?? '';
  const row = page.locator(`tr[data-row="${agent}"]`);
  await row.getByRole('link', { name: /^Show the \d+ active chats? of/ }).click();
  await expect(page).toHaveURL(new RegExp(`view=open&with=${agent}$`));
  await shows(page, site, (chat) => chat.handler?.kind === 'agent' && chat.handler.id === agent);
  await expect(page.locator('[data-with]')).toHaveValue(agent);

  await page.goBack();
  await row.getByRole('link', { name: /awaiting a reply$/ }).click();
  await expect(page).toHaveURL(/only=owed/);
  await shows(page, site, (chat) => chat.handler?.id === agent && chat.turn_since !== undefined);
  expect(await rows(page)).toContain(id);

  await page.keyboard.press('/');
  await page.keyboard.type(id);
  await expect.poll(() => rows(page)).toEqual([id]);
  await page.keyboard.type(' of nobody');
  await expect(page.getByText('No open conversation matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect(page).not.toHaveURL(/with=|only=/);
  await expect.poll(async () => (await rows(page)).length).toBeGreaterThan(1);
});

test('of the open conversations those come first to which a reply is owed longest', async ({ page, site }) => {
  await site.conversation('Is anybody there?');
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await page.getByRole('tab', { name: /Open conversations/ }).click();
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  const waits = async (): Promise<number[]> => {
    const owed = await page.locator('tr[data-row]').evaluateAll((list) => list.map((one) => one.querySelector('td:nth-child(6)')?.textContent?.trim() ?? ''));
    return owed.map((text) => {
      const [a = 0, b = 0] = (text.match(/\d+/g) ?? []).map(Number);
      return text.includes('h') ? a * 3600 + b * 60 : /\d/.test(text) ? a * 60 + b : -1;
    });
  };
  // What came a moment before stands at the end until the next order.
  let seconds: number[] = [];
  await expect(async () => {
    seconds = await waits();
    expect(seconds).toEqual([...seconds].sort((x, y) => y - x));
  }).toPass({ timeout: 15_000 });
  expect(seconds[0]).toBeGreaterThanOrEqual(0);
  // One that is owed longer than its limit says so with a sign.
  const passed = page.locator('tr[data-row] [data-level]').first();
  if (seconds.some((one) => one > 60)) await expect(passed.locator('svg')).toBeVisible();
  await page.locator('[data-only]').selectOption('risky');
  await expect(page).toHaveURL(/only=risky/);
});

test('every figure says what it is measured by, in words, and those of now lead to what they count', async ({ page, site }) => {
  const leave = await site.waiting();
  await withLimits(
    site,
    [
      { metric: 'queue_length', warning: 0, critical: 5000 },
      { metric: 'reply_rate', warning: 1, critical: 1 },
      { metric: 'online_agents', warning: 4000, critical: 5000, above: true },
    ],
    async () => {
      await open(page, site, '/floor', 'supervisor');
      await untilLive(page);
      const said = (id: string) => page.locator(`[data-said="${id}"]`);
      await expect(said('queue_length')).toHaveText('over 0');
      await expect(page.locator('[data-figure="queue_length"] svg')).toBeVisible();
      await expect(said('reply_rate')).toHaveText(/^(far below target 100%|target 100%)$/);
      await expect(said('online_agents')).toHaveText('limit 4,000');
      // The menu says the same as the wall.
      const badge = page.getByRole('navigation').locator('[data-level]');
      await expect(badge).toHaveAttribute('data-level', 'warn');
      await expect(badge).toContainText('over 0');
    },
  );
  await page.locator('[data-figure="queue_length"] a').click();
  await expect(page.locator('#queue')).toBeInViewport();
  await page.locator('[data-figure="online_agents"] a').click();
  await expect(page).toHaveURL(/state=online/);
  await expect(async () => {
    const { agents } = ((await site.get('/v1/live/agents', 'supervisor')) as { state: { agents: Record<string, { status: string }> } }).state;
    expect((await rows(page)).sort()).toEqual(Object.keys(agents).filter((id) => agents[id]?.status === 'online').sort());
  }).toPass({ timeout: 30_000 });
  await page.locator('[data-figure="active_chats"] a').click();
  await expect(page).toHaveURL(/view=open&only=human/);
  await shows(page, site, (chat) => chat.handler?.kind === 'agent');
  await leave();
});

test('teams are judged by limits of their own, and the worst stands first', async ({ page, site }) => {
  const { teams } = ((await site.get('/v1/live/teams', 'supervisor')) as { state: { teams: Record<string, { name: string; metrics: { human_sessions?: { value?: number }; reply_rate?: { value?: number } } }> } }).state;
  const names = Object.entries(teams)
    .filter(([, one]) => one.metrics.reply_rate?.value !== undefined && one.metrics.reply_rate.value < 1)
    .sort(([, a], [, b]) => a.name.localeCompare(b.name));
  const last = names.at(-1);
  expect(last, 'a team that has missed a reply').toBeDefined();
  const calm = ['queue_length', 'longest_wait_seconds', 'avg_first_response'].map((metric) => ({ metric, warning: 1_000_000, critical: 1_000_000 }));
  await withLimits(site, [...calm, { metric: 'reply_rate', warning: 0, critical: 0 }, { metric: 'reply_rate', team: last?.[0] ?? '', warning: 1, critical: 1 }], async () => {
    await open(page, site, '/floor', 'supervisor');
    await page.goto(`${site.url}/floor?view=teams&lang=en`);
    await untilLive(page);
    const first = page.locator('tr[data-row]').first();
    await expect(first).toHaveAttribute('data-row', last?.[0] ?? '');
    await expect(first.locator('[data-level="crit"]')).toContainText('far below target 100%');
    await expect(page.locator('tr[data-row] [data-level]')).toHaveCount(1);
    await page.getByRole('button', { name: 'Team', exact: true }).last().click();
    await expect(page).toHaveURL(/partsort=name/);
    expect(await rows(page)).toEqual(Object.entries(teams).sort(([, a], [, b]) => a.name.localeCompare(b.name, undefined, { numeric: true })).map(([id]) => id));
  });
});

test('the queue says how long its people wait on average, how many gave up today, and what each wants', async ({ page, site }) => {
  // What is compared below is there whatever the desk's own customers do.
  const question = `Where is parcel ${Date.now()}?`;
  const leave = await site.waiting({ question, intent: 'logistics' });
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await expect(page.locator('[data-waiting] .question').filter({ hasText: question })).toHaveText(`Logistics · ${question}`);
  const head = page.locator('[data-queue]');
  await expect(head).toHaveText(/^\d+ · average \d+:\d\d · [\d,]+ gave up today$/);
  await page.getByRole('button', { name: 'Pause' }).click();
  const waits = (await page.locator('[data-waiting] > b').allTextContents()).map((text) => {
    const [a = 0, b = 0] = (text.match(/\d+/g) ?? []).map(Number);
    return text.includes('h') ? a * 3600 + b * 60 : a * 60 + b;
  });
  const [, total, minutes, seconds, gone] = /^(\d+) · average (\d+):(\d\d) · ([\d,]+)/.exec((await head.textContent()) ?? '') ?? [];
  expect(Number(total)).toBe(waits.length);
  expect(Math.abs(Number(minutes) * 60 + Number(seconds) - waits.reduce((sum, one) => sum + one, 0) / waits.length)).toBeLessThanOrEqual(1);
  const { metrics } = ((await site.get('/v1/live/wallboard', 'supervisor')) as { state: { metrics: { abandoned_chats: { value: number } } } }).state;
  expect(metrics.abandoned_chats.value - Number(gone?.replaceAll(',', ''))).toBeGreaterThanOrEqual(0);
  const { waiting } = ((await site.get('/v1/live/queue', 'supervisor')) as { state: { waiting: Record<string, { intent: string; first_question?: string }> } }).state;
  const words: Record<string, string> = { pre_purchase: 'Pre-purchase', aftersales: 'Aftersales', logistics: 'Logistics', other: 'Other' };
  const shown = new Set(await page.locator('[data-waiting]').evaluateAll((list) => list.map((one) => (one as HTMLElement).dataset.waiting ?? '')));
  const told = Object.entries(waiting).filter(([id, one]) => shown.has(id) && one.first_question);
  expect(told.map(([, one]) => one.first_question)).toContain(question);
  for (const [id, one] of told) await expect(page.locator(`[data-waiting="${id}"] .question`)).toContainText(`${words[one.intent] ?? one.intent} · ${one.first_question}`.slice(0, 40));
  await leave();
});

/** Takes the table along that is shown, and gives its lines. */
async function taken(page: Page, name: RegExp): Promise<{ file: string; lines: string[] }> {
  const download = page.waitForEvent('download');
  await page.locator('[data-export^="floor-"]').getByRole('button', { name: /Export/ }).click();
  await expect(page.getByRole('button', { name: 'Workbook (XLSX)' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Table (CSV)' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(name);
  const text = await (await file.createReadStream()).toArray().then((parts) => Buffer.concat(parts as Buffer[]).toString());
  expect(text.startsWith('\ufeff')).toBe(true);
  return { file: file.suggestedFilename(), lines: text.slice(1).trimEnd().split('\n') };
}

test('the floor’s tables can be taken along as they are shown, with their moment, and hold no formula', async ({ page, site }) => {
  const id = await site.conversation('Where is my parcel?');
  await open(page, site, '/floor', 'supervisor');
  await page.goto(`${site.url}/floor?lang=en&sort=agent`);
  await untilLive(page);
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  await page.getByRole('button', { name: 'Pause' }).click();
  const agents = await taken(page, /^floor-agents-\d{4}-\d\d-\d\d-\d{6}\.csv$/);
  expect(agents.lines[0]).toMatch(/^As of,Agent,Channel,State,First online,Online time,Active chats,Limit,Awaiting reply,/);
  expect(agents.lines[0]).not.toContain(',Chats');
  const names = await page.locator('tr[data-row] [data-agent] b').allTextContents();
  expect(agents.lines.slice(1).map((line) => line.split(',')[1])).toEqual(names);
  for (const line of agents.lines.slice(1)) {
    expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,/);
    expect(line).toMatch(/,(Online|Paused|Offline) · (< 1 min|\d)/);
  }

  await page.goto(`${site.url}/floor?lang=en&view=open`);
  await untilLive(page);
  await page.getByRole('searchbox').fill(id);
  await expect.poll(() => rows(page)).toEqual([id]);
  const open1 = await taken(page, /^floor-open-/);
  expect(open1.lines).toHaveLength(2);
  for (const view of ['teams', 'channels']) {
    await page.goto(`${site.url}/floor?lang=en&view=${view}&partsort=-waiting`);
    await untilLive(page);
    await expect(page.locator('tr[data-row]').first()).toBeVisible();
    await page.getByRole('button', { name: 'Pause' }).click();
    const parts = await taken(page, new RegExp(`^floor-${view}-`));
    expect(parts.lines.slice(1).map((line) => line.split(',')[1])).toEqual(await page.locator('tr[data-row] th').allTextContents().then((all) => all.map((one) => one.trim())));
  }
});
