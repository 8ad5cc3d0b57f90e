import { expect, open, test, untilLive } from './site';

test('links that cannot be listed say so, and are there once they can', async ({ page, site, complaints }) => {
  await page.route('**/v1/tokens', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"code":"internal","status":500}' }));
  await open(page, site, '/settings/links', 'owner');
  const main = page.getByRole('main');
  await expect(main.getByRole('alert')).toBeVisible();
  await expect(main.getByText('Loading')).toHaveCount(0);
  await page.unroute('**/v1/tokens');
  await main.getByRole('button', { name: 'Try again' }).click();
  await expect(main.getByRole('alert')).toHaveCount(0);
  complaints.length = 0; // the browser's own, of the answers that were made up
});

test('an explanation whose part of the program does not come says so, and opens after the retry', async ({ page, site, complaints }) => {
  await page.route(/Explain-[^/]*\.js/, (route) => route.abort());
  await open(page, site, '/operation/service', 'supervisor');
  await untilLive(page);
  await page.locator('[data-metric="avg_response"] [data-figure] button').first().click();
  await expect(page.getByRole('alert').getByRole('button', { name: 'Try again' })).toBeInViewport();
  await page.unroute(/Explain-[^/]*\.js/);
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await expect(page.locator('[data-explain="avg_response"] ol li').first()).toBeVisible();
  complaints.length = 0;
});
