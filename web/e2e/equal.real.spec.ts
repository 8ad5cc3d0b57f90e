import type { Locator, Page } from '@playwright/test';
import { en } from '../src/i18n/en';
import { expect, test, untilLive, type Role, type Site } from './site';
import { expectSame, written, type Cell } from './written';

/**
 * Every number that a report shows beside its cards, against what the API says to
 * the same question: each point of each chart, each cell of each table. The days
 * have ended, so nothing comes in between.
 */
const iso = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const [from, to] = [iso(9), iso(3)];

interface Part {
  /** The file that it can be taken along as. */
  file: string;
  by: string;
  metrics: readonly string[];
  filter?: string;
  /** No more rows than these, the largest first. */
  most?: number;
}
const kinds = ['chats', 'chats_bot_only', 'chats_human_only', 'chats_bot_to_human', 'chats_unhandled'];
const conversion = ['orders_after_inquiry', 'revenue_after_inquiry', 'conversion_rate', 'chatting_customers', 'converted_customers'];
const service = ['chats', 'response_rate', 'reply_rate', 'avg_first_response', 'service_level', 'satisfaction_rate'];
const messages = ['messages_agent', 'messages_bot', 'messages_received', 'messages_broadcast'];
const each = (prefix: string, by: string, metric: string): Part => ({ file: `${prefix}-by-${by}`, by, metrics: [metric] });

const pages: { path: string; role: Role; parts: Part[] }[] = [
  { path: '/overview', role: 'supervisor', parts: [{ file: 'chats-by-day', by: 'day', metrics: kinds.slice(0, 4) }] },
  {
    path: '/operation/chats', role: 'supervisor',
    parts: [{ file: 'chats-by-day', by: 'day', metrics: kinds }, { file: 'chats-by-intent', by: 'intent', metrics: kinds }, { file: 'chats-by-team', by: 'team', metrics: kinds }, each('chats', 'channel', 'chats')],
  },
  {
    path: '/operation/service', role: 'supervisor',
    parts: [
      ...['day', 'intent'].flatMap((by) => [each('response-rate', by, 'response_rate'), each('satisfaction', by, 'satisfaction_rate'), each('response-time', by, 'avg_response')]),
      { file: 'service-by-team', by: 'team', metrics: service },
      { file: 'service-by-channel', by: 'channel', metrics: service },
      { file: 'negative-reasons', by: 'reason', metrics: ['negative_ratings'], most: 12 },
    ],
  },
  {
    path: '/operation/conversion', role: 'supervisor',
    parts: [
      each('conversion-rate', 'day', 'conversion_rate'),
      ...['intent', 'team', 'channel'].map((by) => ({ file: `conversion-by-${by}`, by, metrics: conversion })),
    ],
  },
  {
    path: '/operation/customers', role: 'supervisor',
    parts: [
      { file: 'sessions-by-day', by: 'day', metrics: ['sessions', 'consultations', 'human_sessions'] },
      { file: 'customers-by-day', by: 'day', metrics: ['customers', 'consulting_customers', 'upgraded_customers'] },
      {
        file: 'customers-day-by-day', by: 'day',
        metrics: [
          'sessions', 'consultations', 'human_sessions', 'segments', 'human_segments', 'reply_rate', 'avg_first_response', 'messages_received', 'customers', 'consulting_customers', 'friend_customers',
          'new_contacts', 'specialist_invites', 'group_invites', 'specialists_added', 'groups_joined', 'upgraded_customers',
        ],
      },
    ],
  },
  {
    path: '/insights/risks', role: 'supervisor',
    parts: [
      each('risky', 'day', 'risky_chats'), each('risky', 'intent', 'risky_chats'), { ...each('risky', 'agent', 'risky_chats'), most: 8 },
      { ...each('blocked', 'category', 'blocked_messages'), most: 12 }, { ...each('blocked', 'rule', 'blocked_messages'), most: 8 },
      { file: 'flagged-agents', by: 'agent', metrics: ['risky_chats', 'blocked_messages', 'flagged_messages'] },
    ],
  },
  {
    path: '/insights/reviews', role: 'supervisor',
    parts: [each('negative', 'day', 'negative_ratings'), { ...each('negative', 'reason', 'negative_ratings'), most: 12 }, each('negative', 'intent', 'negative_ratings'), { ...each('negative', 'agent', 'negative_ratings'), most: 8 }],
  },
  {
    path: '/ai', role: 'supervisor',
    parts: [
      { file: 'ai-conversations-by-day', by: 'day', metrics: ['ai_conversations', 'ai_resolved'] },
      { file: 'ai-conversations-by-ai_status', by: 'ai_status', metrics: ['ai_conversations'], filter: 'ai_status=resolved,routed,closed,open' },
    ],
  },
  {
    path: '/inbox', role: 'owner',
    parts: [
      { file: 'messages-by-day', by: 'day', metrics: messages }, { file: 'sessions-and-contacts-by-day', by: 'day', metrics: ['sessions', 'new_contacts'] },
      { file: 'popular-flows', by: 'flow', metrics: ['flow_triggers'], most: 12 }, { file: 'credits-by-day', by: 'day', metrics: ['credits_used'] },
      { file: 'ai-tools', by: 'tool', metrics: ['assist_uses'], most: 12 },
    ],
  },
];

interface Row {
  values: Record<string, Cell>;
  [dimension: string]: unknown;
}

/** What the desk calls things. */
class Words {
  units = new Map<string, string>();
  decimals = 1;
  private names = new Map<string, string>();

  static async of(site: Site, role: Role): Promise<Words> {
    const words = new Words();
    const { metrics } = (await site.get('/v1/catalog', role)) as { metrics: { id: string; unit: string }[] };
    for (const one of metrics) words.units.set(one.id, one.unit);
    const { settings } = (await site.get('/v1/tenant', role)) as { settings: { percent_decimals: number } };
    words.decimals = settings.percent_decimals;
    const lists = (await site.get('/v1/directory', role)) as Record<string, { id: string; name: string }[]>;
    for (const [kind, list] of Object.entries({ channel: lists.channels, team: lists.teams, agent: lists.agents, flow: lists.flows })) {
      for (const one of list ?? []) words.names.set(`${kind} ${one.id}`, one.name);
    }
    return words;
  }

  name(by: string, id: string): string {
    if (id === '') return en['value.none'];
    const texts: Record<string, string> = en;
    const group = by === 'ai_status' ? 'aiStatus' : by;
    return this.names.get(`${by} ${id}`) ?? texts[`${group}.${id}`] ?? id.replaceAll('_', ' ');
  }
}

async function drawn(page: Page): Promise<void> {
  await untilLive(page);
  await expect(page.locator('[data-metric] [data-figure]').first()).toBeVisible();
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await expect(page.locator('[data-ready="false"]')).toHaveCount(0);
}

/** The rows that stand below a part's head: what each is headed with, and its cells. */
async function shownIn(part: Locator): Promise<{ id: string | undefined; head: string; cells: string[] }[]> {
  return part.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => ({
      id: (row as HTMLElement).dataset.row,
      head: row.querySelector('th')?.textContent?.trim() ?? '',
      cells: [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? ''),
    })),
  );
}

for (const { path, role, parts } of pages) {
  test(`${path}: each point of each chart and each cell of each table is what the server says`, async ({ page, site }) => {
    const words = await Words.of(site, role);
    await page.goto(`${site.url}${path}?from=${from}&to=${to}&lang=en#${await site.token(role)}`);
    await drawn(page);
    for (const { file, by, metrics, filter, most } of parts) {
      const answer = (await site.get(`/v1/metrics?metric=${metrics.join(',')}&by=${by}&from=${from}&to=${to}${filter ? `&${filter}` : ''}`, role)) as { rows: Row[] };
      const part = page.locator(`[data-chart="${file}"], [data-table="${file}"]`);
      await expect(part, file).toHaveCount(1);
      const chart = (await part.getAttribute('data-chart')) !== null;
      if (chart && (await part.locator('[role="img"]').count()) === 0) {
        // Nothing is drawn where nothing happened.
        expect(answer.rows.filter((row) => metrics.some((id) => Number(row.values[id]?.value ?? 0) > 0)), file).toEqual([]);
        continue;
      }
      if (chart) await part.getByRole('button', { name: /Show as a table/ }).click();
      const shown = await shownIn(part);
      const own = shown.filter((row) => chart || row.id !== undefined);
      const wanted = answer.rows.filter((row) => file !== 'flagged-agents' || Number(row.values.risky_chats?.value) > 0);
      expect(own.length, `${file}: rows`).toBe(by === 'day' && chart ? 7 : Math.min(wanted.length, most ?? Infinity));
      for (const row of wanted) {
        const id = String(row[by] ?? '');
        const place = by === 'day' && chart ? (Date.parse(id) - Date.parse(from)) / 86_400_000 : own.findIndex((one) => (chart ? one.head === words.name(by, id) : one.id === id));
        if (place < 0) {
          expect(most, `${file}: ${id} is missing`).toBeDefined();
          continue;
        }
        for (const [column, metric] of metrics.entries()) {
          expectSame(own[place]?.cells[column] ?? '', row.values[metric], words.units.get(metric) ?? '', words.decimals, `${file}: ${metric} of ${id}`);
        }
      }
    }
  });
}

interface Performance {
  team_average: { values: Record<string, Cell> };
  weighted: { values: Record<string, Cell> };
  rows: { agent: string; values: Record<string, Cell> }[];
}

test('every agent’s every number is the server’s, and so is the average of them', async ({ page, site }) => {
  const words = await Words.of(site, 'supervisor');
  const metrics = [
    'satisfaction_rate', 'avg_response', 'response_rate', 'handled_chats', 'avg_first_response', 'first_response_p90', 'reply_rate', 'assigned_sessions', 'assign_events', 'served_customers', 'messages_received', 'messages_agent',
    'online_seconds', 'surveys_sent', 'survey_response_rate', 'neutral_rate', 'dissatisfaction_rate', 'risky_chats', 'violation_rate', 'blocked_messages',
  ];
  await page.goto(`${site.url}/agents/performance?from=${from}&to=${to}&columns=name,status,pending,${metrics.join(',')}&lang=en#${await site.token('supervisor')}`);
  await expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  const heads = await page.locator('thead tr').first().locator('th').evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.column));
  const answer = (await site.get(`/v1/agents/performance?metric=${metrics.join(',')}&from=${from}&to=${to}`, 'supervisor')) as Performance;
  const compare = async (row: Locator, values: Record<string, Cell>, who: string): Promise<void> => {
    const cells = await row.locator('th, td').allInnerTexts();
    for (const metric of metrics) {
      const place = heads.indexOf(metric);
      expect(place, metric).toBeGreaterThan(0);
      expectSame(cells[place] ?? '', values[metric], words.units.get(metric) ?? '', words.decimals, `${metric} of ${who}`);
    }
  };
  expect(answer.rows.length).toBeGreaterThan(8);
  for (const row of answer.rows) await compare(page.locator(`tr[data-row="${row.agent}"]`), row.values, row.agent);
  await compare(page.locator('[data-pinned="1"]'), answer.weighted.values, 'all together');
});

test('what the list of conversations says of each is what the server says', async ({ page, site }) => {
  interface Conversation {
    id: string;
    handling: string;
    risky: boolean;
    stars?: number;
    intent: string;
    first_question: string;
    messages: { customer: number; agent: number; bot: number };
    agents: string[];
    ai_status: string;
  }
  const words = await Words.of(site, 'owner');
  const columns = ['id', 'agent', 'intent', 'handling', 'stars', 'risky', 'question', 'ai', 'messages'];
  await page.goto(`${site.url}/history?from=${from}&to=${to}&columns=${columns.join(',')}&lang=en#${await site.token('owner')}`);
  await expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  const { rows } = (await site.get(`/v1/conversations?limit=12&from=${from}&to=${to}`, 'owner')) as { rows: Conversation[] };
  for (const one of rows) {
    const cells = await page.locator(`tr[data-row^="${one.id} "]`).first().locator('th, td').allInnerTexts();
    const total = one.messages.customer + one.messages.agent + one.messages.bot;
    expect(cells[8]?.trim(), one.id).toBe(String(total));
    expect(cells[1]?.trim(), one.id).toBe(one.agents.map((id) => words.name('agent', id)).join(', ') || '–');
    expect(cells[3]?.trim(), one.id).toBe(words.name('handling', one.handling));
    expect(cells[2]?.trim(), one.id).toBe(one.intent ? words.name('intent', one.intent) : '–');
    expect(cells[5]?.trim(), one.id).toBe(one.risky ? 'yes' : '–');
    expect(cells[6]?.trim(), one.id).toBe(one.first_question || '–');
    expect(cells[7]?.trim(), one.id).toBe(one.ai_status ? words.name('ai_status', one.ai_status) : '–');
  }
});

interface Live<S> {
  version: number;
  state: S;
}

test('the floor’s nine figures, and each agent’s line, are the server’s at the same moment', async ({ page, site }) => {
  interface Agent {
    status: string;
    active_chats: number;
    assigned_sessions: number;
    capacity?: number;
    metrics: Record<string, Cell>;
  }
  const words = await Words.of(site, 'supervisor');
  await page.goto(`${site.url}/floor?lang=en#${await site.token('supervisor')}`);
  await untilLive(page);
  await expect(page.locator('tr[data-row]').first()).toBeVisible();
  const figures = page.locator('dl[data-version]');
  // The desks never rest: what is compared was read between two looks that say the same.
  await expect(async () => {
    const before = (await site.get('/v1/live/wallboard', 'supervisor')) as Live<{ metrics: Record<string, Cell> }>;
    await expect(figures).toHaveAttribute('data-version', String(before.version), { timeout: 2_000 });
    const shown = await figures.locator('[data-figure]').evaluateAll((all) => all.map((one) => [(one as HTMLElement).dataset.figure ?? '', one.textContent?.trim() ?? '']));
    expect(await figures.getAttribute('data-version')).toBe(String(before.version));
    expect(shown.length).toBe(9);
    for (const [id = '', text = ''] of shown) expect(text.replace(' ', ''), id).toBe(written(before.state.metrics[id], words.units.get(id) ?? '', words.decimals).replace(' ', ''));
  }).toPass({ timeout: 60_000 });
  const heads = (await page.locator('thead tr').first().locator('th').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
  const column = (name: string): number => heads.findIndex((text) => text.startsWith(name));
  await expect(async () => {
    const { state } = (await site.get('/v1/live/agents', 'supervisor')) as Live<{ agents: Record<string, Agent> }>;
    for (const [id, agent] of Object.entries(state.agents)) {
      const cells = await page.locator(`tr[data-row="${id}"]`).locator('th, td').allInnerTexts();
      const of = (name: string): string => (cells[column(name)] ?? '').replace(/[\s\u00a0]+/g, ' ').trim();
      expect(of('Assigned today'), id).toBe(String(agent.assigned_sessions));
      expect(of('Reply rate').replace(' %', '%'), id).toBe(written(agent.metrics.reply_rate, 'ratio', words.decimals));
      expect(of('First response'), id).toBe(written(agent.metrics.avg_first_response, 'seconds', 0));
    }
  }).toPass({ timeout: 60_000 });
});
