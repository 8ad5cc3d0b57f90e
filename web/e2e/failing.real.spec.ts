import type { Page, Request, Route } from '@playwright/test';
import { expect, test, untilLive, type Role, type Site } from './site';

/** How an answer can fail, and what the page then says. */
const refused = (status: number, code: string, more: Record<string, string> = {}) => (route: Route) =>
  route.fulfill({ status, headers: { 'content-type': 'application/problem+json', ...more }, body: JSON.stringify({ code, status, detail: 'This is not right.' }) });
const answered = (body: string) => (route: Route) => route.fulfill({ contentType: 'application/json', body });
const faults: { name: string; says: string; answer: (route: Route) => Promise<void> }[] = [
  { name: '503', says: 'Reports cannot be read right now', answer: refused(503, 'unavailable', { 'retry-after': '2' }) },
  { name: '422', says: 'The server answered: This is not right.', answer: refused(422, 'validation') },
  { name: 'nothing in it', says: 'cannot be read: it is not what was asked for', answer: answered('{}') },
  { name: 'a cut connection', says: 'The server did not answer', answer: (route) => route.abort() },
  { name: '403', says: 'Your role may not see this', answer: refused(403, 'forbidden') },
  { name: 'no body', says: 'cannot be read: it is not what was asked for', answer: answered('') },
];

interface Screen {
  path: string;
  role: Role;
  desk?: string;
  /** Requests that only bring suggestions: without them nothing is missing that would have to be said. */
  quiet?: RegExp;
}
const reports = ['/overview', '/operation/chats', '/operation/service', '/operation/conversion', '/operation/customers', '/operation/definitions', '/agents/performance', '/insights/risks', '/insights/reviews', '/ai'];
const screens: Screen[] = [
  ...reports.map((path): Screen => ({ path, role: 'supervisor' })),
  { path: '/agents/team', role: 'supervisor' },
  { path: '/history', role: 'supervisor', quiet: /by (reason|tag)$/ },
  { path: '/inbox', role: 'owner', desk: 'vela' },
  { path: '/rules', role: 'owner' },
  ...['try', 'backtest', 'versions', 'disputes'].map((view): Screen => ({ path: `/rules?view=${view}`, role: 'owner' })),
  ...['', '/thresholds', '/boards', '/links'].map((view): Screen => ({ path: `/settings${view}`, role: 'owner' })),
  { path: '/mine', role: 'agent' },
];

/** What is asked for. Reports by the same dimension are drawn by the same parts, and fail together. */
function question(request: Request): string {
  const { pathname, searchParams } = new URL(request.url());
  return [pathname, searchParams.get('by')].filter(Boolean).join(' by ');
}

/** Goes there as by a link on the page, so that what is known of the desk stays known. */
async function follow(page: Page, path: string): Promise<void> {
  await page.evaluate((to) => {
    const link = document.createElement('a');
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, path);
}

/** Nothing is on its way any more. */
async function still(page: Page, what: string): Promise<void> {
  const loading = page.locator('.skeleton, [data-ready="false"], p:text-is("Loading …")');
  await expect(loading, `${what}: nothing stays on its way`).toHaveCount(0, { timeout: 60_000 });
}

const problems = (page: Page) => page.locator('main [role="alert"], dialog [role="alert"]').filter({ has: page.getByRole('button', { name: 'Try again' }) });

/** Presses what offers another try until nothing is amiss; each once, for pressing again begins again. */
async function recover(page: Page, what: string): Promise<void> {
  for (let left = await problems(page).count(); left > 0; left = await problems(page).count()) {
    // It may have come back by itself meanwhile, and taken its button away.
    await problems(page).getByRole('button', { name: 'Try again' }).first().click({ timeout: 5_000 }).catch(() => undefined);
    await expect.poll(() => problems(page).count(), { message: `${what}: the way back`, timeout: 60_000 }).toBeLessThan(left);
  }
  await still(page, what);
}

/** The browser's own words about answers that were made up. */
function forgive(complaints: string[]): void {
  expect(complaints.filter((one) => !one.includes('Failed to load resource'))).toEqual([]);
  complaints.length = 0;
}

for (const [place, screen] of screens.entries()) {
  test(`${screen.path}: each request that fails is said, with a way back`, async ({ page, site, complaints }) => {
    // A visit for each request; on a busy machine that takes its time.
    test.setTimeout(300_000);
    const at: Site = screen.desk ? site.desk(screen.desk) : site;
    let visits = 0;
    // Other days each time, so that nothing is remembered; and all of them over.
    const to = await Promise.all(Array.from({ length: 10 }, (_, n) => site.day(n + 2)));
    const from = await site.day(14);
    const address = (): string => `${screen.path}${screen.path.includes('?') ? '&' : '?'}from=${from}&to=${to[visits++ % to.length]}`;

    const asked = new Set<string>();
    page.on('request', (request) => {
      if (request.method() === 'GET' && /\/v1\/(?!(live|tickets|me|demo)\b)/.test(request.url())) asked.add(question(request));
    });
    let failing = '';
    let fault = faults[0];
    await page.route('**/v1/**', (route) => (question(route.request()) === failing && fault ? fault.answer(route) : route.continue()));

    await page.goto(`${site.url}${address()}&lang=en#${await at.token(screen.role)}`);
    await untilLive(page);
    await still(page, 'at first');
    const away = async (): Promise<void> => {
      await follow(page, '/nowhere');
      await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
    };
    await away();
    asked.clear();
    await follow(page, address());
    await expect.poll(() => asked.size, 'what the screen asks for').toBeGreaterThan(0);
    await still(page, 'at the second visit');
    const empty = await page.locator('.empty').count();

    for (const [n, one] of [...asked].entries()) {
      failing = one;
      fault = faults[(place + n) % faults.length];
      const what = `${one}, ${fault?.name}`;
      await away();
      await follow(page, address());
      if (!screen.quiet?.test(one)) await expect(problems(page).first(), what).toContainText(fault?.says ?? '');
      await still(page, what);
      expect(await page.locator('.empty').count(), `${what}: what cannot be read is not said to be empty`).toBeLessThanOrEqual(empty);
      failing = '';
      await recover(page, what);
    }
    forgive(complaints);
  });
}

test('an answer that takes long is waited for, and one that failed is asked for again when the server wants', async ({ page, site, complaints }) => {
  const times: number[] = [];
  let answer: (route: Route) => Promise<void> = refused(503, 'unavailable', { 'retry-after': '7' });
  await page.route('**/v1/profiles', (route) => {
    times.push(Date.now());
    return answer(route);
  });
  await page.goto(`${site.url}/operation/definitions?lang=en#${await site.token('owner')}`);
  await expect(problems(page)).toContainText('this page asks again by itself');
  expect(times).toHaveLength(1);

  let release = (): void => undefined;
  const released = new Promise<void>((done) => (release = done));
  answer = async (route) => {
    await released;
    await route.continue();
  };
  await expect.poll(() => times.length, { timeout: 30_000 }).toBe(2);
  expect((times[1] ?? 0) - (times[0] ?? 0), 'no sooner than the server wants').toBeGreaterThan(6_900);
  // Until it has come, what was said stands.
  await expect(problems(page)).toBeVisible();
  release();
  await expect(page.locator('[data-compared]').first()).toBeVisible();
  await expect(problems(page)).toHaveCount(0);
  forgive(complaints);
});

for (const [place, path] of ['/overview', '/floor', '/rules?view=try', '/operation/conversion'].entries()) {
  test(`${path}: a desk that cannot be read is said, and nothing seems to be on its way`, async ({ page, site, complaints }) => {
    for (const [n, one] of ['/v1/catalog', '/v1/tenant'].entries()) {
      const fault = faults[(place + 3 * n) % faults.length];
      await page.route(`**${one}`, (route) => fault?.answer(route));
      await page.goto(`${site.url}${path}${path.includes('?') ? '&' : '?'}lang=en&fresh=${n}#${await site.token('owner')}`);
      const what = `${one}, ${fault?.name}`;
      await expect(problems(page), what).toContainText(fault?.says ?? '');
      await still(page, what);
      await page.unroute(`**${one}`);
      await recover(page, what);
    }
    forgive(complaints);
  });
}

test('what a board and its names need besides is asked for again by itself', async ({ page, site, complaints }) => {
  const tries = new Map<string, number>();
  await page.route(/\/v1\/(catalog|thresholds|directory|live\/[a-z]+\/series)\b/, (route) => {
    const { pathname } = new URL(route.request().url());
    const before = tries.get(pathname) ?? 0;
    tries.set(pathname, before + 1);
    return before === 0 ? refused(503, 'unavailable')(route) : route.continue();
  });
  await page.goto(`${site.url}/wallboard?lang=en#${await site.token('wallboard')}`);
  await untilLive(page);
  await expect.poll(() => [...tries.values()].filter((n) => n > 1), { timeout: 30_000 }).toHaveLength(3);

  tries.clear();
  await page.goto(`${site.url}/overview?lang=en&fresh=1#${await site.token('owner')}`);
  await untilLive(page);
  await expect.poll(() => tries.get('/v1/directory'), { timeout: 30_000 }).toBeGreaterThan(1);
  await expect(page.getByText('Nothing has come in yet')).toHaveCount(0);
  forgive(complaints);
});

test('how often rules were broken is not said to be zero where it cannot be read', async ({ page, site, complaints }) => {
  await page.route('**/v1/metrics**', refused(403, 'forbidden'));
  await page.goto(`${site.url}/rules?lang=en#${await site.token('owner')}`);
  await expect(problems(page)).toContainText('Your role may not see this');
  const row = page.locator('main tr[data-row]').first();
  await expect(row.getByRole('cell').nth(-3), 'hits').toHaveText('–');
  await expect(row.getByRole('cell').nth(-2), 'disputed').toHaveText('–');
  await page.unroute('**/v1/metrics**');
  await recover(page, 'the numbers of the rules');
  await expect(row.getByRole('cell').nth(-3), 'hits').toHaveText(/\d/);
  forgive(complaints);
});

test('an explanation whose part of the program does not come says so, and opens after the retry', async ({ page, site, complaints }) => {
  await page.route(/Explain-[^/]*\.js/, (route) => route.abort());
  await page.goto(`${site.url}/operation/service?lang=en#${await site.token('supervisor')}`);
  await untilLive(page);
  await page.locator('[data-metric="avg_response"] [data-figure] button').first().click();
  await expect(page.getByRole('alert').getByRole('button', { name: 'Try again' })).toBeInViewport();
  await page.unroute(/Explain-[^/]*\.js/);
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('[data-explain="avg_response"] ol li').first()).toBeVisible();
  complaints.length = 0;
});
