import type { Page } from '@playwright/test';
import { expect, open, test, untilLive } from './site';

interface Metric {
  value?: number;
  num?: number;
  den?: number;
  since?: string;
}
interface Document {
  version: number;
  state: { day: string; percent_decimals?: number; metrics: Record<string, Metric> };
}
type Figures = Record<string, string>;

/** Writes down what each version looked like, from inside the page. */
async function record(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: Record<string, Record<string, string>> = {};
    (window as unknown as { seen: typeof seen }).seen = seen;
    const main = document.querySelector('main') as HTMLElement;
    const look = (): void => {
      seen[main.dataset.version ?? ''] = Object.fromEntries(
        [...main.querySelectorAll<HTMLElement>('[data-tile]')].map((tile) => [tile.dataset.tile, tile.querySelector('.figure')?.textContent?.trim()]),
      ) as Record<string, string>;
    };
    look();
    new MutationObserver(look).observe(main, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['data-version'] });
  });
}

const seenAt = (page: Page, version: number): Promise<Figures | undefined> =>
  page.evaluate((at) => (window as unknown as { seen: Record<string, Figures> }).seen[String(at)], version);

/** Half up, from the whole parts, by another way than the page's. */
function rounded(metric: Metric, decimals: number): string {
  if (metric.value === undefined) return '–';
  const scale = 10 ** decimals;
  const { num = 0, den = 1 } = metric;
  const whole = Math.trunc((num * 100 * scale) / den);
  const rest = num * 100 * scale - whole * den;
  return `${((whole + (2 * rest >= den ? 1 : 0)) / scale).toFixed(decimals)}%`;
}

const plain = (metric: Metric | undefined): string => (metric?.value === undefined ? '–' : metric.value.toLocaleString('en'));

test('six tiles show what the server says at the same version', async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  await expect(page.locator('[data-tile]')).toHaveCount(6);
  await record(page);

  let compared = 0;
  const versions = new Set<number>();
  await expect(async () => {
    const whole = (await site.get('/v1/live/wallboard', 'wallboard')) as Document;
    const shown = await seenAt(page, whole.version);
    expect(shown, `the page at version ${whole.version}`).toBeDefined();
    const { metrics, percent_decimals: decimals = 1 } = whole.state;
    expect(shown).toMatchObject({
      queue_length: plain(metrics.queue_length),
      reply_rate: rounded(metrics.reply_rate ?? {}, decimals),
      active_chats: plain(metrics.active_chats),
      online_agents: `${plain(metrics.online_agents)}/ ${plain(metrics.total_agents)}`,
      blocked_messages: plain(metrics.blocked_messages),
    });
    const since = metrics.longest_wait_seconds?.since;
    if (!since) expect(shown?.longest_wait_seconds).toBe('–');
    else expect(shown?.longest_wait_seconds).toMatch(/^\d+:\d\d$|^\d+h\d\d$/);
    versions.add(whole.version);
    compared++;
    expect(compared, 'comparisons').toBeGreaterThanOrEqual(3);
  }).toPass({ timeout: 40_000, intervals: [50, 100, 200, 400] });
  expect(versions.size).toBeGreaterThan(0);
});

test('the longest wait counts up by itself', async ({ page, site }) => {
  const leave = await site.waiting();
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  const figure = page.locator('[data-tile="longest_wait_seconds"] .figure');
  await expect(figure).toHaveText(/\d/, { timeout: 30_000 });
  const before = await figure.textContent();
  await expect(figure).not.toHaveText(before ?? '', { timeout: 15_000 });
  await expect(page.locator('footer ol li').first()).toContainText(/\d+:\d\d/);
  await leave();
});

test('moves by itself: versions, clock and lines', async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  const main = page.locator('main');
  const before = Number(await main.getAttribute('data-version'));
  const time = await page.locator('time').textContent();
  await expect.poll(async () => Number(await main.getAttribute('data-version')), { timeout: 30_000 }).toBeGreaterThan(before);
  await expect(page.locator('time')).not.toHaveText(time ?? '');
  await expect(page.locator('[data-tile="queue_length"] path.line')).toHaveAttribute('d', /^M.*L/, { timeout: 40_000 });
});

test('a kiosk link’s token leaves the address at once and survives a reload', async ({ page, site }) => {
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  const token = await site.token('wallboard');
  expect(page.url()).not.toContain('#');
  expect(page.url()).not.toContain(token);
  await page.reload();
  await untilLive(page);
});

test('no token is ever in a URL', async ({ page, site }) => {
  const token = await site.token('wallboard');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('websocket', (socket) => asked.push(socket.url()));
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  expect(asked.filter((url) => url.includes('/v1/live?ticket='))).toHaveLength(1);
  expect(asked.filter((url) => url.split('#')[0]?.includes(token))).toEqual([]);
});

for (const [width, height] of [
  [1280, 720],
  [1366, 768],
  [1920, 1080],
  [1920, 1200],
  [2560, 1080],
  [3840, 2160],
] as const) {
  test(`fits ${width} × ${height} without scrolling, with nothing cut`, async ({ page, site }, info) => {
    await page.setViewportSize({ width, height });
    await open(page, site, '/wallboard', 'wallboard');
    await untilLive(page);
    await expect(page.locator('[data-tile="queue_length"] .figure')).toHaveText(/\d/);
    const seen = await page.evaluate(() => {
      const inside = (outer: DOMRect, inner: DOMRect): boolean =>
        inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
      const root = document.documentElement;
      const screen = new DOMRect(0, 0, innerWidth, innerHeight);
      const out: string[] = [];
      if (root.scrollWidth > root.clientWidth || root.scrollHeight > root.clientHeight) out.push('the page scrolls');
      for (const tile of document.querySelectorAll('[data-tile]')) {
        const box = tile.getBoundingClientRect();
        if (!inside(screen, box)) out.push('a tile leaves the screen');
        for (const part of tile.querySelectorAll('h2, .figure > *, .sub')) {
          if (!inside(box, part.getBoundingClientRect())) out.push(`${part.textContent} leaves its tile`);
        }
      }
      for (const box of document.querySelectorAll('footer .box')) {
        if (box.scrollHeight > box.clientHeight + 1) out.push('a box of the footer is cut');
      }
      const figure = document.querySelector('[data-tile] .figure') as HTMLElement;
      return { out, figure: parseFloat(getComputedStyle(figure).fontSize) };
    });
    expect(seen.out).toEqual([]);
    const unit = Math.min(width / 1920, height / 1080);
    expect(seen.figure, 'a number is at least 120 px at 1080p').toBeGreaterThanOrEqual(120 * unit - 0.5);
    await page.screenshot({ path: info.outputPath(`wallboard-${width}x${height}.png`) });
  });
}
