import type { Page } from '@playwright/test';
import { expect, test, untilLive, type Site } from './site';

test.afterEach(({ complaints }) => {
  // The browser says of each answer that it was a 401, and of nothing else.
  expect(complaints.filter((one) => !/status of 401/.test(one))).toEqual([]);
  complaints.length = 0;
});

/** Ends the token that the page has, as an owner would. */
async function revoke(page: Page, site: Site): Promise<void> {
  const headers = { authorization: `Bearer ${await page.evaluate(() => sessionStorage.getItem('floorlight.token'))}` };
  const { token } = (await (await fetch(`${site.url}/v1/me`, { headers })).json()) as { token: string };
  const answer = await fetch(`${site.url}/v1/tokens/${encodeURIComponent(token)}`, { method: 'DELETE', headers: { authorization: `Bearer ${await site.token('owner')}` } });
  expect(answer.ok).toBe(true);
}

/** Another token of the same person; the demo makes new ones each time that it is asked. */
async function another(site: Site): Promise<string> {
  const { tenants } = (await (await fetch(`${site.url}/v1/demo/roles`)).json()) as { tenants: { roles: { role: string; token: string }[] }[] };
  return tenants[0]?.roles.find((one) => one.role === 'supervisor')?.token ?? '';
}

test('lists that were refused while access had ended come by themselves once it is back', async ({ page, site }) => {
  await page.goto(`${site.url}/overview?lang=en#${await another(site)}`);
  await untilLive(page);
  await expect(page.locator('[data-metric]').first()).toBeVisible();
  await revoke(page, site);
  await expect(page.locator('[data-ended]')).toBeVisible();

  const pages = page.getByLabel('Pages').first();
  for (const [name, there] of [['Risks', '[data-held]'], ['Chat history', '.chats [role="row"], .chats tbody tr']] as const) {
    await pages.getByRole('link', { name, exact: true }).click();
    await expect(page.locator('#content .problem').first()).toContainText('token has expired or was revoked');
    await page.locator('[data-ended]').getByLabel('Access token').fill(await another(site));
    await page.keyboard.press('Enter');
    await expect(page.locator('[data-ended]')).toHaveCount(0);
    await expect(page.locator('#content .problem')).toHaveCount(0);
    await expect(page.locator(there).first()).toBeVisible();
    await revoke(page, site);
    await expect(page.locator('[data-ended]')).toBeVisible();
  }
});
