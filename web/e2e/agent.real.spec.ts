import { expect, open, test, untilLive } from './site';

test('a conversation of somebody else is refused in words, and the text stays', async ({ page, site }) => {
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  await page.getByLabel('Conversation', { exact: true }).fill('of-nobody');
  await page.getByLabel('Message', { exact: true }).fill('Hello');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('status')).toContainText('not one of your conversations');
  await expect(page.getByLabel('Message', { exact: true })).toHaveValue('Hello');
});
