import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { startServer, type Running } from './server';
import { count, seconds, share } from './written';

/**
 * The screens on real conversations: 762 of them, replayed into a server of its
 * own, against the numbers that a separate program has made from them.
 */
type Numbers = Record<string, number>;
interface Expected {
  total: Record<string, Numbers>;
  agent: Record<string, Record<string, Numbers>>;
}
interface Star {
  server: Running;
  expected: Expected;
  token: (tenant: string, role: string) => Promise<string>;
  get: (tenant: string, path: string) => Promise<unknown>;
}

/** The directory with the conversations, which stands beside the repository. */
function shared(): string {
  for (let dir = import.meta.dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const found = join(dirname(dir), 'shared', 'data');
    if (existsSync(join(found, 'star.ndjson.gz'))) return found;
  }
  throw new Error('there is no shared/data beside the repository');
}

const test = base.extend<object, { star: Star }>({
  star: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startServer('serve');
      try {
        const tokens = new Map<string, string>();
        const token = async (tenant: string, role: string): Promise<string> => {
          const key = `${tenant} ${role}`;
          if (!tokens.has(key)) tokens.set(key, await server.command('token', '--tenant', tenant, '--role', role));
          return tokens.get(key) ?? '';
        };
        const get = async (tenant: string, path: string): Promise<unknown> => {
          const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${await token(tenant, 'supervisor')}` } });
          if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
          return answer.json();
        };
        // As they were, and as if the last of them had just ended.
        for (const [tenant, ...more] of [['star'], ['star-now', '--rebase', 'now']] as const) {
          const configured = await fetch(`${server.url}/v1/tenant`, {
            method: 'PUT',
            headers: { authorization: `Bearer ${await token(tenant, 'owner')}`, 'content-type': 'application/json' },
            body: JSON.stringify({ name: 'Star', profile: 'tiktok_shop', settings: { market: 'us', timezone: 'America/New_York' } }),
          });
          if (!configured.ok) throw new Error(`the profile was not taken: ${await configured.text()}`);
          await server.command('replay', join(shared(), 'star.ndjson.gz'), '--tenant', tenant, ...more);
        }
        const expected = JSON.parse(readFileSync(join(shared(), 'star.expected.json'), 'utf8')) as Expected;
        const sessions = Object.values(expected.total).reduce((sum, day) => sum + (day.sessions ?? 0), 0);
        for (const tenant of ['star', 'star-now']) {
          const range = tenant === 'star' ? '&from=2020-05-20&to=2020-05-22' : '';
          await expect
            .poll(async () => ((await get(tenant, `/v1/metrics?metric=sessions${range}`)) as { rows: { values: { sessions: { value: number } } }[] }).rows[0]?.values.sessions.value, { timeout: 120_000 })
            .toBe(sessions);
        }
        await use({ server, expected, token, get });
      } finally {
        await server.stop();
      }
    },
    { scope: 'worker', timeout: 400_000 },
  ],
});

const days = 'from=2020-05-20&to=2020-05-22';

/** A number over the three days. */
const sum = (expected: Expected, id: string): number => Object.values(expected.total).reduce((all, day) => all + (day[id] ?? 0), 0);

async function see(page: Page, star: Star, tenant: string, path: string): Promise<void> {
  await page.goto(`${star.server.url}${path}${path.includes('?') ? '&' : '?'}lang=en#${await star.token(tenant, 'supervisor')}`);
}
const figure = (page: Page, metric: string) => page.locator(`[data-metric="${metric}"] [data-figure]`).first();

test('the overview of real conversations shows what they add up to', async ({ page, star }) => {
  await see(page, star, 'star', `/overview?${days}`);
  const of = (id: string): number => sum(star.expected, id);
  for (const id of ['chats', 'chats_bot_only', 'chats_human_only', 'chats_bot_to_human', 'orders_after_inquiry']) {
    await expect(figure(page, id), id).toHaveText(count(of(id)), { timeout: 30_000 });
  }
  await expect(figure(page, 'satisfaction_rate')).toHaveText(`${share(of('satisfied'), of('rated'))}%`);
  await expect(figure(page, 'response_rate')).toHaveText(`${share(of('responded_in_window'), of('response_required'))}%`);
  await expect(figure(page, 'avg_response')).toHaveText(seconds(of('first_response_seconds') / of('first_responses') + of('turn_response_seconds') / of('turn_responses')));
  await expect(figure(page, 'revenue_after_inquiry')).toHaveText(new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' }).format(of('revenue_cents') / 100));
});

test('so does service performance, over all days and on one of them', async ({ page, star }) => {
  for (const [range, of] of [
    [days, (id: string) => sum(star.expected, id)],
    ['from=2020-05-22&to=2020-05-22', (id: string) => star.expected.total['2020-05-22']?.[id] ?? 0],
  ] as const) {
    await see(page, star, 'star', `/operation/service?${range}`);
    await expect(figure(page, 'reply_rate')).toHaveText(`${share(of('human_replied'), of('human_inbound'))}%`, { timeout: 30_000 });
    await expect(figure(page, 'avg_first_response')).toHaveText(seconds(of('first_response_seconds') / of('first_responses')));
    await expect(figure(page, 'survey_response_rate')).toHaveText(`${share(of('surveys_sent_answered'), of('surveys_sent'))}%`);
    await expect(figure(page, 'dissatisfaction_rate')).toHaveText(`${share(of('dissatisfied'), of('rated'))}%`);
    await expect(figure(page, 'surveys_sent')).toHaveText(count(of('surveys_sent')));
    await expect(figure(page, 'rated')).toHaveText(count(of('rated')));
  }
});

test('each agent has the numbers of that agent', async ({ page, star }) => {
  await see(page, star, 'star', `/agents/performance?${days}`);
  await expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  const heads = (await page.locator('thead tr').first().locator('th').allInnerTexts()).map((text) => text.split('\n')[0]?.trim() ?? '');
  const handled = heads.findIndex((text) => text.startsWith('Handled chats'));
  const response = heads.findIndex((text) => text.startsWith('Average response'));
  expect(Math.min(handled, response)).toBeGreaterThan(0);
  let seen = 0;
  for (const [agent, byDay] of Object.entries(star.expected.agent)) {
    const of = (id: string): number => Object.values(byDay).reduce((all, day) => all + (day[id] ?? 0), 0);
    if (!of('handled_chats')) continue;
    const cells = page.locator(`tr[data-row="${agent}"]`).locator('th, td');
    await expect(cells.nth(handled), agent).toHaveText(count(of('handled_chats')));
    const turns = of('turn_responses') ? of('turn_response_seconds') / of('turn_responses') : 0;
    await expect(cells.nth(response), agent).toHaveText(seconds(of('first_response_seconds') / of('first_responses') + turns));
    seen++;
  }
  expect(seen).toBeGreaterThan(40);
});

test('the history lists as many conversations as there were, by every kind', async ({ page, star }) => {
  for (const [query, n] of [
    ['', sum(star.expected, 'sessions')],
    ['&handling=bot_to_human', sum(star.expected, 'chats_bot_to_human')],
    ['&negative=true', sum(star.expected, 'negative_ratings')],
  ] as const) {
    await see(page, star, 'star', `/history?${days}${query}`);
    await expect(page.getByText(`${count(n)} conversations`, { exact: true })).toBeVisible({ timeout: 30_000 });
  }
});

test('a wallboard shows today’s part of them, as the API says it, through a restart of the server', async ({ page, star }) => {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await see(page, star, 'star-now', '/wallboard');
  const live = page.locator('[data-freshness="live"]');
  await expect(live).toBeVisible({ timeout: 30_000 });
  const check = async (): Promise<void> => {
    const { state } = (await star.get('star-now', '/v1/live/wallboard')) as { state: { day: string; metrics: Record<string, { value?: number; num?: number; den?: number }> } };
    await expect(page.locator('[data-day]')).toHaveAttribute('data-day', state.day);
    for (const id of ['queue_length', 'active_chats', 'online_agents', 'blocked_messages']) {
      await expect(page.locator(`[data-tile="${id}"] .figure`), id).toContainText(count(state.metrics[id]?.value ?? 0));
    }
    const rate = state.metrics.reply_rate;
    // Just behind midnight nobody has written today.
    await expect(page.locator('[data-tile="reply_rate"] .figure')).toContainText(rate?.den ? share(rate.num ?? 0, rate.den) : '–');
    // And the reports say the same of today.
    const report = (await star.get('star-now', `/v1/metrics?metric=reply_rate&from=${state.day}&to=${state.day}`)) as { rows: { values: { reply_rate: { num: number; den: number } } }[] };
    expect(report.rows[0]?.values.reply_rate).toMatchObject({ num: rate?.num, den: rate?.den });
  };
  await check();
  await star.server.restart(() => expect(page.locator('[data-banner]')).toContainText('nothing has come since', { timeout: 30_000 }));
  await expect(live).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('[data-banner]')).toHaveCount(0);
  await check();
});
