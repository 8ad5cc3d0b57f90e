import type { Page } from '@playwright/test';
import { expect, open, test, untilLive } from './site';

/** What of a page leaves it at the right, tables and drawings aside. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [...document.querySelectorAll('#content *, header *, .screen *')]
      .filter((one) => one.checkVisibility() && !one.closest('[role="region"], svg, .hidden, [data-chart], details:not([open]) fieldset') && one.getBoundingClientRect().right > width + 1)
      .map((one) => `${one.tagName} ${one.textContent?.trim().slice(0, 40)}`)
      .slice(0, 5);
  });

test('at 400 % the pages are as wide as the window', async ({ page, site }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(`${site.url}/?lang=en`);
  await expect(page.locator('[data-role="supervisor"]').first()).toBeVisible();
  expect(await tooWide(page), 'home').toEqual([]);
  for (const [path, role] of [['/wallboard', 'supervisor'], ['/floor', 'supervisor'], ['/agent', 'agent'], ['/rules/new', 'owner'], ['/settings', 'owner']] as const) {
    for (const language of ['en', 'zh-CN'] as const) {
      await open(page, site, path, role, { language });
      await untilLive(page);
      await page.mouse.move(100, language === 'en' ? 300 : 310);
      expect(await tooWide(page), `${path} ${language}`).toEqual([]);
    }
  }
});

test('colours that the machine prescribes leave what is chosen, what is counted and what is drawn', async ({ page, site }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, site, '/operation/chats', 'supervisor');
  const here = page.getByLabel('Pages').getByRole('link', { name: 'Chat volume' });
  await expect(page.locator('[data-chart] canvas').first()).toBeVisible();
  expect(await here.evaluate((link) => getComputedStyle(link).outlineStyle)).toBe('solid');
  // The whole is drawn in the colour of text, which must not be that of the dark theme on a white ground.
  const pair = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-chart] canvas');
    const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = 'CanvasText';
    const text = getComputedStyle(probe).color.match(/\d+/g)?.map(Number) ?? [];
    let drawn = 0;
    for (let at = 0; at < pixels.length; at += 4) if (pixels[at + 3] === 255 && text.every((value, n) => pixels[at + n] === value)) drawn++;
    return drawn;
  });
  expect(pair).toBeGreaterThan(200);
});

test('colours that the machine prescribes leave the busy hours their numbers, each in a cell with a bar', async ({ page, site }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, site, '/operation/chats', 'supervisor');
  const heat = page.locator('[data-heat]').first();
  const cells = heat.locator('[data-cell]');
  await expect(cells).toHaveCount(7 * 24);
  const seen = await cells.evaluateAll((all) =>
    all.map((one) => ({
      said: one.getAttribute('aria-label')?.split(' · ')[1],
      text: one.textContent,
      border: getComputedStyle(one).borderTopStyle,
      bar: one.querySelector('i')?.getBoundingClientRect().width ?? -1,
      painted: getComputedStyle(one.querySelector('i') ?? one).backgroundColor !== getComputedStyle(one).backgroundColor,
    })),
  );
  expect(seen.filter((one) => one.text !== one.said || one.border !== 'solid')).toEqual([]);
  const by = seen.map((one) => ({ ...one, value: Number(one.said?.replaceAll(',', '')) })).sort((a, b) => a.value - b.value);
  const [least, most] = [by[0], by.at(-1)];
  expect(most?.value).toBeGreaterThan(least?.value ?? 0);
  expect(most?.bar).toBeGreaterThan((least?.bar ?? 0) + 10);
  expect(most?.painted, 'the bar stands out from its ground').toBe(true);
});

test('a machine that asks for no motion gets none: boards do not take turns', async ({ page, site }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(`${site.url}/wallboard?lang=en&next=~&every=5#${await site.token('wallboard')}`);
  await untilLive(page);
  await expect(page.locator('[data-turn]')).toHaveAttribute('data-turn', 'still');
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
});
