import type { Page } from '@playwright/test';
import { expect, open, test, untilLive, type Site } from './site';

const box = (page: Page) => page.getByLabel('Message', { exact: true });

/** Opens an agent's desk at one of his conversations. */
async function at(page: Page, site: Site, conversation: string): Promise<void> {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await page.getByRole('button', { name: new RegExp(conversation) }).click();
}

async function say(page: Page, text: string, verdict: 'allow' | 'block'): Promise<void> {
  await box(page).fill(text);
  await box(page).press('Control+Enter');
  await expect(page.locator(`[data-verdict="${verdict}"]`)).toBeVisible();
}

test('two tabs of one agent show the same, and two supervisors do not decide the same twice', async ({ page, site, context }) => {
  const conversation = await site.conversation();
  const second = await context.newPage();
  await at(page, site, conversation);
  await at(second, site, conversation);
  await say(page, 'From the first tab.', 'allow');
  await expect(second.locator('[data-chat]')).toContainText('From the first tab.');
  await say(second, 'From the second.', 'allow');
  await expect(page.locator('[data-chat]')).toContainText('From the second.');

  await say(page, 'Call me at +49 171 2938475', 'block');
  const notice = (tab: Page) => tab.locator('[data-notice]').filter({ hasText: '2938475' });
  await expect(notice(page)).toHaveCount(1);
  await expect(notice(second), 'in the other tab as well').toHaveCount(1);
  await notice(second).getByRole('button', { name: 'Dispute this' }).click();
  await notice(second).getByLabel('Why is this message harmless?').fill('an order of ours');
  await notice(second).getByRole('button', { name: 'Send the dispute' }).click();
  await expect(notice(second).locator('[data-disputed]')).toBeVisible();
  await notice(page).getByRole('button', { name: 'Understood' }).click();
  await expect(notice(second)).toHaveCount(0);
  await box(page).fill('');

  // The same two tabs as two supervisors, of whom one is faster.
  for (const tab of [page, second]) {
    await open(tab, site, '/rules', 'supervisor');
    await tab.getByRole('link', { name: /Disputes/ }).click();
  }
  const dispute = (tab: Page) => tab.locator('[data-dispute]').filter({ hasText: '2938475' });
  await dispute(page).getByLabel('Reason, which the agent reads').fill('mine, half written');
  await dispute(second).getByLabel('Reason, which the agent reads').fill('It is a telephone number.');
  await dispute(second).getByRole('button', { name: 'The block was right' }).click();
  await expect(dispute(page)).toHaveCount(0);
  const told = page.locator('[data-overtaken]');
  await expect(told).toContainText(/visitor has decided about the message of .+ meanwhile/);
  await expect(told).toContainText('It is a telephone number.');
  await expect(told).toContainText('mine, half written');
  await expect(second.locator('[data-overtaken]')).toHaveCount(0);
  await second.close();
});
