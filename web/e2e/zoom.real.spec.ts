import { expect, open, test, untilLive } from './site';

// A screen of 1280 × 720 at 200 %.
test.use({ viewport: { width: 640, height: 360 } });

test('at 200 % what opens is in sight, and can be read whole', async ({ page, site }) => {
  // Each sign of a long page; on a busy machine that takes its time.
  test.setTimeout(400_000);
  await open(page, site, '/operation/service', 'supervisor');
  await untilLive(page);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  const signs = page.locator('main .help');
  for (let place = 0; place < (await signs.count()); place++) {
    await signs.nth(place).evaluate((sign) => sign.scrollIntoView({ block: 'center' }));
    // The page has scrolled before the box opens, which a scroll would close.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await signs.nth(place).focus();
    await page.keyboard.press('Enter');
    const box = await page.getByRole('tooltip').boundingBox();
    expect(box?.y ?? -1, `definition ${place}`).toBeGreaterThanOrEqual(0);
    expect((box?.y ?? 0) + (box?.height ?? 999), `definition ${place}`).toBeLessThanOrEqual(360);
    await page.keyboard.press('Escape');
  }

  await page.evaluate(() => scrollTo(0, 0));
  await page.locator('[data-range]').click();
  await expect(page.locator('.picker')).toBeInViewport({ ratio: 0.99 });
  await page.keyboard.press('Escape');
  await page.locator('summary').first().click();
  await expect(page.locator('details[open] fieldset')).toBeInViewport({ ratio: 0.99 });

  await open(page, site, '/history', 'supervisor');
  await page.getByRole('button', { name: 'Columns' }).click();
  await expect(page.getByRole('group', { name: 'Columns' })).toBeInViewport({ ratio: 0.9 });
});
