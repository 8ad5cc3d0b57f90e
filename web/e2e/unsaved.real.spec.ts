import { expect, open, test, untilLive } from './site';

test('who leaves a rule that is not saved is asked first, by the page, by back and by the browser', async ({ page, site }) => {
  await open(page, site, '/rules', 'owner');
  await page.getByRole('link', { name: 'New rule' }).click();
  const dialog = page.locator('[data-unsaved]');
  const english = page.locator('textarea').first();
  await english.fill('not yet');
  const there = page.url();

  await page.getByRole('link', { name: 'Chat volume' }).click();
  await expect(dialog).toContainText('Leave without saving?');
  await expect(page.getByRole('button', { name: 'Stay here' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Chat volume' }), 'the focus is where it was').toBeFocused();
  expect(page.url()).toBe(there);

  await page.evaluate(() => history.back());
  await expect(dialog).toBeVisible();
  expect(page.url()).toBe(there);
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(english).toHaveValue('not yet');

  // The browser's own question, where the tab closes.
  const asked = page.waitForEvent('dialog');
  await page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();

  await page.evaluate(() => history.back());
  await page.getByRole('button', { name: 'Leave and discard' }).click();
  await expect(english).toHaveCount(0);
  expect(new URL(page.url()).pathname).toBe('/rules');
  await page.goForward();
  await expect(english, 'what was discarded is gone').toHaveValue('');

  // A draft of the whole set is kept from view to view, and not beyond.
  await page.goBack();
  await page.getByRole('switch').first().click();
  await page.getByRole('link', { name: 'Try a text' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText('These changes are not in force yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(dialog).toBeVisible();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: 'Discard', exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(dialog).toHaveCount(0);
  expect(new URL(page.url()).pathname).toBe('/');
});

test('settings, limits and a board ask in the same way, and what is saved is left without a word', async ({ page, site }) => {
  const dialog = page.locator('[data-unsaved]');
  await open(page, site, '/settings', 'owner', { language: 'zh-CN' });
  const name = page.locator('fieldset input').first();
  const was = await name.inputValue();
  await name.fill(`${was}!`);
  await page.locator('nav a[href^="/overview"]').click();
  await expect(dialog).toContainText('不保存就离开吗？');
  await page.getByRole('button', { name: '留在此页' }).click();
  await name.fill(was);
  await page.locator('a[href="/settings/thresholds"]').click();
  await expect(dialog, 'what is as it was is not asked about').toHaveCount(0);

  await page.locator('label.add select').selectOption({ index: 1 });
  await page.locator('nav a[href^="/overview"]').click();
  await expect(dialog).toBeVisible();
  await page.getByRole('button', { name: '放弃修改并离开' }).click();
  await expect(page).toHaveURL(/\/overview/);

  await open(page, site, '/wallboard', 'supervisor');
  await untilLive(page);
  await page.mouse.move(300, 300);
  const arrange = page.getByRole('button', { name: 'Arrange', exact: true });
  await arrange.click();
  await page.locator('#edit-name').fill('Never stored');
  await page.locator('#edit-title').focus();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeVisible();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await expect(page.locator('#edit-name')).toHaveValue('Never stored');
  await arrange.click();
  await expect(dialog).toBeVisible();
  await page.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('button', { name: 'Close without saving' }).click();
  await expect(dialog, 'the button has said so').toHaveCount(0);
  await expect(page.locator('#edit-name')).toHaveCount(0);
});
