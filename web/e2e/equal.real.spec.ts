import type { Locator } from '@playwright/test';
import { drawn, expectParts, Words, type Part } from './shown';
import { expect, test, untilLive, type Role } from './site';
import { expectSame, written, type Cell } from './written';

/**
 * Every number that a report shows beside its cards, against what the API says to
 * the same question: each point of each chart, each cell of each table. The days
 * have ended, so nothing comes in between.
 */
const iso = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const [from, to] = [iso(9), iso(3)];

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
          'sessions', 'consultations', 'human_sessions', 'segments', 'human_segments', 'reply_rate', 'avg_first_response', 'messages_received', 'customers', 'consulting_customers',
          'new_contacts', 'friend_customers', 'specialist_invites', 'group_invites', 'specialists_added', 'groups_joined', 'upgraded_customers',
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

for (const { path, role, parts } of pages) {
  test(`${path}: each point of each chart and each cell of each table is what the server says`, async ({ page, site }) => {
    const words = await Words.of(site, role);
    await page.goto(`${site.url}${path}?from=${from}&to=${to}&lang=en#${await site.token(role)}`);
    await drawn(page);
    await expectParts(page, site, role, words, parts, from, to);
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
