import type { Page } from '@playwright/test';
import { lookAt, type Shown } from './look';
import { expect, open, test, untilLive } from './site';

const row = async (page: Page): Promise<void> => expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
const pages: Shown[] = [
  { name: 'history', path: '/history', role: 'supervisor', ready: row },
  {
    name: 'risks', path: '/insights/risks', role: 'supervisor',
    ready: async (page) => expect(page.locator('[data-metric="risky_chats"] [data-figure]')).toBeVisible({ timeout: 30_000 }),
  },
  {
    name: 'reviews', path: '/insights/reviews', role: 'supervisor',
    ready: async (page) => expect(page.locator('[data-metric="negative_ratings"] [data-figure]')).toBeVisible({ timeout: 30_000 }),
  },
  { name: 'rules', path: '/rules', role: 'owner', ready: row },
  { name: 'team', path: '/agents/team', role: 'supervisor', ready: row },
  { name: 'settings', path: '/settings', role: 'owner', ready: async (page) => expect(page.locator('[data-setting]').first()).toBeVisible({ timeout: 30_000 }) },
  { name: 'limits', path: '/settings/thresholds', role: 'supervisor', ready: async (page) => expect(page.locator('.add select')).toBeVisible({ timeout: 30_000 }) },
];

for (const shown of pages) {
  test(`${shown.name}: accessible, whole and quiet in both languages and themes`, async ({ page, site }, info) => {
    await lookAt(page, site, shown, info);
  });
}

interface Chats {
  rows: { id: string; session: number }[];
}

test('the history shows what the server lists, and a row leads to its conversation and back', async ({ page, site }) => {
  await open(page, site, '/history', 'supervisor');
  await row(page);
  // What happens meanwhile brings new conversations on top; those that have ended stay as they are.
  await page.locator('summary').filter({ hasText: 'Handling' }).click();
  await page.getByRole('checkbox', { name: 'Bot to human' }).check();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/handling=bot_to_human/);
  const address = new URL(page.url());
  const list = (await site.get(`/v1/conversations?handling=bot_to_human&limit=500&from=${address.searchParams.get('from')}&to=${address.searchParams.get('to')}`, 'supervisor')) as Chats;
  expect(list.rows.length).toBeGreaterThan(0);
  const known = new Set(list.rows.map((one) => one.id));
  await expect(async () => {
    const shown = await page.locator('tr[data-row]').evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.row?.split(' ')[0] ?? ''));
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.filter((id) => known.has(id)).length / shown.length).toBeGreaterThan(0.5);
  }).toPass({ timeout: 20_000 });
  const first = page.locator('tr[data-row] a').first();
  const id = (await first.textContent())?.split(' ')[0] ?? '';
  await first.click();
  await expect(page.locator(`[data-thread="${id}"] [data-message]`).first()).toBeVisible();
  await expect(page.locator('aside dl')).toContainText('Channel');
  await page.goBack();
  await expect(page).toHaveURL(/handling=bot_to_human/);
  await row(page);
});

test('messages that broke a rule are listed as the server has them, marked, and lead to their conversation', async ({ page, site }) => {
  // Days that have ended in every time zone: nothing comes in between.
  const [from, to] = [9, 2].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10));
  await open(page, site, '/insights/risks', 'supervisor');
  await page.goto(`${site.url}/insights/risks?lang=en&from=${from}&to=${to}`);
  await expect(page.locator('[data-held]').first()).toBeVisible({ timeout: 30_000 });
  const path = `/v1/violations?limit=20&from=${from}&to=${to}`;
  const list = (await site.get(path, 'supervisor')) as { rows: { message: string; text: string; at: string; violations: unknown[] }[] };
  await expect(async () => {
    const shown = await page.locator('[data-held]').evaluateAll((items) => items.map((one) => (one as HTMLElement).dataset.held));
    expect(shown).toEqual(list.rows.map((one) => one.message));
  }).toPass({ timeout: 20_000 });
  expect(list.rows.map((one) => one.at)).toEqual(list.rows.map((one) => one.at).toSorted().toReversed());
  const first = page.locator('[data-held]').first();
  await expect(first.locator('blockquote')).toHaveText(list.rows[0]?.text ?? '');
  await expect(first.locator('blockquote mark').first()).toBeVisible();
  await first.getByRole('link', { name: 'Conversation', exact: true }).click();
  await expect(page.locator(`[data-message="${list.rows[0]?.message}"]`)).toBeVisible();
});

test('a board is arranged with the keyboard, saved, shown by a link of its own, and the link ended', async ({ page, site, browser }) => {
  await open(page, site, '/wallboard', 'supervisor');
  await untilLive(page);
  await page.mouse.move(200, 200);
  await page.getByRole('button', { name: 'Arrange' }).click();
  const editor = page.locator('[data-editor]');
  await editor.getByLabel('Name', { exact: true }).fill('Hall, 2nd floor');
  await editor.getByRole('button', { name: 'Remove Blocked today' }).click();
  await editor.getByRole('button', { name: 'Move Active chats up' }).press('Enter');
  await expect(editor.getByRole('button', { name: 'Move Active chats up' })).toBeFocused();
  await expect(page.locator('[data-tile]').nth(2)).toHaveAttribute('data-tile', 'active_chats');
  await editor.getByRole('button', { name: 'Save as a new board' }).click();
  await expect(page).toHaveURL(/\/wallboard\/hall-2nd-floor-/);
  await expect(page.locator('h1')).toHaveText('Hall, 2nd floor');
  await expect(page.locator('[data-tile]')).toHaveCount(5);

  await page.mouse.move(220, 200);
  await page.getByRole('button', { name: 'Links for screens' }).click();
  const dialog = page.locator('[data-screens]');
  await dialog.getByLabel('Where the screen hangs').fill('Television in the hall');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const link = await dialog.locator('#made-link').inputValue();
  expect(link).toContain('/wallboard/hall-2nd-floor-');

  const other = await (await browser.newContext()).newPage();
  await other.goto(link);
  await untilLive(other);
  expect(other.url()).not.toContain('#');
  await expect(other.locator('h1')).toHaveText('Hall, 2nd floor');
  await expect(other.locator('[data-tile]')).toHaveCount(5);
  await expect(other.getByRole('button', { name: 'Arrange' })).toHaveCount(0);

  // What is changed here is pushed there, and nobody presses reload.
  await page.keyboard.press('Escape');
  await page.mouse.move(240, 210);
  await page.getByRole('button', { name: 'Arrange' }).click();
  await editor.getByLabel('Name', { exact: true }).fill('Hall, 3rd floor');
  await editor.getByRole('button', { name: 'Remove Active chats' }).click();
  await editor.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(other.locator('h1')).toHaveText('Hall, 3rd floor');
  await expect(other.locator('[data-tile]')).toHaveCount(4);
  await page.mouse.move(220, 200);
  await page.getByRole('button', { name: 'Links for screens' }).click();

  const issued = dialog.locator('li').filter({ hasText: 'Television in the hall' });
  await issued.getByRole('button', { name: 'End the link Television in the hall' }).click();
  await issued.getByRole('button', { name: 'End', exact: true }).click();
  await expect(issued).toContainText('ended');
  await expect(other.locator('[data-over]')).toContainText('Television in the hall', { timeout: 20_000 });
  await expect(other.locator('[data-over]')).toContainText('This link has ended');
  await expect(other.locator('[data-tile]')).toHaveCount(0);
  await other.context().close();
});

test('a limit colours its tile, with a sign and a word', async ({ page, site }) => {
  const leave = await site.waiting();
  await open(page, site, '/settings/thresholds', 'supervisor');
  await page.locator('.add select').selectOption('queue_length');
  const limit = page.locator('[data-limit="queue_length"]').last();
  await limit.getByLabel('Warning').fill('0');
  await limit.getByLabel('Critical').fill('500');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.goto(`${site.url}/wallboard?lang=en`);
  const tile = page.locator('[data-tile="queue_length"]');
  await expect(tile).toHaveAttribute('data-level', 'warn');
  await expect(tile.locator('.state')).toContainText('over 0');
  await expect(tile.locator('.state svg')).toBeVisible();
  await leave();
  await page.goto(`${site.url}/settings/thresholds?lang=en`);
  await page.getByRole('button', { name: 'Remove the limit of Waiting' }).first().click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
});

test('the floor watches a conversation silently, and stands still when asked', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await page.getByRole('tab', { name: /Open conversations/ }).click();
  await page.locator('[data-watch]').first().click();
  const monitor = page.locator('[data-monitor]');
  await expect(monitor).toContainText('Neither the agent nor the customer sees');
  await page.keyboard.press('Escape');
  await expect(monitor).toHaveCount(0);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('the numbers stand still')).toBeVisible();
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByText('the numbers stand still')).toHaveCount(0);
});

test('a rule is tried, changed in a draft, tried with it, and put in force', async ({ page, site }) => {
  await open(page, site, '/rules', 'owner');
  await row(page);
  await page.getByRole('link', { name: 'New rule' }).click();
  const form = page.locator('[data-rule-form]');
  await form.getByLabel('Id', { exact: true }).fill('own.voucher');
  await form.getByLabel('What the author reads · English').fill('Do not promise vouchers.');
  await form.getByLabel('What the author reads · Chinese').fill('请勿承诺优惠券。');
  await form.getByLabel('Phrases, one a line').fill('golden voucher');
  await form.getByRole('button', { name: 'Take over into the draft' }).click();
  await expect(page.getByText('These changes are not in force yet.')).toBeVisible();
  await page.getByRole('link', { name: 'Try a text' }).click();
  await page.locator('#try-text').fill('You get a golden voucher from us');
  await page.getByRole('button', { name: 'Try', exact: true }).click();
  await expect(page.locator('[data-verdict="flag"]')).toBeVisible();
  await expect(page.locator('blockquote mark')).toHaveText('golden voucher');
  await page.getByRole('button', { name: 'Put in force' }).click();
  await expect(page.getByText(/Version \d+ is in force/)).toBeVisible({ timeout: 30_000 });
});

test('an agent disputes a block, a supervisor decides, and the agent reads why', async ({ page, site, browser }) => {
  const conversation = await site.conversation();
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await page.getByLabel('Conversation', { exact: true }).fill(conversation);
  await page.getByLabel('Message', { exact: true }).fill('Call me at +49 170 1234567');
  await expect(async () => {
    await page.getByLabel('Message', { exact: true }).press('Control+Enter');
    await expect(page.locator('[data-verdict="block"]')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  const notice = page.locator('[data-notice]').filter({ hasText: conversation }).first();
  await notice.getByRole('button', { name: 'Dispute this' }).click();
  await notice.getByLabel('Why is this message harmless?').fill('It is our own hotline');
  await notice.getByRole('button', { name: 'Send the dispute' }).click();
  await expect(notice.locator('[data-disputed]')).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await open(other, site, '/rules', 'supervisor');
  await other.getByRole('link', { name: /Disputes/ }).click();
  const dispute = other.locator('[data-dispute]').filter({ hasText: 'It is our own hotline' });
  await expect(dispute.locator('mark', { hasText: '170 1234567' })).toBeVisible();
  await dispute.getByRole('button', { name: 'The block was right' }).click();
  await expect(dispute.getByRole('alert')).toContainText('Give a reason');
  await dispute.getByLabel('Reason, which the agent reads').fill('Use the hotline of the shop page');
  await dispute.getByRole('button', { name: 'The block was right' }).click();
  await expect(dispute).toHaveCount(0);
  await other.context().close();
  await expect(page.locator('[data-notice]').filter({ hasText: 'Use the hotline of the shop page' }).first()).toBeVisible({ timeout: 20_000 });
});

test('the people of a desk can be taken along, within a role’s own teams', async ({ page, site }) => {
  await open(page, site, '/agents/team', 'supervisor');
  await row(page);
  const taken = page.waitForEvent('download');
  await page.locator('[data-export="team"]').getByRole('button', { name: /Export/ }).click();
  await page.getByRole('button', { name: 'Table (CSV)' }).click();
  const file = await taken;
  expect(file.suggestedFilename()).toBe('team.csv');
  const text = await (await file.createReadStream()).toArray().then((parts) => Buffer.concat(parts as Buffer[]).toString());
  const { agents } = (await site.get('/v1/directory', 'supervisor')) as { agents: { id: string; name: string }[] };
  expect(text.trim().split('\n').slice(1).map((line) => line.split(',')[0])).toEqual(agents.map((one) => one.id));
  for (const one of agents) expect(text).toContain(one.name);
  const own = await (await fetch(`${site.url}/v1/directory.csv`, { headers: { authorization: `Bearer ${await site.token('agent')}` } })).text();
  expect(own.trim().split('\n'), 'an agent has himself').toHaveLength(2);
});
