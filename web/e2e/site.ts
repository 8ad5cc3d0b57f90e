import { test as base, expect, type Page } from '@playwright/test';
import { startFake } from './fake/server.mjs';

export type Role = 'supervisor' | 'wallboard' | 'agent';

export interface SiteOptions {
  kind: 'real' | 'double';
  site: Site;
}

/** The server that a test looks at. */
export interface Site {
  url: string;
  /** A token with a role, at the first tenant of the demo that offers it. */
  token(role: Role): Promise<string>;
  /** The server's answer to a GET with that role's token. */
  get(path: string, role: Role): Promise<unknown>;
  /** Tells the double what to do; there is no such way on a real server. */
  control(what: string): Promise<void>;
}

interface DemoRoles {
  tenants: { tenant: string; roles: { role: string; token: string }[] }[];
}

function siteAt(url: string): Site {
  const tokens = new Map<Role, string>();
  const site: Site = {
    url,
    async token(role) {
      if (!tokens.size) {
        const answer = await fetch(`${url}/v1/demo/roles`);
        if (!answer.ok) throw new Error(`no demo roles: HTTP ${answer.status}`);
        const [tenant] = ((await answer.json()) as DemoRoles).tenants;
        for (const one of tenant?.roles ?? []) {
          if (!tokens.has(one.role as Role)) tokens.set(one.role as Role, one.token);
        }
      }
      const token = tokens.get(role);
      if (!token) throw new Error(`the demo offers no ${role}`);
      return token;
    },
    async get(path, role) {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${await site.token(role)}` } });
      if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
      return answer.json();
    },
    async control(what) {
      const answer = await fetch(`${url}/fake/${what}`, { method: 'POST' });
      if (!answer.ok) throw new Error(`the double cannot ${what}`);
    },
  };
  return site;
}

/** A page on which an error in the console fails the test, whatever else it checks. */
export const test = base.extend<{ complaints: string[] }, SiteOptions>({
  kind: ['real', { option: true, scope: 'worker' }],
  site: [
    async ({ kind }, use) => {
      if (kind === 'real') {
        const url = process.env.FLOORLIGHT_E2E_URL;
        if (!url) throw new Error('the global setup did not start a server');
        await use(siteAt(url));
        return;
      }
      const fake = await startFake();
      await use(siteAt(fake.url));
      await fake.stop();
    },
    { scope: 'worker' },
  ],
  complaints: [
    async ({ page }, use) => {
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`exception: ${error.message}`));
      await use(complaints);
      expect(complaints, 'the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

export interface Look {
  theme?: 'light' | 'dark';
  language?: 'en' | 'zh-CN';
}

/** Opens a page as a role, as a kiosk link would: with the token behind the `#`. */
export async function open(page: Page, site: Site, path: string, role: Role | undefined, look: Look = {}): Promise<void> {
  const query = new URLSearchParams({ theme: look.theme ?? 'dark', lang: look.language ?? 'en' });
  await page.goto(`${site.url}${path}?${query}${role ? `#${await site.token(role)}` : ''}`);
}

/** Waits until the page says that its numbers are live. */
export async function untilLive(page: Page): Promise<void> {
  await expect(page.locator('[data-freshness="live"]')).toBeVisible({ timeout: 30_000 });
}
