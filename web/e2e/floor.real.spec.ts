import type { Page } from '@playwright/test';
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
  const owed = await page.locator('tr[data-row]').evaluateAll((list) => list.map((one) => one.querySelector('td:nth-last-child(2)')?.textContent?.trim() ?? ''));
  const seconds = owed.map((text) => {
    const [a = 0, b = 0] = (text.match(/\d+/g) ?? []).map(Number);
    return text.includes('h') ? a * 3600 + b * 60 : /\d/.test(text) ? a * 60 + b : -1;
  });
  expect(seconds[0]).toBeGreaterThanOrEqual(0);
  // Rows keep their places for five seconds; what is new meanwhile stands at the end.
  const settled = seconds.slice(0, -5);
  expect(settled).toEqual([...settled].sort((x, y) => y - x));
  // One that is owed longer than its limit says so with a sign.
  const passed = page.locator('tr[data-row] [data-level]').first();
  if (seconds.some((one) => one > 60)) await expect(passed.locator('svg')).toBeVisible();
  await page.locator('[data-only]').selectOption('risky');
  await expect(page).toHaveURL(/only=risky/);
});
