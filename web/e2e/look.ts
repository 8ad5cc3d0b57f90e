import AxeBuilder from '@axe-core/playwright';
import type { Page, TestInfo } from '@playwright/test';
import { expect, open, type Role, type Site } from './site';

/** A page, and how to know that it is all there. */
export interface Shown {
  name: string;
  path: string;
  role: Role;
  ready: (page: Page) => Promise<void>;
}

export const sizes = [
  [390, 844],
  [1280, 800],
  [1920, 1080],
] as const;

/**
 * The width at which the rules of accessibility are checked: each page has both
 * of its layouts checked in both languages and in both themes, in half the time
 * that every combination would take. The widest has nothing that the others have not.
 */
const checkedAt = (language: string, theme: string): number => ((language === 'en') === (theme === 'dark') ? 1280 : 390);

/** Text that is cut off without an ellipsis or stands outside its page. */
export function cutText(): string[] {
  const root = document.documentElement;
  const out: string[] = [];
  if (root.scrollWidth > root.clientWidth) out.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);
  for (const element of document.querySelectorAll<HTMLElement>('h1, h2, h3, p, dt, dd, th, td, label, button, a, summary, b, span')) {
    if (element.closest('.hidden, .skip, svg, [role="region"]') || element.childElementCount > 0) continue;
    const style = getComputedStyle(element);
    if (style.textOverflow === 'ellipsis' || style.display === 'inline' || style.visibility === 'hidden') continue;
    if (element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'visible') out.push(`cut: ${element.textContent}`);
  }
  // Panels and cards must hold what stands in them.
  for (const panel of document.querySelectorAll<HTMLElement>('.panel, [data-metric]')) {
    if (panel.scrollWidth > panel.clientWidth + 1 && getComputedStyle(panel).overflowX !== 'auto') out.push(`wider than its panel: ${panel.textContent?.trim().slice(0, 60)}`);
  }
  return out;
}

/** Whoever cannot see or point must be able to use what is shown. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const grave = found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
  expect(
    grave.map((one) => `${one.id}: ${one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1] ?? ''}`).join(', ')}`),
    what,
  ).toEqual([]);
}

/** Looks at a page in both languages and themes at every size; each look is kept as a picture. */
export async function lookAt(page: Page, site: Site, shown: Shown, info: TestInfo): Promise<void> {
  // Twelve pictures and four examinations; on a busy machine they take their time.
  info.setTimeout(400_000);
  for (const language of ['en', 'zh-CN'] as const) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await open(page, site, shown.path, shown.role, { theme: 'dark', language });
    await shown.ready(page);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    for (const theme of ['dark', 'light'] as const) {
      if (theme === 'light') await page.keyboard.press('t');
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      for (const [width, height] of sizes) {
        await page.setViewportSize({ width, height });
        await page.screenshot({ path: info.outputPath(`${shown.name}-${width}-${theme}-${language}.png`), fullPage: true });
        expect(await page.evaluate(cutText), `${language}, ${theme}, ${width} px`).toEqual([]);
        if (width === checkedAt(language, theme)) await expectAccessible(page, `${language}, ${theme}, ${width} px`);
      }
    }
  }
}
