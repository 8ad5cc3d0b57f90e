import { lookAt, type Shown } from './look';
import { drawn } from './shown';
import { expect, open, test } from './site';

const pages: Shown[] = [
  { name: 'overview', path: '/overview', role: 'supervisor', ready: drawn },
  { name: 'chat-volume', path: '/operation/chats', role: 'supervisor', ready: drawn },
  { name: 'service', path: '/operation/service', role: 'supervisor', ready: drawn },
  { name: 'definitions', path: '/operation/definitions', role: 'supervisor', ready: async (page) => expect(page.locator('[data-compared="chats"]')).toBeVisible({ timeout: 30_000 }) },
  { name: 'conversion', path: '/operation/conversion', role: 'supervisor', ready: drawn },
  { name: 'customers', path: '/operation/customers', role: 'supervisor', ready: drawn },
  { name: 'performance', path: '/agents/performance', role: 'supervisor', ready: drawn },
  { name: 'ai', path: '/ai', role: 'supervisor', ready: drawn },
  { name: 'inbox', path: '/inbox', role: 'owner', ready: drawn },
  { name: 'mine', path: '/mine', role: 'agent', ready: drawn },
];

for (const shown of pages) {
  test(`${shown.name}: accessible, whole and quiet in every look`, async ({ page, site }, info) => {
    await lookAt(page, site, shown, info);
  });
}

interface Answer {
  rows: { values: Record<string, { value: number | null; num?: number; den?: number }> }[];
}

test('what a card shows is what the server says', async ({ page, site }) => {
  // The desks never rest: the last answer that the page itself got is the one to compare with.
  let values: Answer['rows'][number]['values'] = {};
  page.on('response', (one) => {
    if (!/\/v1\/metrics\?/.test(one.url()) || !/metric=satisfaction_rate/.test(one.url()) || /by=/.test(one.url())) return;
    void one.json().then((answer: Answer) => (values = answer.rows[0]?.values ?? {}), () => undefined);
  });
  await open(page, site, '/operation/service', 'supervisor');
  await drawn(page);
  await expect(async () => {
    const rate = values.response_rate;
    expect(rate?.den).toBeGreaterThan(0);
    await expect(page.locator('[data-metric="response_rate"] [data-figure]')).toHaveText(`${(Math.floor(((rate?.num ?? 0) * 1000) / (rate?.den ?? 1) + 0.5) / 10).toFixed(1)}%`, { timeout: 500 });
    for (const id of ['surveys_sent', 'rated']) {
      await expect(page.locator(`[data-metric="${id}"] [data-figure]`)).toHaveText((values[id]?.value ?? NaN).toLocaleString('en'), { timeout: 500 });
    }
  }).toPass({ timeout: 20_000 });
  // And a moment later the server says the same to anybody else, or more.
  const address = new URL(page.url());
  const [from, to] = [address.searchParams.get('from'), address.searchParams.get('to')];
  const again = (await site.get(`/v1/metrics?metric=surveys_sent&from=${from}&to=${to}`, 'supervisor')) as Answer;
  expect(again.rows[0]?.values.surveys_sent?.value).toBeGreaterThanOrEqual(values.surveys_sent?.value ?? NaN);
});

test('range, filter, sort and columns stand in the address, and back undoes them', async ({ page, site }) => {
  await open(page, site, '/agents/performance', 'supervisor');
  await drawn(page);
  await expect(page).toHaveURL(/range=last7&from=\d{4}-\d\d-\d\d&to=/);
  await page.locator('[data-range]').click();
  await page.getByRole('button', { name: 'Today', exact: true }).click();
  await expect(page).toHaveURL(/range=today/);
  await page.locator('summary', { hasText: 'Team' }).click();
  await page.getByRole('checkbox').first().check();
  await expect(page).toHaveURL(/team=/);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Handled chats', exact: true }).click();
  await expect(page).toHaveURL(/sort=-handled_chats/);
  await expect(page.locator('th[aria-sort="descending"]')).toContainText('Handled chats');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Reply rate' }).check();
  await expect(page.getByRole('columnheader', { name: /^Reply rate/ })).toBeVisible();
  const link = page.url();
  for (const gone of [/columns=/, /sort=/, /team=/]) {
    await page.goBack();
    await expect(page).not.toHaveURL(gone);
  }
  await page.goForward();
  await expect(page).toHaveURL(/team=/);

  // The link shows another visitor the same.
  const other = await page.context().newPage();
  await other.goto(`${link}#${await site.token('owner')}`);
  await expect(other.getByRole('columnheader', { name: /^Reply rate/ })).toBeVisible();
  await expect(other.locator('th[aria-sort="descending"]')).toContainText('Handled chats');
  await other.close();
});

test('the team’s average stays on top whatever the order, and a name can be found', async ({ page, site }) => {
  await open(page, site, '/agents/performance', 'supervisor');
  await drawn(page);
  const pinned = page.locator('[data-pinned="0"]');
  await expect(pinned).toContainText('Team average');
  await page.getByRole('button', { name: 'Agent', exact: true }).click();
  const names = await page.locator('tbody th').allInnerTexts();
  expect(names).toEqual([...names].sort(new Intl.Collator(undefined, { numeric: true }).compare));
  await expect(pinned).toContainText('Team average');
  const first = names[0]?.trim() ?? '';
  await page.keyboard.press('/');
  await page.keyboard.type(first);
  await expect(page.locator('tbody tr')).toHaveCount(1);
  await expect(page).toHaveURL(/q=/);
  await page.getByPlaceholder('Find an agent').fill('nobody has this name');
  await expect(page.getByText('No agent has that name')).toBeVisible();
});

test('each number says what it is, and its chart can be walked, read and taken along', async ({ page, site }) => {
  await open(page, site, '/operation/chats', 'supervisor');
  await drawn(page);
  await page.getByRole('button', { name: 'What is Total chats?' }).first().hover();
  await expect(page.getByRole('tooltip')).toContainText('Sessions in which the customer wrote');
  await page.keyboard.press('Escape');

  const chart = page.locator('[data-chart="chats-by-day"]');
  await chart.locator('[role="img"]').focus();
  await page.keyboard.press('End');
  await expect(chart.locator('[aria-live]')).toContainText('Bot-only chats');
  await chart.getByRole('button', { name: /Show as a table/ }).click();
  await expect(chart.locator('tbody tr')).toHaveCount(7);
  await chart.getByRole('button', { name: /Show as a table/ }).click();

  await chart.getByRole('button', { name: /Export/ }).click();
  let taken = page.waitForEvent('download');
  await chart.getByRole('button', { name: 'Picture (PNG)' }).click();
  expect((await taken).suggestedFilename()).toBe('chats-by-day.png');
  await page.locator('[data-export="chats-by-intent"]').getByRole('button', { name: /Export/ }).click();
  taken = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Table (CSV)' }).click();
  expect((await taken).suggestedFilename()).toMatch(/^chats-by-intent-.*\.csv$/);
});

test('an hour of the week leads to the chats that began in it, by the keyboard too', async ({ page, site }) => {
  await open(page, site, '/operation/chats', 'supervisor');
  await drawn(page);
  const cell = page.locator('[data-heat] [data-cell][tabindex="0"]');
  await expect(cell).toHaveCount(1);
  await cell.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('[data-cell="1-13"]')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/history\?.*weekday=2.*hour=13/);
  // The list says what it is narrowed to, and has as many as the cell said.
  await expect(page.locator('summary').filter({ hasText: 'Hour of the day' })).toContainText('13:00–14:00');
  const address = new URL(page.url());
  const params = new URLSearchParams({ weekday: '2', hour: '13', handling: 'bot_only,human_only,bot_to_human,unhandled', limit: '500', from: address.searchParams.get('from') ?? '', to: address.searchParams.get('to') ?? '' });
  const list = (await site.get(`/v1/conversations?${params}`, 'supervisor')) as { rows: unknown[] };
  await expect(page.locator('tr[data-row]')).toHaveCount(Math.min(list.rows.length, 80));
});

test('two definitions stand side by side, with the rule that makes the difference', async ({ page, site }) => {
  await open(page, site, '/operation/definitions', 'supervisor');
  await page.getByLabel('Second definition').selectOption('wecom@0');
  await expect(page).toHaveURL(/profiles=tiktok_shop%25401%2Cwecom%25400/);
  await expect(page.locator('[data-rule="response_time"]')).toContainText('first response only');
  const row = page.locator('[data-compared="avg_response"]');
  await expect(row).toContainText('Average response time: first + average of the later ones – first response only');
  await expect(row.locator('td').nth(2)).toContainText('−');
  // What ended before today is the same whenever it is asked for.
  await page.locator('[data-range]').click();
  const answered = page.waitForResponse((one) => one.url().includes('profile=tiktok_shop'));
  await page.getByRole('button', { name: 'Yesterday', exact: true }).click();
  const [shop, wecom] = ((await (await answered).json()) as Answer).rows;
  for (const [side, of, decimals] of [['left', shop, 1], ['right', wecom, 0]] as const) {
    const rate = of?.values.satisfaction_rate;
    await expect(page.locator(`[data-compared="satisfaction_rate"] [data-side="${side}"]`)).toHaveText(`${(Math.floor(((rate?.num ?? 0) * 100 * 10 ** decimals) / (rate?.den ?? 1) + 0.5) / 10 ** decimals).toFixed(decimals)}%`);
  }
  await page.locator('[data-compared="chats"] [data-side="left"] button').click();
  await expect(page.getByRole('dialog')).toContainText('Where this number comes from');
});

test('a number leads to what is behind it', async ({ page, site }) => {
  await open(page, site, '/operation/service', 'supervisor');
  await drawn(page);
  await page.locator('[data-metric="response_rate"] [data-figure] button').click();
  const panel = page.getByRole('dialog');
  await expect(panel).toContainText('Where this number comes from');
  await expect(panel).toContainText(/As of event [\d,]+/);
  await panel.getByRole('button', { name: 'Out of' }).click();
  await expect(panel.locator('li a').first()).toHaveAttribute('href', /^\/history\//);
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await page.goto(`${site.url}/overview?lang=en`);
  await drawn(page);
  await page.locator('[data-metric="risky_chats"] [data-figure] a').click();
  await expect(page).toHaveURL(/\/history\?.*risky=true/);
});

test('range and filters go along from report to report, and the keyboard leads there', async ({ page, site }) => {
  await open(page, site, '/overview', 'supervisor');
  await drawn(page);
  await page.locator('[data-range]').click();
  await page.getByRole('button', { name: 'Yesterday', exact: true }).click();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await expect(page.getByRole('heading', { name: 'Chat volume', level: 1 })).toBeVisible();
  await expect(page).toHaveURL(/\/operation\/chats\?range=yesterday/);
  await page.getByRole('navigation').getByRole('link', { name: 'Conversion' }).click();
  await expect(page).toHaveURL(/\/operation\/conversion\?range=yesterday/);
});

test('a role gets its own pages, and is told about the others', async ({ page, site }) => {
  await open(page, site, '/inbox', 'supervisor');
  await expect(page.getByRole('heading', { name: 'This page is not for your role' })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link', { name: 'Inbox analytics' })).toHaveCount(0);
  await open(page, site, '/overview', 'agent');
  await expect(page.getByRole('heading', { name: 'This page is not for your role' })).toBeVisible();
});
