import type { Page } from '@playwright/test';
import { withLimits } from './limits';
import { cutText, expectAccessible } from './look';
import { expect, open, test, untilLive } from './site';

/** Presses Tab until what has the focus fits; a keyboard's user has no other way. */
async function tabTo(page: Page, what: string, fits: (focused: { role: string; name: string }) => boolean, most = 80): Promise<void> {
  for (let n = 0; n < most; n++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement | null;
      const label = (element as HTMLInputElement | null)?.labels?.[0]?.textContent ?? '';
      return { role: element?.tagName.toLowerCase() ?? '', name: (element?.getAttribute('aria-label') ?? (label || element?.textContent || '')).replace(/\s+/g, ' ').trim() };
    });
    if (fits(focused)) return;
  }
  throw new Error(`${most} tabs do not lead to ${what}`);
}

test('a rule is written, taken over and discarded with the keyboard alone', async ({ page, site }) => {
  await open(page, site, '/rules', 'owner');
  await expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  await tabTo(page, 'a new rule', ({ name }) => name === 'New rule');
  await page.keyboard.press('Enter');
  // The form takes the focus, so that what comes next is in it.
  await expect(page.locator('#rule-title')).toBeFocused();
  await tabTo(page, 'the id', ({ name }) => name.startsWith('Id'), 3);
  await page.keyboard.press('End');
  await page.keyboard.type('keyboard');
  await tabTo(page, 'the phrases', ({ name }) => name.startsWith('Phrases'), 20);
  await page.keyboard.type('a phrase of the keyboard');
  await tabTo(page, 'its end', ({ role, name }) => role === 'button' && name === 'Take over into the draft', 10);
  await page.keyboard.press('Enter');
  await expect(page.getByText('These changes are not in force yet.')).toBeVisible();
  await expect(page.locator('tr[data-row="own.keyboard"]')).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('own.keyboard');
  await expect(page.locator('tr[data-row]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+Tab');
  await page.getByRole('button', { name: 'Discard' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('These changes are not in force yet.')).toHaveCount(0);
});

test('an agent chooses, writes, reads why and writes anew with the keyboard alone', async ({ page, site }) => {
  const conversation = await site.conversation();
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  const own = page.getByRole('button', { name: new RegExp(conversation) });
  await expect(own).toBeVisible({ timeout: 30_000 });
  await tabTo(page, 'the conversation', ({ role, name }) => role === 'button' && name.includes(conversation));
  await page.keyboard.press('Enter');
  const box = page.getByLabel('Message', { exact: true });
  await expect(box).toBeFocused();
  await expect(own).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.type('Call me at +49 170 2223334');
  await expect(async () => {
    await page.keyboard.press('Control+Enter');
    await expect(page.locator('[data-verdict="block"]')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 30_000 });
  // The text is still there to be changed, and the focus with it.
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('Call me at +49 170 2223334');
  const notice = page.locator('[data-notice]').filter({ hasText: '2223334' });
  await expect(notice.locator('mark', { hasText: '170 2223334' })).toBeVisible();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('Nothing');
  const id = await notice.getAttribute('data-notice');
  await expect(async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate((own) => document.activeElement?.closest('[data-notice]')?.getAttribute('data-notice') === own && document.activeElement.textContent?.trim() === 'Put the text back in the box', id)).toBe(true);
  }).toPass({ timeout: 30_000, intervals: [10] });
  await page.keyboard.press('Enter');
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('Call me at +49 170 2223334');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('We answer here.');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('[data-verdict="allow"]')).toBeVisible({ timeout: 20_000 });
  await expect(box).toHaveValue('');
});

test('those who listen hear how things stand every half minute at most, and an alarm at once', async ({ page, site }) => {
  // From the first moment on, so that the first thing said has its own time.
  await page.addInitScript(() => {
    const said: { at: number; text: string }[] = [];
    (window as unknown as { said: typeof said }).said = said;
    new MutationObserver(() => {
      const text = document.querySelector('[data-announcer]')?.textContent ?? '';
      if (text && text !== said.at(-1)?.text) said.push({ at: performance.now(), text });
    }).observe(document, { childList: true, characterData: true, subtree: true });
  });
  await open(page, site, '/wallboard', 'wallboard');
  await untilLive(page);
  const said = (): Promise<{ at: number; text: string }[]> => page.evaluate(() => (window as unknown as { said: { at: number; text: string }[] }).said);

  const leave = await site.waiting();
  const began = Date.now();
  await withLimits(site, [{ metric: 'queue_length', critical: 0 }], async () => {
    await expect(page.locator('p[role="alert"]')).toContainText('Waiting: over 0', { timeout: 15_000 });
    expect(Date.now() - began, 'an alarm does not wait for its half minute').toBeLessThan(20_000);
    await expect.poll(async () => (await said()).length, { timeout: 80_000 }).toBeGreaterThanOrEqual(2);
    const times = await said();
    for (const [n, one] of times.entries()) {
      expect(one.text).toContain('Waiting: ');
      if (n > 0) expect(one.at - (times[n - 1]?.at ?? 0), `between ${n} and ${n + 1}`).toBeGreaterThan(29_000);
    }
  });
  await leave();
});

test('what moves stands still when asked, on the wall and on the floor', async ({ page, site }) => {
  for (const [path, figure] of [
    ['/wallboard', '[data-tile="queue_length"] .figure'],
    ['/floor', '[data-figure="queue_length"]'],
  ] as const) {
    await open(page, site, path, 'supervisor');
    await untilLive(page);
    await page.mouse.move(300, 300);
    await page.getByRole('button', { name: 'Pause' }).click();
    const shown = await page.locator(figure).innerText();
    const waits = await page.locator('footer ol, .queue').allInnerTexts();
    const leave = [await site.waiting(), await site.waiting(), await site.waiting()];
    // The server has gone on; the page has not, nor has anything on it counted up.
    const version = (): Promise<number> => page.locator('[data-version]').first().getAttribute('data-version').then(Number);
    const from = await version();
    await expect.poll(version, { timeout: 30_000 }).toBeGreaterThan(from + 1);
    expect(await page.locator(figure).innerText(), path).toBe(shown);
    expect(await page.locator('footer ol, .queue').allInnerTexts(), path).toEqual(waits);
    await page.getByRole('button', { name: 'Go on' }).last().click();
    await expect.poll(() => page.locator(figure).innerText(), { timeout: 20_000 }).not.toBe(shown);
    for (const one of leave) await one();
  }
});

for (const [path, role, ready] of [
  ['/floor?view=open', 'supervisor', 'tr[data-row]'],
  ['/floor?view=teams', 'supervisor', 'tr[data-row]'],
  ['/floor?view=channels', 'supervisor', 'tr[data-row]'],
  ['/settings/thresholds', 'owner', 'main form, main table, main .panel'],
  ['/settings/boards', 'owner', '.entries li'],
  ['/settings/links', 'owner', 'main input, main .panel'],
] as const) {
  test(`${path}: accessible and whole in both languages and themes`, async ({ page, site }) => {
    // Four examinations; on a busy machine they take their time.
    test.setTimeout(400_000);
    if (path.endsWith('open')) await site.conversation('Where is my parcel?');
    for (const [language, theme] of [['en', 'dark'], ['en', 'light'], ['zh-CN', 'dark'], ['zh-CN', 'light']] as const) {
      const { pathname, searchParams } = new URL(path, site.url);
      searchParams.set('lang', language);
      searchParams.set('theme', theme);
      await page.goto(`${site.url}${pathname}?${searchParams}#${await site.token(role)}`);
      await untilLive(page);
      await expect(page.locator(ready).first()).toBeVisible();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      expect(await page.evaluate(cutText), `${language}, ${theme}`).toEqual([]);
      await expectAccessible(page, `${language}, ${theme}`);
    }
  });
}

test('a screen that is read from afar is filled: pages grow with it, and nothing is cut', async ({ page, site }) => {
  await open(page, site, '/operation/service', 'supervisor');
  await untilLive(page);
  await expect(page.locator('[data-ready="true"]').first()).toBeVisible();
  const size = (): Promise<number[]> => page.evaluate(() => ['h1', 'main', '[data-chart] [role="img"]', '[data-metric] [data-figure]'].map((one) => document.querySelector(one)?.getBoundingClientRect().height ?? 0));
  await page.setViewportSize({ width: 2048, height: 1152 });
  const near = await size();
  await page.setViewportSize({ width: 3840, height: 2160 });
  const { width, text } = await page.evaluate(() => ({ width: document.querySelector('main')?.getBoundingClientRect().right ?? 0, text: parseFloat(getComputedStyle(document.body).fontSize) }));
  expect(width).toBeGreaterThan(3840 * 0.9);
  expect(text).toBeGreaterThan(26);
  for (const [place, height] of (await size()).entries()) expect(height / (near[place] ?? 0), `part ${place}`).toBeGreaterThan(1.7);
  for (const path of ['/operation/service', '/floor', '/history', '/agents/performance']) {
    await page.goto(`${site.url}${path}?lang=en`);
    await untilLive(page);
    await expect(page.locator('.skeleton')).toHaveCount(0);
    expect(await page.evaluate(cutText), path).toEqual([]);
  }
});
