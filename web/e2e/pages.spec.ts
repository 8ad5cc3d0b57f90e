import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Role } from './site';

interface Shown {
  name: string;
  path: string;
  role: Role | undefined;
}
const pages: Shown[] = [
  { name: 'sign-in', path: '/', role: undefined },
  { name: 'wallboard', path: '/wallboard', role: 'wallboard' },
  { name: 'floor', path: '/floor', role: 'supervisor' },
  { name: 'agent', path: '/agent', role: 'agent' },
];
const sizes = [
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

async function ready(page: Page, shown: Shown): Promise<void> {
  if (shown.role) await untilLive(page);
  else await expect(page.locator('[data-role]').first()).toBeVisible();
  if (shown.name === 'floor') await expect(page.locator('tr[data-row]').first()).toBeVisible();
  if (shown.name === 'wallboard') await expect(page.locator('[data-agent]').first()).toBeVisible();
}

/** Text that is cut off without an ellipsis or stands outside its page. */
function cutText(): string[] {
  const root = document.documentElement;
  const out: string[] = [];
  if (root.scrollWidth > root.clientWidth) out.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);
  for (const element of document.querySelectorAll<HTMLElement>('h1, h2, h3, p, dt, dd, th, td, label, button, a, summary, b, span')) {
    if (element.closest('.hidden, .skip, svg, .scroll') || element.childElementCount > 0) continue;
    const style = getComputedStyle(element);
    if (style.textOverflow === 'ellipsis' || style.display === 'inline' || style.visibility === 'hidden') continue;
    if (element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'visible') out.push(`cut: ${element.textContent}`);
  }
  return out;
}

for (const shown of pages) {
  for (const language of ['en', 'zh-CN'] as const) {
    for (const theme of ['dark', 'light'] as const) {
      test(`${shown.name} in ${language}, ${theme}: accessible, whole and quiet`, async ({ page, site }, info) => {
        await open(page, site, shown.path, shown.role, { theme, language });
        await ready(page, shown);
        for (const [width, height] of sizes) {
          await page.setViewportSize({ width, height });
          await page.screenshot({ path: info.outputPath(`${shown.name}-${width}-${theme}-${language}.png`), fullPage: true });
          expect(await page.evaluate(cutText), `at ${width} px`).toEqual([]);
          if (width !== checkedAt(language, theme)) continue;
          const found = await new AxeBuilder({ page }).analyze();
          const grave = found.violations.filter((one) => one.impact === 'serious' || one.impact === 'critical');
          expect(
            grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).join(', ')}`),
            `at ${width} px`,
          ).toEqual([]);
        }
        expect(await page.locator('html').getAttribute('lang')).toBe(language);
      });
    }
  }
}

test('the sign-in page says what this is and offers each role', async ({ page, site }) => {
  await open(page, site, '/', undefined);
  await expect(page.locator('.about p')).toHaveCount(3);
  for (const role of ['supervisor', 'wallboard', 'agent']) await expect(page.locator(`[data-role="${role}"]`).first()).toBeVisible();
  await page.locator('[data-role="supervisor"]').first().click();
  await untilLive(page);
  await expect(page).toHaveURL(/\/overview/);
});

test('a bad token is refused with a reason, and a good one leads on', async ({ page, site, complaints }) => {
  await open(page, site, '/', undefined);
  await page.getByLabel('Access token').fill('not-a-token');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('does not accept this token');
  // The browser itself reports the refusal that was asked for.
  complaints.length = 0;
  await page.getByLabel('Access token').fill(await site.token('agent'));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/agent/);
  await untilLive(page);
});

test('a role sees its pages only', async ({ page, site }) => {
  await open(page, site, '/floor', 'agent');
  await expect(page.getByRole('heading', { name: 'This page is not for your role' })).toBeVisible();
  await expect(page.getByRole('navigation').getByRole('link')).toHaveText(['My desk', 'My numbers']);
});

test('an address that is none, and a page without a token, show the way out', async ({ page, site, complaints }) => {
  await page.goto(`${site.url}/nothing?lang=en`);
  await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  // A page that does not exist is answered with 404, which the browser reports.
  complaints.length = 0;
  await page.goto(`${site.url}/floor?lang=en`);
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
  await page.getByRole('link', { name: 'Back to the start' }).click();
  await expect(page.getByLabel('Access token')).toBeVisible();
});

test('the keyboard leads everywhere, and ? says how', async ({ page, site }) => {
  await open(page, site, '/floor', 'supervisor');
  await untilLive(page);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toContainText('To: Floor');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.keyboard.press('g');
  await page.keyboard.press('w');
  await expect(page.locator('[data-tile]')).toHaveCount(6);
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(`${site.url}/`);
  await page.keyboard.press('g');
  await page.keyboard.press('f');
  await expect(page.getByRole('heading', { name: 'Floor' })).toBeVisible();
});

test('language and theme can be chosen, and stay', async ({ page, site }) => {
  await page.goto(`${site.url}/#${await site.token('supervisor')}`);
  await page.getByLabel('Language').selectOption('zh-CN');
  await expect(page.getByRole('navigation', { name: '页面' })).toBeVisible();
  await page.getByLabel('主题').selectOption('light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
});

test('a link that is opened while the server does not answer survives a reload', async ({ page, site, complaints }) => {
  await page.route('**/v1/me', (route) => route.abort());
  await open(page, site, '/floor', 'supervisor');
  await expect(page).not.toHaveURL(/#/);
  await page.reload();
  await page.unroute('**/v1/me');
  await untilLive(page);
  // The browser says of each that it failed.
  expect(complaints.every((one) => one.includes('ERR_FAILED'))).toBe(true);
  complaints.length = 0;
});
