import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Site } from './site';

interface RuleSet {
  version: number;
  set: { allow?: string[]; rules?: object[] };
  rules: { id: string; disabled?: boolean; phrases?: string[] }[];
}
interface Run {
  id: string;
  state: string;
  days: number;
  draft: boolean;
  done: number;
  total: number;
  blocked: number;
  flagged: number;
  newly_blocked: number;
  no_longer_blocked: number;
  by_rule: { rule: string; blocked: number }[];
}

const rules = async (site: Site): Promise<RuleSet> => (await site.get('/v1/rules', 'owner')) as RuleSet;
const last = async (site: Site): Promise<Run> => ((await site.get('/v1/rules/backtests', 'owner')) as { backtests: Run[] }).backtests[0] as Run;

async function put(site: Site, path: string, set: object): Promise<void> {
  const { version } = (await site.get(path, 'owner')) as RuleSet;
  const answer = await fetch(site.url + path, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await site.token('owner')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ version, set }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

const figure = (page: Page, name: string) => page.locator('.figure').filter({ hasText: name }).locator('b');
const inWords = (n: number): string => n.toLocaleString('en');

test('a dry run shows how far it is, what the server counts, and is there again after a reload', async ({ page, site }) => {
  await open(page, site, '/rules', 'owner');
  await page.getByRole('link', { name: 'Dry run' }).click();
  await page.getByLabel('Days').selectOption('30');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('progressbar')).toBeVisible();
  await expect(page.getByRole('status').filter({ hasText: /of [\d,]+ messages/ })).toBeVisible();
  await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 60_000 });
  const run = await last(site);
  expect(run).toMatchObject({ state: 'done', days: 30, draft: false, done: run.total });
  expect(run.blocked, 'the demo has messages that break rules').toBeGreaterThan(0);
  for (const [name, n] of [
    ['Would be held back', run.blocked],
    ['Of these delivered then', run.newly_blocked],
    ['Would be marked', run.flagged],
    ['Held back then, would pass', run.no_longer_blocked],
  ] as const) {
    await expect(figure(page, name), name).toHaveText(inWords(n));
  }
  const byRule = page.locator('table').filter({ hasText: 'By rule' }).locator('tbody tr');
  for (const one of run.by_rule.slice(0, 3)) await expect(byRule.filter({ hasText: one.rule }).locator('td').first()).toHaveText(inWords(one.blocked));
  await expect(page.locator('blockquote mark').first()).toBeVisible();
  await page.reload();
  await expect(figure(page, 'Would be held back')).toHaveText(inWords(run.blocked));
});

test('a dry run of a draft is stopped, and what was found until then stays', async ({ page, site }) => {
  const before = await rules(site);
  // Patterns without a fixed beginning have to be tried on every message: it takes long enough to be stopped.
  const slow = Array.from({ length: 40 }, (_, n) => ({
    id: `own.slow${n}`, category: 'other', severity: 'flag', direction: 'both',
    explanation: { en: 'No.', zh: '不可。' }, patterns: [`[a-z]{3,9}[aeiou][^ ]{2,5}${String.fromCharCode(97 + (n % 26))} [a-z]+ [a-z]{4,}${n}`],
  }));
  await put(site, '/v1/rules/draft', { ...before.set, rules: [...(before.set.rules ?? []), ...slow] });
  try {
    await open(page, site, '/rules', 'owner');
    await page.getByRole('button', { name: 'Go on with it' }).click();
    await expect(page.getByText('These changes are not in force yet.')).toBeVisible();
    await page.getByRole('link', { name: 'Dry run' }).click();
    await expect(page.getByLabel('with the changes that are not in force yet')).toBeChecked();
    await page.getByLabel('Days').selectOption('90');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByText('Stopped; what was found until then is shown.')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Start' })).toBeEnabled();
    const run = await last(site);
    expect(run).toMatchObject({ state: 'cancelled', draft: true, days: 90 });
    expect(run.done).toBeLessThan(run.total || Infinity);
    await expect(figure(page, 'Would be held back')).toHaveText(inWords(run.blocked));
    // What was kept can be dropped again.
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByRole('button', { name: 'Drop it' }).click();
    await expect(page.getByRole('button', { name: 'Go on with it' })).toHaveCount(0);
  } finally {
    await put(site, '/v1/rules/draft', before.set);
  }
});

test('a rule’s history says who changed what, and an earlier version is had back', async ({ page, site }) => {
  // Two versions: one to come back to, and one that changes it.
  const start = await rules(site);
  await put(site, '/v1/rules', { ...start.set });
  const before = await rules(site);
  try {
    const rule = before.rules.find((one) => !one.disabled)?.id as string;
    await open(page, site, '/rules', 'owner');
    const off = page.getByRole('switch', { name: `${rule} is in force` });
    await off.focus();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Put in force' }).click();
    await expect(page.getByText(`Version ${before.version + 1} is in force.`)).toBeVisible({ timeout: 30_000 });
    expect((await rules(site)).rules.find((one) => one.id === rule)?.disabled).toBe(true);

    await page.getByRole('link', { name: 'Versions' }).click();
    const newest = page.locator(`[data-version="${before.version + 1}"]`);
    await expect(newest).toContainText('in force');
    await expect(newest).toContainText('visitor');
    await newest.getByRole('button', { name: 'What changed' }).click();
    await expect(newest.locator('li')).toHaveText([new RegExp(`^${rule}\\s*switched off$`)]);
    const old = page.locator(`[data-version="${before.version}"]`);
    await old.getByRole('button', { name: 'Open as a draft' }).click();
    await expect(page.getByText('These changes are not in force yet.')).toBeVisible();
    await expect(off).toBeChecked();
    await page.getByRole('button', { name: 'Put in force' }).click();
    await expect(page.getByText(`Version ${before.version + 2} is in force.`)).toBeVisible({ timeout: 30_000 });
    const after = await rules(site);
    expect(after.set).toEqual(before.set);
    expect(after.rules).toEqual(before.rules);
  } finally {
    await put(site, '/v1/rules', before.set);
  }
});

test('a wrong block: the message reaches the customer, its words pass from now on, and the agent reads why', async ({ page, site, browser }) => {
  const before = await rules(site);
  const conversation = await site.conversation();
  const words = '+49 170 7654321';
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  const write = async (text: string, verdict: string): Promise<void> => {
    await page.getByLabel('Conversation', { exact: true }).fill(conversation);
    await page.getByLabel('Message', { exact: true }).fill(text);
    await expect(async () => {
      await page.getByLabel('Message', { exact: true }).press('Control+Enter');
      await expect(page.locator(`[data-verdict="${verdict}"]`)).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
  };
  const messages = async (): Promise<{ text: string; blocked?: boolean; released?: boolean }[]> =>
    ((await site.get(`/v1/conversations/${conversation}`, 'supervisor')) as { messages: { text: string; blocked?: boolean; released?: boolean }[] }).messages;

  await write(`Our hotline is ${words}`, 'block');
  const notice = page.locator('[data-notice]').filter({ hasText: conversation }).first();
  await notice.getByRole('button', { name: 'Dispute this' }).click();
  await notice.getByLabel('Why is this message harmless?').fill('It is our own line');
  await notice.getByRole('button', { name: 'Send the dispute' }).click();
  await expect(notice.locator('[data-disputed]')).toBeVisible();

  const other = await (await browser.newContext()).newPage();
  await open(other, site, '/rules', 'owner');
  await other.getByRole('link', { name: /Disputes/ }).click();
  const dispute = other.locator('[data-dispute]').filter({ hasText: conversation }).or(other.locator(`[data-dispute^="${conversation}/"]`)).first();
  await expect(dispute.locator('mark').first()).toBeVisible();
  await dispute.getByLabel('Send the message after all').check();
  await dispute.getByLabel(/Let these pass from now on/).check();
  await dispute.getByLabel('Reason, which the agent reads').fill('It is ours.');
  await dispute.getByRole('button', { name: 'The block was wrong' }).click();
  await expect(other.locator(`[data-dispute^="${conversation}/"]`)).toHaveCount(0);
  await expect(other.getByText(/sent after all · let pass from now on/).first()).toBeVisible();
  await other.context().close();

  const decided = page.locator('[data-notice]').filter({ hasText: conversation }).filter({ hasText: 'It is ours.' });
  await expect(decided).toContainText('Your message has been sent', { timeout: 20_000 });
  await expect(decided.getByRole('button', { name: 'Put the text back' })).toHaveCount(0);
  await expect.poll(async () => (await messages()).some((one) => one.text.includes(words) && one.released === true), { timeout: 30_000 }).toBe(true);
  expect((await rules(site)).set.allow?.join(' ')).toContain('170 7654321');
  await write(`Again: ${words}`, 'allow');
  await put(site, '/v1/rules', before.set);
});
