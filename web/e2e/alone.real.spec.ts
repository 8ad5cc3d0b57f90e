import { rmSync } from 'node:fs';
import { test as base, expect, type Page } from '@playwright/test';
import { startRelay, type Relay } from './relay';
import { startServer, type Running } from './server';
import { Zones } from './zone';

/**
 * A wallboard that nobody touches, against a real server of its own: the network
 * cut in three ways, the server restarted, the desk's midnight passed. The page
 * is never loaded again.
 */
type Data = Record<string, unknown>;
interface Place {
  server: Running;
  relay: Relay;
  zones: Zones;
  token(tenant: string, role: string): Promise<string>;
  /** Brings events in, one after the other. */
  publish(tenant: string, events: readonly [type: string, subject: string, data: Data][]): Promise<void>;
  state(tenant: string): Promise<{ day: string; metrics: Record<string, { value?: number; num?: number; den?: number }> }>;
}

const test = base.extend<object, { place: Place }>({
  place: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const zones = new Zones();
      const server = await startServer('serve', [], { ZONEINFO: zones.directory });
      const relay = await startRelay(server.url);
      const tokens = new Map<string, string>();
      const token = async (tenant: string, role: string): Promise<string> => {
        const key = `${tenant} ${role}`;
        if (!tokens.has(key)) tokens.set(key, await server.command('token', '--tenant', tenant, '--role', role));
        return tokens.get(key) ?? '';
      };
      let made = 0;
      try {
        await use({
          server, relay, zones, token,
          async publish(tenant, events) {
            const answer = await fetch(`${server.url}/v1/events`, {
              method: 'POST',
              headers: { authorization: `Bearer ${await token(tenant, 'owner')}`, 'content-type': 'application/cloudevents-batch+json' },
              body: JSON.stringify(
                events.map(([type, subject, data]) => ({ specversion: '1.0', id: `e${++made}`, source: 'alone', type, time: new Date().toISOString(), tenant, subject, data })),
              ),
            });
            const text = await answer.text();
            if (!answer.ok || (JSON.parse(text) as { accepted?: number }).accepted !== events.length) throw new Error(`the events were not taken: HTTP ${answer.status} ${text}`);
          },
          async state(tenant) {
            const answer = await fetch(`${server.url}/v1/live/wallboard`, { headers: { authorization: `Bearer ${await token(tenant, 'supervisor')}` } });
            return ((await answer.json()) as { state: Awaited<ReturnType<Place['state']>> }).state;
          },
        });
      } finally {
        await relay.stop();
        await server.stop();
        rmSync(zones.directory, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: 200_000 },
  ],
});

async function configure(place: Place, tenant: string, timezone: string): Promise<void> {
  const answer = await fetch(`${place.server.url}/v1/tenant`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${await place.token(tenant, 'owner')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Night desk', profile: 'inbox', settings: { timezone } }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

const tile = (page: Page, id: string) => page.locator(`[data-tile="${id}"] .figure`);
const chat = (id: string, agent: string): [string, string, Data][] => [
  ['conversation.started', id, { conversation: id, channel: 'web', customer: { id: `u-${id}` } }],
  ['conversation.assigned', id, { conversation: id, to: { kind: 'agent', id: agent } }],
];

/** The board as whoever hangs it up opens it: through the network, once. */
async function hang(page: Page, place: Place, tenant: string): Promise<void> {
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`${place.relay.url}/wallboard?lang=en#${await place.token(tenant, 'wallboard')}`);
  await expect(page.locator('[data-freshness="live"]')).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => ((window as unknown as { hung: boolean }).hung = true));
}

const live = (page: Page) => page.locator('[data-freshness="live"]');
const banner = (page: Page) => page.locator('[data-banner]');
async function untouched(page: Page): Promise<void> {
  await expect(live(page)).toBeVisible({ timeout: 60_000 });
  await expect(banner(page)).toHaveCount(0);
  expect(await page.evaluate(() => (window as unknown as { hung?: boolean }).hung), 'it is the same page').toBe(true);
}

test('the desk’s midnight passes, and today’s numbers are the new day’s', async ({ page, place }) => {
  const tenant = 'midnight';
  for (const role of ['owner', 'supervisor', 'wallboard']) await place.token(tenant, role);
  // What is loaded once is in the browser's cache when it counts.
  await page.goto(place.relay.url);

  await configure(place, tenant, place.zones.midnightIn(40));
  await place.publish(tenant, [
    ['agent.updated', 'a1', { agent: 'a1', name: 'Anna K.' }],
    ['agent.presence', 'a1', { agent: 'a1', status: 'online' }],
    ...chat('c1', 'a1'),
    ['message.sent', 'c1', { conversation: 'c1', message: 'm1', from: { kind: 'customer', id: 'u-c1' }, text: 'Hello' }],
    ['message.sent', 'c1', { conversation: 'c1', message: 'm2', from: { kind: 'agent', id: 'a1' }, text: 'Good evening' }],
  ]);
  const held = await fetch(`${place.server.url}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await place.token(tenant, 'owner')}`, 'content-type': 'application/json' },
    body: JSON.stringify({ conversation: 'c1', message: 'm3', from: { kind: 'agent', id: 'a1' }, text: 'call me at +49 170 1234567' }),
  });
  expect(await held.json()).toMatchObject({ verdict: 'block' });
  await hang(page, place, tenant);
  const { day: before } = await place.state(tenant);
  await expect(page.locator('[data-day]')).toHaveAttribute('data-day', before);
  await expect(tile(page, 'blocked_messages')).toHaveText('1');
  await expect(tile(page, 'reply_rate')).toContainText('100');
  await expect(tile(page, 'active_chats')).toHaveText('1');

  await expect(page.locator('[data-day]')).not.toHaveAttribute('data-day', before, { timeout: 60_000 });
  const after = await place.state(tenant);
  expect(Date.parse(after.day) - Date.parse(before), 'the day after').toBe(86_400_000);
  await expect(page.locator('[data-day]')).toHaveAttribute('data-day', after.day);
  await expect(tile(page, 'blocked_messages')).toHaveText('0');
  await expect(tile(page, 'reply_rate')).toHaveText('–');
  // What is true now is no day's.
  await expect(tile(page, 'active_chats')).toHaveText('1');
  await expect(tile(page, 'online_agents')).toContainText('1');
  await untouched(page);
});

test('the network is cut in three ways and the server restarted, and the board is right again by itself', async ({ page, context, place }) => {
  test.setTimeout(300_000);
  const tenant = 'alone';
  await configure(place, tenant, 'Asia/Kathmandu');
  await place.publish(tenant, [['agent.updated', 'a1', { agent: 'a1', name: 'Anna K.', capacity: 9 }], ['agent.presence', 'a1', { agent: 'a1', status: 'online' }], ...chat('d1', 'a1')]);
  await hang(page, place, tenant);
  await expect(tile(page, 'active_chats')).toHaveText('1');

  // The cable is pulled: nothing comes, and no connection ends.
  place.relay.cut();
  await expect(banner(page)).toContainText('nothing has come since', { timeout: 15_000 });
  await place.publish(tenant, chat('d2', 'a1'));
  await expect(tile(page, 'active_chats'), 'nothing can have come').toHaveText('1');
  place.relay.mend();
  await expect(tile(page, 'active_chats')).toHaveText('2', { timeout: 60_000 });
  await untouched(page);

  // The router starts anew.
  place.relay.drop();
  await place.publish(tenant, chat('d3', 'a1'));
  await expect(tile(page, 'active_chats')).toHaveText('3', { timeout: 60_000 });
  await untouched(page);

  // The television itself has no network, for longer than a connection is believed.
  await context.setOffline(true);
  place.relay.drop();
  await expect(banner(page)).toContainText('nothing has come since', { timeout: 15_000 });
  await place.publish(tenant, chat('d4', 'a1'));
  await expect(page.locator('[data-freshness="live"]')).toHaveCount(0);
  await context.setOffline(false);
  await expect(tile(page, 'active_chats')).toHaveText('4', { timeout: 60_000 });
  await untouched(page);

  await place.server.restart(() => expect(banner(page)).toContainText('nothing has come since', { timeout: 30_000 }));
  await place.publish(tenant, chat('d5', 'a1'));
  await expect(tile(page, 'active_chats')).toHaveText('5', { timeout: 60_000 });
  await untouched(page);
  const { metrics } = await place.state(tenant);
  expect(metrics.active_chats?.value).toBe(5);
});

/** 200 agents come to work; their names are as long as names are. */
async function gather(place: Place, tenant: string, timezone = 'Asia/Kathmandu'): Promise<string[]> {
  const agents = Array.from({ length: 200 }, (_, n) => `a${n + 1}`);
  await configure(place, tenant, timezone);
  await place.publish(tenant, agents.map((agent, n) => ['agent.updated', agent, { agent, name: n % 2 ? `欧阳慕容晓梅（夜班客服组长）${n}` : `Maximiliane-Theodora von Hohenlohe-Langenburg ${n}`, department: 'International returns and repairs', capacity: 4 }]));
  await place.publish(tenant, agents.map((agent) => ['agent.presence', agent, { agent, status: 'online' }]));
  return agents;
}

test('other definitions reach a report that somebody has open, by themselves', async ({ page, place }) => {
  const tenant = 'defined';
  await configure(place, tenant, 'UTC');
  await place.publish(tenant, [
    ...chat('d1', 'a1'),
    ['message.sent', 'd1', { conversation: 'd1', message: 'd1-1', from: { kind: 'customer', id: 'u-d1' }, text: 'Hello' }],
    ['message.sent', 'd1', { conversation: 'd1', message: 'd1-2', from: { kind: 'agent', id: 'a1' }, text: 'Good evening' }],
    ['survey.sent', 'd1', { conversation: 'd1', survey: 's1' }],
    ['survey.answered', 'd1', { conversation: 'd1', survey: 's1', stars: 3 }],
  ]);
  await page.goto(`${place.server.url}/insights/reviews?lang=en#${await place.token(tenant, 'owner')}`);
  const negative = page.locator('[data-metric="negative_ratings"] [data-figure]');
  await expect(live(page)).toBeVisible({ timeout: 30_000 });
  const define = async (neutral_is_negative: boolean): Promise<void> => {
    const answer = await fetch(`${place.server.url}/v1/tenant`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await place.token(tenant, 'owner')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Night desk', profile: 'inbox', settings: { timezone: 'UTC', neutral_is_negative } }),
    });
    expect(answer.ok, await answer.text()).toBe(true);
  };
  await page.evaluate(() => ((window as unknown as { hung: boolean }).hung = true));
  // Once each way: what it was before is of no matter.
  for (const [defined, number] of [[false, '0'], [true, '1'], [false, '0']] as const) {
    await define(defined);
    await expect(negative).toHaveText(number, { timeout: 60_000 });
    await expect(page.getByText(`Three stars count as ${defined ? 'negative' : 'neutral'} here.`)).toBeVisible();
    await expect(page.locator('[data-renewing]')).toHaveCount(0, { timeout: 30_000 });
  }
  expect(await page.evaluate(() => (window as unknown as { hung?: boolean }).hung), 'it is the same page').toBe(true);
});

test('200 agents with long names fit the floor and the wall', async ({ page, place }, info) => {
  const tenant = 'names';
  await gather(place, tenant);
  await page.goto(`${place.server.url}/floor?lang=en#${await place.token(tenant, 'supervisor')}`);
  await expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  const box = page.locator('#view [role="region"]');
  for (const width of [1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => box.evaluate((element) => element.scrollWidth - element.clientWidth), { message: `at ${width} px` }).toBe(0);
    await page.screenshot({ path: info.outputPath(`floor-200-${width}.png`) });
  }
  await hang(page, place, tenant);
  await expect(page.locator('footer dl')).toContainText('200');
  await expect(page.locator('footer [data-agent]')).toHaveCount(200);
  for (const [width, height] of [
    [1280, 720],
    [1920, 1080],
    [3840, 2160],
  ] as const) {
    await page.setViewportSize({ width, height });
    const cut = await page.locator('footer .box').evaluateAll((boxes) => boxes.filter((one) => one.scrollHeight > one.clientHeight + 1).length);
    expect(cut, `at ${width} × ${height}`).toBe(0);
    await page.screenshot({ path: info.outputPath(`wallboard-200-${width}.png`) });
  }
});

const minutes = Number(process.env.FLOORLIGHT_BOARD_MINUTES ?? 0.2);
/** In minutes the board is disturbed as well: what a wall meets in a year, in one go. */
const disturbed = minutes >= 4;

/** What befalls the board, by how much of the time has passed. Each is over, and the board right again, before the next. */
function troubles(page: Page, place: Place): [share: number, name: string, happen: () => Promise<void>][] {
  const silent = async (): Promise<void> => expect(banner(page)).toContainText('nothing has come since', { timeout: 60_000 });
  return [
    [0.1, 'the cable is pulled', async () => {
      place.relay.cut();
      await silent();
      place.relay.mend();
    }],
    [0.25, 'the router starts anew', async () => place.relay.drop()],
    [0.4, 'the server is restarted', () => place.server.restart(silent)],
    [0.75, 'the television has no network', async () => {
      await page.context().setOffline(true);
      place.relay.drop();
      await silent();
      await page.context().setOffline(false);
    }],
  ];
}

test('200 agents at ten changes a second take under a fifth of a core, and nothing grows', async ({ page, place }) => {
  test.setTimeout(400_000 + minutes * 60_000);
  const tenant = 'crowd';
  const agents = await gather(place, tenant, disturbed ? place.zones.midnightIn(minutes * 36) : undefined);
  await hang(page, place, tenant);
  await expect(page.locator('[data-agent]').first()).toBeVisible();

  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<{ at: number; busy: number; heap: number; nodes: number; listeners: number }> => {
    await devtools.send('HeapProfiler.collectGarbage');
    const { metrics } = await devtools.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
    return { at: Date.now(), busy: of('TaskDuration'), heap: of('JSHeapUsedSize') / 2 ** 20, nodes: of('Nodes'), listeners: of('JSEventListeners') };
  };

  // An agent's chats come and go, ten times a second, whatever the board makes of it.
  let turn = 0;
  let going = true;
  const traffic = (async () => {
    let due = Date.now();
    while (going) {
      const agent = agents[(turn * 37) % 200] as string;
      const id = `x${turn % 1000}`;
      const round = Math.floor(turn / 1000) % 2;
      try {
        await place.publish(tenant, round ? [['conversation.closed', id, { conversation: id, by: { kind: 'customer' } }]] : chat(id, agent));
        turn++;
      } catch (reason) {
        // While the server is away there is nobody to tell.
        if (!disturbed) throw reason;
      }
      due += 100;
      await new Promise((next) => setTimeout(next, Math.max(0, due - Date.now())));
    }
  })();
  try {
    const main = page.locator('main');
    const version = async (): Promise<number> => Number(await main.getAttribute('data-version'));
    const wait = (ms: number): Promise<void> => {
      const end = Date.now() + ms;
      return expect.poll(() => Date.now(), { timeout: ms + 30_000, intervals: [500] }).toBeGreaterThan(end);
    };
    // The first turns draw everything for the first time.
    const start = await version();
    await expect.poll(async () => (await version()) - start, { timeout: 30_000 }).toBeGreaterThan(20);
    const first = await read();
    const day = await page.locator('[data-day]').getAttribute('data-day');
    const until = (share: number): Promise<void> => wait(Math.max(0, first.at + share * minutes * 60_000 - Date.now()));
    for (const [share, name, happen] of disturbed ? troubles(page, place) : []) {
      await until(share);
      await happen();
      await untouched(page);
      const now = await read();
      console.log(`${Math.round((now.at - first.at) / 1000)} s: ${name}; heap ${now.heap.toFixed(2)} MB, nodes ${now.nodes}`);
    }
    await until(0.5);
    const middle = await read();
    // A server that was restarted counts from anew.
    await until(disturbed ? 0.85 : 0);
    const [from, since] = [await version(), Date.now()];
    await until(1);
    const changes = ((await version()) - from) / ((Date.now() - since) / 1000);
    const end = await read();
    const seconds = (end.at - first.at) / 1000;
    const busy = (end.busy - first.busy) / seconds;
    if (disturbed) await expect(page.locator('[data-day]'), 'midnight has passed').not.toHaveAttribute('data-day', day ?? '');
    console.log(
      `${seconds.toFixed(0)} s: ${changes.toFixed(1)} changes a second, ${(busy * 100).toFixed(1)} % of a core, heap ${[first, middle, end].map((one) => one.heap.toFixed(2)).join(' → ')} MB, ` +
        `nodes ${[first, middle, end].map((one) => one.nodes).join(' → ')}, listeners ${[first, middle, end].map((one) => one.listeners).join(' → ')}`,
    );
    expect(changes, 'it went on changing').toBeGreaterThan(3);
    expect(busy, 'share of a core').toBeLessThan(0.2);
    // Lines get half an hour of points; nothing else may stay.
    expect(end.heap - first.heap, 'megabytes more').toBeLessThan(2);
    expect(end.nodes - first.nodes, 'nodes more').toBeLessThan(200);
    expect(end.listeners - first.listeners, 'listeners more').toBeLessThan(20);
  } finally {
    going = false;
    await traffic;
  }
  await untouched(page);
});
