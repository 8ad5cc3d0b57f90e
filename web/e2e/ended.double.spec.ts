import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Role, type Site } from './site';

test.afterEach(async ({ site, complaints }) => {
  await site.control('restore');
  // The browser says of each answer that it was a 401, or one that the double does not have, and of nothing else.
  expect(complaints.filter((one) => !/status of 40[14]/.test(one))).toEqual([]);
  complaints.length = 0;
});

const chats = (page: Page) => page.locator('#open ~ ul button');
const box = (page: Page) => page.getByLabel('Message', { exact: true });

async function signInAgain(page: Page, site: Site, role: Role): Promise<void> {
  await page.locator('[data-ended]').getByLabel('Access token').fill(await site.token(role));
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-ended]')).toHaveCount(0);
  await untilLive(page);
}

test('access that ends in the middle of a reply loses nothing of it', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await chats(page).first().click();
  await box(page).fill('It is on its way');
  await site.control('revoke');
  await expect(page.getByRole('alert').filter({ hasText: 'Your access has ended' })).toBeVisible();
  await box(page).press('Control+Enter');
  await expect(page.getByRole('status').filter({ hasText: 'sign in again' })).toBeVisible();
  await expect(box(page)).toHaveValue('It is on its way');

  await page.locator('[data-ended]').getByLabel('Access token').fill('nonsense');
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-ended]')).toContainText('does not accept this token');
  await site.control('restore');
  await signInAgain(page, site, 'agent');
  await expect(box(page)).toHaveValue('It is on its way');
  await box(page).press('Control+Enter');
  await expect(page.locator('[data-verdict="allow"]')).toBeVisible();
  await expect(box(page)).toHaveValue('');
});

test('a report whose access has ended goes on where it was', async ({ page, site }) => {
  await open(page, site, '/overview', 'supervisor');
  await untilLive(page);
  await expect(page.locator('[data-metric]').first()).toBeVisible();
  await site.control('revoke');
  await expect(page.locator('[data-ended]')).toBeVisible();
  await page.getByLabel('Pages').getByRole('link', { name: 'Chat volume' }).click();
  await expect(page.locator('#content .problem').first()).toContainText('token has expired or was revoked');
  const there = page.url();
  await site.control('restore');
  await signInAgain(page, site, 'supervisor');
  await expect(page.locator('#content .problem')).toHaveCount(0);
  await expect(page.locator('[data-metric]').first()).toBeVisible();
  expect(page.url()).toBe(there);
});

test('each conversation has its own draft, which a reload leaves and who signs out takes along', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await box(page).fill('before anybody was chosen');
  await chats(page).nth(0).click();
  await expect(box(page)).toHaveValue('before anybody was chosen');
  await box(page).fill('for the first');
  await chats(page).nth(1).click();
  await expect(box(page), 'nothing of one is written to another').toHaveValue('');
  await box(page).fill('for the second');
  await expect(chats(page).nth(0)).toContainText('Draft: for the first');
  await page.reload();
  await chats(page).nth(0).click();
  await expect(box(page)).toHaveValue('for the first');
  await expect(chats(page).nth(1)).toContainText('Draft: for the second');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await expect(chats(page).nth(1)).not.toContainText('Draft');
  await chats(page).nth(0).click();
  await expect(box(page)).toHaveValue('');
});
