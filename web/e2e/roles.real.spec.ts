import type { Page } from '@playwright/test';
import { every } from '../src/lib/pagelist';
import { startServer, type Running } from './server';
import { expect, test as base } from './site';

/**
 * Who opens whose link. Every page of the router has a row, and each role that the
 * row does not name is told why it sees nothing, without having asked the server
 * for what it may not have.
 */
const table: Record<string, string> = {
  '/overview': 'owner admin supervisor',
  '/floor': 'owner admin supervisor',
  '/wallboard': 'owner admin supervisor wallboard',
  '/operation/chats': 'owner admin supervisor',
  '/operation/service': 'owner admin supervisor',
  '/operation/conversion': 'owner admin supervisor',
  '/operation/customers': 'owner admin supervisor',
  '/operation/definitions': 'owner admin supervisor',
  '/agents/performance': 'owner admin supervisor',
  '/agents/team': 'owner admin supervisor',
  '/history': 'owner admin supervisor',
  '/insights/risks': 'owner admin supervisor',
  '/insights/reviews': 'owner admin supervisor',
  '/ai': 'owner admin supervisor',
  '/inbox': 'owner admin',
  '/rules': 'owner admin supervisor',
  '/settings': 'owner admin supervisor',
  '/agent': 'agent',
  '/mine': 'agent',
};

/** Links into pages, which are their page's roles'. */
const within = [
  '/history/c1', '/history?handling=bot_only&risky=true&columns=id,started', '/floor?view=open', '/floor?view=teams', '/agents/team?view=channels', '/wallboard/none',
  '/rules?view=try', '/rules?view=backtest', '/rules?view=versions', '/rules?view=disputes', '/settings/thresholds', '/settings/boards', '/settings/links',
  '/mine/c1',
];

const roles = ['owner', 'admin', 'supervisor', 'agent', 'wallboard', 'service', 'operator'] as const;

const test = base.extend<object, { server: Running }>({
  server: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const server = await startServer('serve');
      const token = await server.command('token', '--tenant', 'links', '--role', 'service');
      const events: [type: string, data: object][] = [
        ['agent.updated', { agent: 'a1', name: 'Ann' }],
        ['conversation.started', { conversation: 'c1', channel: 'web', customer: { id: 'u1', name: 'Maya' } }],
        ['conversation.queued', { conversation: 'c1', team: 't1' }],
        ['conversation.assigned', { conversation: 'c1', to: { kind: 'agent', id: 'a1' }, team: 't1' }],
        ['message.sent', { conversation: 'c1', message: 'm1', from: { kind: 'customer', id: 'u1' }, text: 'Hello' }],
      ];
      const answer = await fetch(`${server.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' },
        body: JSON.stringify(events.map(([type, data], n) => ({ specversion: '1.0', id: `e${n}`, source: 'links', type, time: new Date().toISOString(), tenant: 'links', subject: 'c1', data }))),
      });
      expect(answer.ok, await answer.text()).toBe(true);
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 200_000 },
  ],
});

const signIn = async (server: Running, role: string, ...more: string[]): Promise<string> =>
  server.command('token', '--tenant', 'links', '--role', role, ...(role === 'agent' ? ['--agent', 'a1'] : []), ...more);

/** Another link in the same window, as from the history of the browser. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    history.pushState(null, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
}

const refused = 'This page is not for your role';

test('every page of the router has its row', () => {
  expect(Object.keys(table).toSorted()).toEqual(every.map((page) => page.path).toSorted());
});

for (const role of roles) {
  test(`${role}: each link shows what this role may see, or says why not`, async ({ page, server, complaints }) => {
    test.setTimeout(240_000);
    const refusals: string[] = [];
    page.on('response', (answer) => {
      if (answer.status() === 401 || answer.status() === 403) refusals.push(`${page.url()} asked for ${answer.url()}`);
    });
    const offered = every.filter((one) => (table[one.path] ?? '').split(' ').includes(role)).map((one) => one.path);
    await page.goto(`${server.url}/inbox?lang=en#${await signIn(server, role)}`);
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible({ timeout: 30_000 });
    expect(await page.getByRole('navigation').locator('a').evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname))).toEqual(offered);
    for (const path of [...Object.keys(table), ...within]) {
      const whose = every.find((one) => path === one.path || path.startsWith(`${one.path}/`) || path.startsWith(`${one.path}?`));
      await follow(page, path);
      const heading = page.locator('h1');
      await expect(heading.first(), path).toBeVisible();
      if (offered.includes(whose?.path ?? '')) {
        await expect(heading.first(), path).not.toHaveText(refused);
        await expect(page.locator('.skeleton'), path).toHaveCount(0, { timeout: 30_000 });
        // On a wall an alert is a number's.
        if (whose?.path !== '/wallboard') await expect(page.locator('main [role="alert"]:not(.hidden)'), path).toHaveCount(0);
      } else {
        await expect(heading, path).toHaveText(refused);
        await expect(page.locator('main'), path).toContainText('You are signed in as');
        await expect(page.getByRole('link', { name: 'Back to the start' }), path).toBeVisible();
      }
    }
    // A board that is none is asked for once.
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
    complaints.length = 0;
    expect(refusals, 'nothing was asked for that the role may not have').toEqual([]);
  });
}

test('what is behind an agent’s own number opens for that agent, without what is nobody’s business', async ({ page, server }) => {
  const asked: string[] = [];
  page.on('request', (one) => asked.push(new URL(one.url()).pathname));
  await page.goto(`${server.url}/mine?lang=en#${await signIn(server, 'agent')}`);
  await page.locator('[data-metric="assigned_sessions"] [data-figure] button').click({ timeout: 30_000 });
  await page.getByRole('dialog').getByRole('link', { name: 'c1', exact: true }).click();
  await expect(page).toHaveURL(/\/mine\/c1\?.*from=/);
  await expect(page.locator('[data-thread="c1"] [data-message]').first()).toContainText('Hello');
  await expect(page.locator('h1')).toHaveText('Maya');
  expect(asked.filter((path) => path.startsWith('/v1/customers')), 'other conversations and orders of the customer').toEqual([]);
  await page.getByRole('link', { name: 'My numbers' }).last().click();
  await expect(page.getByRole('heading', { name: 'My numbers', level: 1 })).toBeVisible();
});

test('a conversation that is none has a heading, and a way on', async ({ page, server, complaints }) => {
  await page.goto(`${server.url}/history/nowhere?lang=en#${await signIn(server, 'owner')}`);
  await expect(page.getByRole('heading', { name: /There is no such conversation/, level: 1 })).toBeVisible({ timeout: 30_000 });
  await expect(page).toHaveTitle(/There is no such conversation/);
  await expect(page.locator('main')).toContainText('nowhere');
  await page.getByRole('link', { name: 'Search in the chat history' }).click();
  await expect(page.getByRole('searchbox')).toHaveValue('nowhere');
  complaints.length = 0;
});

test('a supervisor of one team is told that another team’s conversation is not his', async ({ page, server, complaints }) => {
  await page.goto(`${server.url}/history/c1?lang=en#${await signIn(server, 'supervisor', '--team', 't1')}`);
  await expect(page.locator('[data-thread="c1"] [data-message]').first()).toBeVisible({ timeout: 30_000 });
  await page.goto('about:blank');
  await page.goto(`${server.url}/history/c1?lang=en#${await signIn(server, 'supervisor', '--team', 't2')}`);
  await expect(page.locator('main')).toContainText('There is no such conversation, or your role may not see it.', { timeout: 30_000 });
  await expect(page.locator('[data-message]')).toHaveCount(0);
  await expect(page.getByRole('link', { name: /All conversations/ })).toBeVisible();
  complaints.length = 0;
});
