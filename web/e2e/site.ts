import { test as base, expect, type Page } from '@playwright/test';
import { startFake } from './fake/server.mjs';

export type Role = 'supervisor' | 'wallboard' | 'agent' | 'owner' | 'admin' | 'service';

export interface SiteOptions {
  kind: 'real' | 'double';
  site: Site;
}

/** The server that a test looks at. */
export interface Site {
  url: string;
  /** The same server at another desk of the demo. */
  desk(tenant: string): Site;
  /** A token with a role, at the desk; without a name that is the demo's first. */
  token(role: Role): Promise<string>;
  /** The server's answer to a GET with that role's token. */
  get(path: string, role: Role): Promise<unknown>;
  /** The date at the desk so many days ago: its today may be another than this machine's. */
  day(ago: number): Promise<string>;
  /** A new open conversation that is assigned to the agent whom the demo offers, what the customer asked in it, and what he is called. */
  conversation(question?: string, name?: string): Promise<string>;
  /** A new conversation that waits in the queue until the returned function is called, and what its customer asked in it. */
  waiting(asked?: { question: string; intent: string }): Promise<() => Promise<void>>;
  /** Tells the double what to do; there is no such way on a real server. */
  control(what: string): Promise<void>;
}

interface DemoRole {
  role: Role;
  token: string;
  agent?: string;
}
interface DemoRoles {
  tenants: { tenant: string; roles: DemoRole[] }[];
}

function siteAt(url: string, wanted?: string): Site {
  const offered = new Map<Role, DemoRole>();
  let tenant = '';
  async function offer(): Promise<void> {
    if (offered.size) return;
    const answer = await fetch(`${url}/v1/demo/roles`);
    if (!answer.ok) throw new Error(`no demo roles: HTTP ${answer.status}`);
    const { tenants } = (await answer.json()) as DemoRoles;
    const here = wanted === undefined ? tenants[0] : tenants.find((one) => one.tenant === wanted);
    tenant = here?.tenant ?? '';
    for (const one of here?.roles ?? []) if (!offered.has(one.role)) offered.set(one.role, one);
  }
  let made = 0;
  const fresh = (): string => `e2e-${Date.now()}-${++made}`;

  /** Brings events about one conversation in by the door that any platform uses. */
  async function publish(id: string, events: [type: string, data: object][]): Promise<void> {
    await offer();
    const publisher = (['service', 'owner', 'admin'] as const).find((role) => offered.has(role));
    if (!publisher) throw new Error('the demo offers nobody who may publish');
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await site.token(publisher)}`, 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(
        events.map(([type, data]) => ({
          specversion: '1.0', id: `${id}-${type}`, source: 'e2e', type, time: new Date().toISOString(), tenant, subject: id, data: { conversation: id, ...data },
        })),
      ),
    });
    const text = await answer.text();
    if (!answer.ok || (JSON.parse(text) as { accepted?: number }).accepted !== events.length) {
      throw new Error(`the events were not taken: HTTP ${answer.status} ${text}`);
    }
  }

  const site: Site = {
    url,
    desk: (name) => siteAt(url, name),
    async token(role) {
      await offer();
      const token = offered.get(role)?.token;
      if (!token) throw new Error(`the demo offers no ${role}`);
      return token;
    },
    async get(path, role) {
      const answer = await fetch(url + path, { headers: { authorization: `Bearer ${await site.token(role)}` } });
      if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status}`);
      return answer.json();
    },
    async day(ago) {
      const { timezone } = (await site.get('/v1/metrics?metric=chats', 'supervisor')) as { timezone: string };
      return new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format(Date.now() - ago * 86_400_000);
    },
    async conversation(question, name) {
      await offer();
      const agent = offered.get('agent')?.agent;
      if (!agent) throw new Error('the demo offers no agent');
      const id = fresh();
      await publish(id, [
        ['conversation.started', { channel: 'web', customer: { id: `${id}-customer`, name } }],
        ['conversation.assigned', { to: { kind: 'agent', id: agent } }],
        ...(question ? ([['message.sent', { message: `${id}-asked`, from: { kind: 'customer', id: `${id}-customer` }, text: question }]] as [string, object][]) : []),
      ]);
      return id;
    },
    async waiting(asked) {
      const id = fresh();
      await publish(id, [
        ['conversation.started', { channel: 'web', customer: { id: `${id}-customer` } }],
        ['conversation.queued', {}],
        ...(asked
          ? ([
              ['message.sent', { message: `${id}-asked`, from: { kind: 'customer', id: `${id}-customer` }, text: asked.question }],
              ['conversation.classified', { intent: asked.intent }],
            ] as [string, object][])
          : []),
      ]);
      return () => publish(id, [['conversation.closed', { by: { kind: 'customer' } }]]);
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
