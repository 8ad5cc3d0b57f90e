import { startFake } from './fake/server.mjs';
import { expect, test, untilLive } from './site';

const seconds = 12;

test('a board of 200 agents at 10 changes a second stays under a fifth of a core, and does not grow', async ({ page }) => {
  const fake = await startFake({ agents: 200, tick: 100 });
  try {
    await page.setViewportSize({ width: 1920, height: 1080 });
    await page.goto(`${fake.url}/wallboard?lang=en#token-wallboard-0123456789`);
    await untilLive(page);
    await expect(page.locator('[data-agent]').first()).toBeVisible();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const read = async (): Promise<{ busy: number; heap: number }> => {
      await devtools.send('HeapProfiler.collectGarbage');
      const { metrics } = await devtools.send('Performance.getMetrics');
      const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? NaN;
      return { busy: of('TaskDuration'), heap: of('JSHeapUsedSize') };
    };
    const main = page.locator('main');
    // The first seconds draw everything for the first time.
    const start = Number(await main.getAttribute('data-version'));
    await expect.poll(async () => Number(await main.getAttribute('data-version')) - start).toBeGreaterThan(10);
    const before = await read();
    const began = Date.now();
    const version = Number(await main.getAttribute('data-version'));
    await expect.poll(() => Date.now() - began, { timeout: 30_000, intervals: [1_000] }).toBeGreaterThan(seconds * 1000);
    const after = await read();
    expect(Number(await main.getAttribute('data-version')), 'it went on changing').toBeGreaterThan(version);
    const busy = (after.busy - before.busy) / ((Date.now() - began) / 1000);
    const grown = (after.heap - before.heap) / 2 ** 20;
    console.log(`busy ${(busy * 100).toFixed(1)} % of a core, heap ${(before.heap / 2 ** 20).toFixed(1)} MB and ${grown.toFixed(2)} MB more after ${seconds} s`);
    expect(busy, 'share of a core').toBeLessThan(0.2);
    expect(grown, 'megabytes more').toBeLessThan(2);
  } finally {
    await fake.stop();
  }
});
