import { expect, open, test, untilLive } from './site';

interface Told {
  title: string;
  body: string;
}
interface Stubbed {
  told: Told[];
  asked: number;
  away: boolean;
}

test.beforeEach(async ({ page }) => {
  // The browser's own notices, written down instead of shown; and a window that can be put behind another.
  await page.addInitScript(() => {
    const stub: Stubbed = { told: [], asked: 0, away: false };
    Object.assign(globalThis, { stub });
    class Written {
      static permission = sessionStorage.getItem('granted') ?? 'default';
      static requestPermission(): Promise<string> {
        stub.asked++;
        Written.permission = 'granted';
        sessionStorage.setItem('granted', 'granted');
        return Promise.resolve('granted');
      }
      constructor(title: string, options: { body: string }) {
        stub.told.push({ title, body: options.body });
      }
      close(): void {
        // Nothing stands anywhere.
      }
    }
    Object.defineProperty(globalThis, 'Notification', { value: Written });
    Object.defineProperty(document, 'hidden', { get: () => stub.away });
  });
});

const stub = (page: import('@playwright/test').Page): Promise<Stubbed> => page.evaluate(() => (globalThis as unknown as { stub: Stubbed }).stub);

test('an agent who looks elsewhere is called, and never shown what a customer wrote', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  expect((await stub(page)).asked, 'nobody is asked who has not pressed').toBe(0);
  await page.getByRole('button', { name: 'Notify me' }).click();
  await expect(page.getByRole('button', { name: 'Notifying' })).toHaveAttribute('aria-pressed', 'true');

  // Who looks needs no notice.
  const seen = await site.conversation('Is the red one in stock?');
  await expect(page.getByRole('button', { name: new RegExp(seen) })).toBeVisible({ timeout: 30_000 });
  expect((await stub(page)).told).toEqual([]);
  // What waits stands in the tab's name.
  await expect(page).toHaveTitle(/^\(\d+\) My desk/);

  await page.evaluate(() => void ((globalThis as unknown as { stub: Stubbed }).stub.away = true));
  const missed = await site.conversation('Is the blue one in stock?');
  await expect(page.getByRole('button', { name: new RegExp(missed) })).toBeVisible({ timeout: 30_000 });
  await expect.poll(async () => (await stub(page)).told.map((one) => one.title)).toContain('A conversation is yours now');
  expect(JSON.stringify((await stub(page)).told)).not.toContain('blue');

  // The choice holds after a reload, and can be taken back.
  await page.reload();
  await untilLive(page);
  await page.getByRole('button', { name: 'Notifying' }).click();
  await expect(page.getByRole('button', { name: 'Notify me' })).toHaveAttribute('aria-pressed', 'false');
});

test('a supervisor who looks elsewhere is told of an alarm once', async ({ page, site }) => {
  const headers = { authorization: `Bearer ${await site.token('owner')}`, 'content-type': 'application/json' };
  interface Stored {
    version: number;
    thresholds: object[];
  }
  const put = async (thresholds: object[]): Promise<void> => {
    const { version } = (await site.get('/v1/thresholds', 'owner')) as Stored;
    expect((await fetch(`${site.url}/v1/thresholds`, { method: 'PUT', headers, body: JSON.stringify({ version, thresholds }) })).ok).toBe(true);
  };
  const { thresholds: before } = (await site.get('/v1/thresholds', 'owner')) as Stored;
  await put([{ metric: 'queue_length', warning: 900, critical: 1000 }]);
  const leave: (() => Promise<void>)[] = [];
  try {
    await open(page, site, '/floor', 'supervisor');
    await untilLive(page);
    await page.getByRole('button', { name: 'Notify me' }).click();
    await page.evaluate(() => void ((globalThis as unknown as { stub: Stubbed }).stub.away = true));
    leave.push(await site.waiting());
    await put([{ metric: 'queue_length', critical: 0 }]);
    await expect.poll(async () => (await stub(page)).told.length, { timeout: 30_000 }).toBe(1);
    expect((await stub(page)).told[0]?.title).toContain('Waiting');
    leave.push(await site.waiting());
    const shown = page.locator('[data-figure="queue_length"]');
    await expect(shown).toHaveText(/[2-9]|\d\d/, { timeout: 20_000 });
    expect((await stub(page)).told.length, 'not with each customer more').toBe(1);
  } finally {
    await put(before);
    for (const one of leave) await one();
  }
});
