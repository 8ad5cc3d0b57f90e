import type { Page } from '@playwright/test';
import { withLimits } from './limits';
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

test('a team’s limit that is passed is on every board that holds the team, by name, and on no other', async ({ page, site, context }) => {
  const { teams } = ((await site.get('/v1/live/teams', 'supervisor')) as { state: { teams: Record<string, { name: string; active_chats: number }> } }).state;
  const [[id, team], [other]] = Object.entries(teams).sort(([, a], [, b]) => b.active_chats - a.active_chats) as [[string, { name: string }], [string, object]];
  await board(site, 'team-own', 'Own', 'active_chats', { team: [id] });
  await board(site, 'team-other', 'Other', 'queue_length', { team: [other] });
  await withLimits(site, [{ metric: 'active_chats', team: id, warning: 0, above: true }], async () => {
    await open(page, site, '/wallboard', 'wallboard');
    await untilLive(page);
    // It is there although a tile shows the active chats of the whole desk.
    await expect(page.locator('[data-alert]').filter({ hasText: 'Active chats' })).toHaveText(`Active chats · ${team.name}: over 0`, { timeout: 90_000 });
    const own = await context.newPage();
    await own.goto(`${site.url}/wallboard/team-own?lang=en#${await site.token('wallboard')}`);
    await expect(own.locator('[data-tile="active_chats"]')).toHaveAttribute('data-level', 'warn');
    await expect(own.locator('[data-alert]').filter({ hasText: 'Active chats' })).toHaveCount(0);
    await own.goto(`${site.url}/wallboard/team-other?lang=en`);
    await expect(own.locator('h1')).toHaveText('Other');
    await untilLive(own);
    await expect(own.locator('[data-alert]').filter({ hasText: 'Active chats' })).toHaveCount(0);
    await own.close();
  });
});

test('a wait on the wall is judged by the limit of its own team and channel', async ({ page, site }) => {
  const leave = await site.waiting();
  const { channels } = ((await site.get('/v1/live/channels', 'supervisor')) as { state: { channels: Record<string, object> } }).state;
  const own = Object.keys(channels).map((channel) => ({ metric: 'longest_wait_seconds', channel, critical: 0 }));
  await withLimits(site, [{ metric: 'longest_wait_seconds', warning: 100_000 }, ...own], async () => {
    await open(page, site, '/wallboard', 'wallboard');
    await untilLive(page);
    await expect(page.locator('[data-tile="longest_wait_seconds"]')).toHaveAttribute('data-level', 'ok');
    await expect(page.locator('footer ol li.crit').first().locator('svg')).toBeVisible();
  });
  await leave();
});

test('a tile leads whoever works here to what is behind its number, and a television nowhere', async ({ page, site, context }) => {
  const { teams } = ((await site.get('/v1/live/teams', 'supervisor')) as { state: { teams: Record<string, object> } }).state;
  const [team = ''] = Object.keys(teams);
  await open(page, site, '/wallboard', 'supervisor');
  for (const [tile, address] of [
    ['online_agents', /\/floor\?team=.*&state=online$/],
    ['active_chats', /\/floor\?team=.*&view=open&only=human$/],
    ['blocked_messages', /\/insights\/risks\?range=today.*&team=/],
    ['reply_rate', /\/operation\/service\?range=today.*&team=/],
  ] as const) {
    await page.goto(`${site.url}/wallboard?lang=en&team=${encodeURIComponent(encodeURIComponent(team))}`);
    await untilLive(page);
    // Anywhere on the tile.
    await page.locator(`[data-tile="${tile}"] .figure`).click({ force: true });
    await expect(page).toHaveURL(address);
  }
  const wall = await context.newPage();
  await open(wall, site, '/wallboard', 'wallboard');
  await untilLive(wall);
  await expect(wall.locator('[data-tile]')).toHaveCount(6);
  await expect(wall.locator('[data-tile] a')).toHaveCount(0);
  await wall.close();
});

test('several boards stand on one screen in turn, and none goes while it is critical', async ({ page, site, context }) => {
  // One of them is deleted in the end: whoever comes again finds new ones.
  const [a, b] = ['a', 'b'].map((one) => `turn-${one}-${Date.now()}`) as [string, string];
  await board(site, a, 'Turn A', 'online_agents');
  await board(site, b, 'Turn B', 'sessions');
  await open(page, site, `/wallboard/${a}`, 'supervisor');
  await untilLive(page);
  await tools(page);
  await page.getByRole('button', { name: 'Links for screens' }).click();
  const dialog = page.locator('[data-screens]');
  await dialog.getByLabel('Where the screen hangs').fill('Turning');
  await dialog.locator('summary').filter({ hasText: 'In turn with' }).click();
  await dialog.getByRole('checkbox', { name: 'Turn B' }).last().check();
  await dialog.locator('summary').filter({ hasText: 'In turn with' }).click();
  await dialog.locator('[data-every]').fill('5');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const link = await dialog.locator('#made-link').inputValue();
  expect(new URL(link).pathname + new URL(link).search).toBe(`/wallboard/${a}?next=${b}&every=5`);

  const wall = await context.newPage();
  await wall.goto(`${link.replace('?', '?lang=en&')}`);
  await untilLive(wall);
  await wall.evaluate(() => ((window as unknown as { hung: boolean }).hung = true));
  await expect(wall.locator('h1')).toHaveText('Turn A');
  await expect(wall.locator('[data-turn] i')).toHaveCount(2);
  await expect(wall.locator('h1')).toHaveText('Turn B', { timeout: 20_000 });
  await expect(wall.locator('[data-tile]')).toHaveAttribute('data-tile', 'sessions');
  expect(wall.url()).not.toContain('#');
  await expect(wall.locator('h1')).toHaveText('Turn A', { timeout: 20_000 });

  await withLimits(site, [{ metric: 'online_agents', critical: 0, above: true }], async () => {
    await expect(wall.locator('[data-turn="held"]')).toBeVisible({ timeout: 60_000 });
    const name = (await wall.locator('h1').textContent()) ?? '';
    const seconds = async (): Promise<number> => ((await wall.locator('time').textContent()) ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    const from = await seconds();
    await expect.poll(async () => ((await seconds()) - from + 86_400) % 86_400, { timeout: 30_000 }).toBeGreaterThan(6);
    await expect(wall.locator('h1')).toHaveText(name);
    await expect(wall.locator('[data-turn="held"]')).toBeVisible();
  });
  await expect(wall.locator('[data-turn="on"]')).toBeVisible({ timeout: 60_000 });

  // A board that is deleted is left out.
  const answer = await fetch(`${site.url}/v1/boards/${b}`, { method: 'DELETE', headers: { authorization: `Bearer ${await site.token('supervisor')}` } });
  expect(answer.ok).toBe(true);
  await wall.evaluate(() => localStorage.clear());
  await expect(wall.locator('[data-turn]')).toHaveCount(0, { timeout: 30_000 });
  await expect(wall.locator('h1')).toHaveText('Turn A');
  expect(await wall.evaluate(() => (window as unknown as { hung?: boolean }).hung), 'it is the same page').toBe(true);
  await wall.close();
});

test('who stands before boards in turn goes on to the next and back, also where they do not go by themselves', async ({ page, site }) => {
  await board(site, 'step-a', 'Step A', 'online_agents');
  await board(site, 'step-b', 'Step B', 'sessions');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${site.url}/wallboard/step-a?lang=en&next=step-b,~&every=5#${await site.token('wallboard')}`);
  await untilLive(page);
  const name = page.locator('h1');
  await expect(name).toHaveText('Step A');
  await expect(page.locator('[data-turn="still"]')).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(name).toHaveText('Step B');
  await expect(page.locator('[data-tile]')).toHaveAttribute('data-tile', 'sessions');
  await page.keyboard.press('ArrowLeft');
  await expect(name).toHaveText('Step A');
  await page.keyboard.press('ArrowLeft');
  await expect(page).toHaveURL(/\/wallboard\?/);
  await page.getByRole('button', { name: 'Next board' }).click();
  await expect(name).toHaveText('Step A');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('Board before');
});
