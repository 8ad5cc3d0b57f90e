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

test('a conversation comes to its agent’s desk by itself, with what was asked, and waits there for a reply', async ({ page, site }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await open(page, site, '/agent', 'agent');
  await untilLive(page);
  const conversation = await site.conversation('Is the blue one in stock?');
  const mine = page.getByRole('button', { name: new RegExp(conversation) });
  await expect(mine).toContainText('Is the blue one in stock?');
  await expect(mine).toContainText(/reply owed \d/);
  // Nothing was asked for: the list is pushed.
  expect(asked.filter((path) => path.startsWith('/v1/conversations'))).toEqual([]);
  await mine.click();
  await page.getByLabel('Message', { exact: true }).fill('It is, in all sizes.');
  await expect(async () => {
    await page.getByLabel('Message', { exact: true }).press('Control+Enter');
    await expect(page.locator('[data-verdict="allow"]')).toBeVisible({ timeout: 2_000 });
  }).toPass({ timeout: 20_000 });
  await expect(mine).toContainText('Is the blue one in stock?');
  await expect(mine).not.toContainText('reply owed');
});
