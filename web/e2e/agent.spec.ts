import type { Page } from '@playwright/test';
import { expect, open, test, untilLive } from './site';

/** Sends what is in the form; again if the server has not yet read that the conversation is this agent's. */
async function send(page: Page, verdict: string): Promise<void> {
  await expect(async () => {
    await page.getByLabel('Message', { exact: true }).press('Control+Enter');
    await expect(page.locator(`[data-verdict="${verdict}"]`)).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
}

test('a message with a phone number comes back to its author, marked and explained', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  const conversation = await site.conversation();
  const text = '您好 🙂 please call me at +49 170 1234567, thanks';
  await page.getByLabel('Conversation', { exact: true }).fill(conversation);
  await page.getByLabel('Message', { exact: true }).fill(text);
  await send(page, 'block');

  await expect(page.locator('[data-verdict="block"]')).toContainText('Not sent');
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue(text);

  const notice = page.locator('[data-notice]').filter({ hasText: conversation });
  await expect(notice).toBeVisible();
  await expect(notice.locator('blockquote')).toHaveText(text);
  const number = notice.locator('mark', { hasText: '170 1234567' });
  await expect(number).toBeVisible();
  await expect(number).not.toContainText('call');
  await expect(notice).toContainText('contact.');
  await expect(notice).toContainText('What to do');

  await notice.getByRole('button', { name: 'Put the text back in the box' }).click();
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue(text);

  // The same notice in Chinese, without another message.
  await page.getByLabel('Language').selectOption('zh-CN');
  await expect(notice).toContainText('如何处理');
  await expect(notice.locator('dd').first()).toContainText(/[\u4e00-\u9fff]/);
  await page.getByLabel('语言').selectOption('en');

  await notice.getByRole('button', { name: 'Understood' }).click();
  await expect(notice).toHaveCount(0);
  await page.reload();
  await untilLive(page);
  await expect(page.getByRole('heading', { name: /Held back/ })).toBeVisible();
  await expect(notice).toHaveCount(0);
});

test('a harmless message is sent, and the box is empty again', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await page.getByLabel('Conversation', { exact: true }).fill(await site.conversation());
  await page.getByLabel('Message', { exact: true }).fill('Your parcel leaves our warehouse today.');
  await send(page, 'allow');
  await expect(page.locator('[data-verdict="allow"]')).toContainText('Sent to');
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue('');
});

test('an empty form says what is missing', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('Choose a conversation first');
  await page.getByLabel('Conversation', { exact: true }).fill('c1');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('Write a message first');
});
