import { expect, test, untilLive } from './site';

test('days that cannot be shown are refused in words where they are typed, and change nothing', async ({ page, site }) => {
  const [from, to, before, tomorrow] = await Promise.all([site.day(8), site.day(3), site.day(5), site.day(-2)]);
  await page.goto(`${site.url}/operation/conversion?lang=en&from=${from}&to=${to}#${await site.token('supervisor')}`);
  await untilLive(page);
  const shown = page.locator('[data-range]');
  const at = page.url();
  const first = page.getByLabel('From', { exact: true });
  const last = page.getByLabel('To', { exact: true });
  const problem = page.getByRole('group', { name: 'Dates' }).getByRole('alert');
  const show = async (one: string, other: string): Promise<void> => {
    await first.fill(one);
    await last.fill(other);
    await expect(problem, 'what is being mended is not called wrong').toHaveCount(0);
    await last.press('Enter');
  };

  await shown.click();
  await expect(first).toHaveValue(from);
  await expect(last).toHaveValue(to);
  for (const [one, other, says] of [
    ['', to, 'Choose both days.'],
    [from, '', 'Choose both days.'],
    [to, from, 'The first day is after the last.'],
    [from, tomorrow, 'The last day has not come yet'],
    ['0001-01-01', to, 'days can be shown at once'],
  ] as const) {
    await show(one, other);
    await expect(problem, `${one} – ${other}`).toContainText(says);
    await expect(first).toHaveAttribute('aria-invalid', 'true');
  }
  // What cannot be a day cannot be typed either: the field stays empty.
  await first.fill('');
  await first.pressSequentially('02312026');
  await last.press('Enter');
  await expect(problem).toContainText('Choose both days.');
  expect(page.url()).toBe(at);

  // Closed and opened again it begins with what is shown.
  await page.keyboard.press('Escape');
  await expect(first).toHaveCount(0);
  await expect(page.locator('[data-drop]:focus')).toContainText(await shown.innerText());
  await page.keyboard.press('Enter');
  await expect(first).toHaveValue(from);
  await expect(problem).toHaveCount(0);
  await show(before, to);
  await expect(first).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`from=${before}&to=${to}`));
});
