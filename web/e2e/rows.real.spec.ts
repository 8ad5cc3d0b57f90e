import type { Page } from '@playwright/test';
import { drawn, expectParts, Words, type Part, type Row } from './shown';
import { expect, test, untilLive, type Role, type Site } from './site';
import { expectSame, written, type Cell } from './written';

/**
 * The rows of the documents as somebody meets them who has read the documents and
 * comes in by the demo: at the desk whose profile a row is of, on the page where one
 * would look, under the documents' own name, with something in it, with its
 * definition and a way to what is behind it, and the number that the API says.
 */
const iso = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
const [from, to] = [iso(9), iso(3)];

interface Place {
  desk: string;
  path: string;
  role: Role;
  language?: 'en' | 'zh-CN';
  /** The rows, each with its metric and the name under which it stands. */
  cards: readonly (readonly [row: string, metric: string, name: string])[];
  parts?: readonly Part[];
}

const places: Place[] = [
  {
    desk: 'lumen', path: '/overview', role: 'supervisor',
    cards: [
      ['T8', 'chats', 'Total chats'], ['T8', 'chats_bot_only', 'Bot-only chats'], ['T8', 'chats_human_only', 'Human-only chats'], ['T8', 'chats_bot_to_human', 'Bot-to-human chats'],
      ['T9', 'satisfaction_rate', 'Customer satisfaction'], ['T9', 'response_rate', '24h response rate'], ['T9', 'avg_response', 'Average response time'],
      ['T10', 'revenue_after_inquiry', 'Revenue after inquiry'], ['T10', 'orders_after_inquiry', 'Orders after inquiry'], ['T10', 'conversion_rate', 'Conversion rate'],
      ['T11', 'risky_chats', 'Risky chats'], ['T11', 'affected_agents', 'Affected agents'], ['T11', 'violation_rate', 'Violation rate'],
    ],
  },
  { desk: 'lumen', path: '/insights/risks', role: 'supervisor', cards: [['T44', 'risky_chats', 'Risky chats'], ['T49', 'blocked_messages', 'Blocked messages'], ['T44', 'flagged_messages', 'Flagged messages']] },
  {
    desk: 'qinghe', path: '/operation/customers', role: 'supervisor', language: 'zh-CN',
    cards: [
      ['W28', 'sessions', '接入会话数'], ['W29', 'consultations', '客户咨询会话数'], ['W30', 'human_sessions', '接入人工会话数'], ['W31', 'segments', '咨询会话段数'], ['W32', 'human_segments', '人工咨询会话段数'],
      ['W33', 'reply_rate', '人工回复率'], ['W34', 'avg_first_response', '平均首响时长'], ['W35', 'messages_received', '咨询消息数'], ['W36', 'customers', '接入客户数'], ['W37', 'consulting_customers', '咨询客户数'],
      ['W38', 'friend_customers', '企业好友客户数'], ['W39', 'specialist_invites', '专员服务邀请数'], ['W40', 'group_invites', '客户群服务邀请数'],
      ['W41', 'specialists_added', '添加专员客户数'], ['W42', 'groups_joined', '加入客户群的客户数'], ['W43', 'upgraded_customers', '升级服务客户数'],
    ],
  },
  {
    desk: 'harbor', path: '/ai', role: 'supervisor',
    cards: [['K7', 'ai_conversations', 'Total volume'], ['K8', 'ai_resolved', 'Total resolved by AI'], ['K9', 'ai_resolved_rate', 'Percent resolved by AI'], ['K10', 'ai_sales', 'AI-generated sales']],
    parts: [
      { file: 'ai-conversations-by-day', by: 'day', metrics: ['ai_conversations', 'ai_resolved'] },
      { file: 'ai-conversations-by-ai_status', by: 'ai_status', metrics: ['ai_conversations'], filter: 'ai_status=resolved,routed,closed,open' },
      { file: 'ai-sales-by-channel', by: 'channel', metrics: ['ai_sales'] },
    ],
  },
  { desk: 'vela', path: '/operation/service', role: 'supervisor', cards: [['T22', 'response_rate', '12h response rate']] },
  {
    desk: 'vela', path: '/inbox', role: 'owner',
    cards: [
      ['S6', 'messages_agent', 'Agent sent'], ['S6', 'messages_bot', 'Bot sent'], ['S6', 'messages_received', 'Received'], ['S7', 'messages_broadcast', 'Broadcast sent'],
      ['S9', 'sessions', 'New incoming sessions'], ['S10', 'new_contacts', 'New contacts'], ['S18', 'flows_triggered', 'Flows triggered'], ['S18', 'flow_triggers', 'Number of times triggered'],
      ['S20', 'credits_used', 'Total credits used'], ['S20', 'credit_balance', 'Balance'], ['S21', 'assist_uses', 'Usage count'], ['S22', 'assist_accuracy', 'Average accuracy'],
    ],
    parts: [
      { file: 'popular-flows', by: 'flow', metrics: ['flow_triggers'], most: 12 },
      { file: 'credits-by-category', by: 'category', metrics: ['credits_used'] },
      { file: 'ai-tools', by: 'tool', metrics: ['assist_uses'], most: 12 },
    ],
  },
];

interface Answer {
  rows: Row[];
}

/** A duration as the Chinese pages write it. */
const chinese = (text: string): string => text.replace(/^(\d+) min$/, '$1分钟').replace(' min ', '分').replace(/^(\d+) h$/, '$1小时').replace(' h ', '小时').replace(/ s$/, '秒').replace(/ min$/, '分钟');

const amounts = (value: unknown): number[] => (typeof value === 'object' && value ? Object.values(value).map(Number) : [Number(value)]);
const something = (cell: Cell | undefined): boolean => cell !== undefined && amounts(cell.value).some((amount) => amount > 0);

async function come(page: Page, here: Site, path: string, role: Role, language = 'en'): Promise<void> {
  await page.goto(`${here.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}#${await here.token(role)}`);
}

for (const { desk, path, role, language, cards, parts } of places) {
  test(`${desk} ${path}: ${[...new Set(cards.map(([row]) => row))].join(' ')} have their names, something in them, and the server’s numbers`, async ({ page, site }) => {
    const here = site.desk(desk);
    const words = await Words.of(here, role);
    await come(page, here, `${path}?from=${from}&to=${to}`, role, language);
    await drawn(page);
    const { rows } = (await here.get(`/v1/metrics?metric=${cards.map(([, metric]) => metric).join(',')}&from=${from}&to=${to}`, role)) as Answer;
    for (const [row, metric, name] of cards) {
      const cell = rows[0]?.values[metric];
      const unit = words.units.get(metric) ?? '';
      expect(something(cell), `${row}: ${metric} is empty`).toBe(true);
      const card = page.getByRole('region', { name, exact: true }).and(page.locator(`[data-metric="${metric}"]`)).last();
      await expect(card.locator('h3 button'), `${row}: its definition`).toHaveCount(1);
      await expect(card.locator('[data-figure] :is(a, button)'), `${row}: a way to what is behind it`).toHaveCount(1);
      const shown = (await card.locator('[data-figure]').innerText()).replace(/[\s\u00a0]+/g, ' ').trim();
      if (unit === 'seconds' && language === 'zh-CN') expect(shown.replaceAll(' ', ''), row).toBe(chinese(written(cell, unit, words.decimals)));
      else if (metric !== 'credit_balance') expectSame(shown, cell, unit, words.decimals, row); // what is left is left now
    }
    if (parts) await expectParts(page, here, role, words, parts, from, to);
  });
}

test('the first page says which desk is of which kind', async ({ page, site }) => {
  await page.goto(`${site.url}/?lang=en`);
  await expect(page.locator('[data-profile]')).toHaveText(['TikTok Shop desk', 'WeCom desk', 'AI customer agent', 'Shared inbox']);
});

test('no desk has a row of dead cards, and every metric has something at some desk', async ({ page, site }) => {
  const { metrics } = (await site.get('/v1/catalog', 'owner')) as { metrics: { id: string; live: boolean; unit: string; dimensions: string[] }[] };
  const ids = metrics.filter((one) => !one.live && one.dimensions.length > 0).map((one) => one.id);
  const seen = new Set<string>();
  for (const desk of ['lumen', 'qinghe', 'harbor', 'vela']) {
    const { rows } = (await site.desk(desk).get(`/v1/metrics?metric=${ids.join(',')}&from=${from}&to=${to}`, 'owner')) as Answer;
    for (const id of ids) if (something(rows[0]?.values[id]) || metrics.find((one) => one.id === id)?.unit === 'time') seen.add(id);
  }
  // What no platform of the demo does: whoever writes is attended to.
  const never = ['chats_unhandled'];
  expect(ids.filter((id) => !seen.has(id) && !never.includes(id))).toEqual([]);

  const lumen = site.desk('lumen');
  await come(page, lumen, `/operation/customers?from=${from}&to=${to}`, 'supervisor');
  await drawn(page);
  await expect(page.locator('[data-none]')).toContainText('service.invited');
  await expect(page.locator('[data-metric="specialist_invites"], [data-metric="friend_customers"]')).toHaveCount(0);
  await come(page, lumen, `/inbox?from=${from}&to=${to}`, 'owner');
  await drawn(page);
  await expect(page.locator('[data-chart="popular-flows"] [role="img"]')).toHaveCount(1);
});

test('K13–K20: the customer agent’s list says of each conversation what the server says', async ({ page, site }) => {
  interface Conversation {
    id: string;
    session: number;
    channel: string;
    customer: { name?: string; email?: string; phone?: string; id: string; anonymous: boolean };
    tags: string[];
    ai_status: string;
    first_question: string;
    messages: { customer: number; agent: number; bot: number };
  }
  const harbor = site.desk('harbor');
  const words = await Words.of(harbor, 'supervisor');
  await come(page, harbor, `/ai?from=${from}&to=${to}`, 'supervisor');
  await drawn(page);
  const heads = await page.locator('[data-table="ai-conversations"] thead th').allInnerTexts();
  expect(heads.map((head) => head.trim())).toEqual(['First question', 'Profile', 'Channel', 'AI status', 'Tags', 'Messages', 'Last updated']);
  const { rows } = (await harbor.get(`/v1/conversations?limit=30&from=${from}&to=${to}&ai_status=resolved,routed,closed,open`, 'supervisor')) as { rows: Conversation[] };
  const cells = await page.locator('[data-table="ai-conversations"] tbody tr[data-row]').evaluateAll((all) => all.slice(0, 12).map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? '')));
  expect(cells.length).toBe(12);
  for (const [place, shown] of cells.entries()) {
    const one = rows[place];
    if (!one) throw new Error(`the server lists no row ${place}`);
    const { name, email, phone, id, anonymous } = one.customer;
    const who = (name === id ? '' : name) || email || phone || (anonymous ? 'Anonymous' : id);
    expect(shown.slice(0, 6), one.id).toEqual([
      one.first_question, who, words.name('channel', one.channel), words.name('ai_status', one.ai_status), one.tags.join(', ') || '–', String(one.messages.customer + one.messages.agent + one.messages.bot),
    ]);
  }
  for (const status of ['resolved', 'routed', 'closed']) {
    const { rows: some } = (await harbor.get(`/v1/conversations?limit=1&from=${from}&to=${to}&ai_status=${status}`, 'supervisor')) as { rows: Conversation[] };
    expect(some.length, `K16–K18: ${status}`).toBe(1);
  }
});

test('W3, W13: 今日数据 says from when to when it is, and leads to 员工统计', async ({ page, site }) => {
  await come(page, site.desk('qinghe'), '/floor', 'supervisor', 'zh-CN');
  await untilLive(page);
  const today = page.getByRole('region', { name: '今日数据' });
  await expect(today.getByRole('heading', { name: '今日数据' })).toBeInViewport();
  await expect(today.getByText(/^\d+月\d+日.* 00:00 至 \d\d:\d\d$/)).toBeInViewport();
  await expect(today.locator('[data-figure]')).toHaveCount(9);
  await today.getByRole('link', { name: '查看历史数据' }).click();
  await expect(page.getByRole('heading', { level: 1, name: '员工统计' })).toBeVisible();
});

test('W4–W12, W22: today’s figures on the live board are the report’s of today, in the documents’ words', async ({ page, site }) => {
  const qinghe = site.desk('qinghe');
  const today = await qinghe.day(0);
  await come(page, qinghe, '/floor', 'supervisor', 'zh-CN');
  await untilLive(page);
  await expect(page.getByRole('heading', { name: '实时看板', level: 1 })).toBeVisible();
  const figures = page.locator('dl[data-version]');
  await expect(figures.locator('dt > span:first-child')).toHaveText(['排队人数', '接待中员工数', '咨询中会话数', '人工回复率', '接入人工会话数', '平均首响时长', '“满意”评价占比', '满意评价发送数', '参评率']);
  const ids = ['reply_rate', 'human_sessions', 'satisfaction_rate', 'surveys_sent', 'survey_response_rate'];
  const units: Record<string, string> = { reply_rate: 'ratio', satisfaction_rate: 'ratio', survey_response_rate: 'ratio' };
  // The desk goes on: the report is behind the board by a moment.
  await expect(async () => {
    const { rows } = (await qinghe.get(`/v1/metrics?metric=${ids.join(',')}&from=${today}&to=${today}`, 'supervisor')) as Answer;
    for (const id of ids) {
      const text = (await figures.locator(`[data-figure="${id}"]`).innerText()).replace(/\s/g, '');
      expect(text, id).toBe(written(rows[0]?.values[id], units[id] ?? 'count', 0));
    }
  }).toPass({ timeout: 30_000 });
  // And the wall says the same as the report of today.
  await come(page, qinghe, '/wallboard', 'wallboard', 'zh-CN');
  await untilLive(page);
  await expect(async () => {
    const { rows } = (await qinghe.get(`/v1/metrics?metric=reply_rate,blocked_messages&from=${today}&to=${today}`, 'supervisor')) as Answer;
    for (const id of ['reply_rate', 'blocked_messages']) {
      const text = await page.locator(`[data-tile="${id}"] [data-figure]`).innerText();
      expect(text.replace(/[\s%]/g, ''), id).toBe(written(rows[0]?.values[id], units[id] ?? 'count', 0).replace('%', ''));
    }
  }).toPass({ timeout: 30_000 });
});

test('W44–W50: the agents’ report has the documents’ columns in their order', async ({ page, site }) => {
  const qinghe = site.desk('qinghe');
  await come(page, qinghe, `/agents/performance?from=${from}&to=${to}`, 'supervisor', 'zh-CN');
  await expect(page.locator('tr[data-row]').first()).toBeVisible({ timeout: 30_000 });
  const heads = (await page.locator('thead tr').first().locator('th').allInnerTexts()).map((text) => text.replace(/[\s?]+/g, ''));
  expect(heads).toEqual([
    '接待员工', '接待状态', '待回复会话数', '接待时长', '接入人工会话次数', '接待客户数', '咨询消息总数', '人工回复率', '平均首次回复时长', '满意度评价发送数', '满意度参评率', '满意评价占比', '一般评价占比', '不满意评价占比', '接待记录',
  ]);
});

test('W44, S24: a file has the numbers of the page', async ({ page, site }) => {
  const qinghe = site.desk('qinghe');
  const words = await Words.of(qinghe, 'supervisor');
  await come(page, qinghe, `/operation/customers?from=${from}&to=${to}`, 'supervisor', 'zh-CN');
  await drawn(page);
  const taken = page.waitForEvent('download');
  const menu = page.locator('[data-export="customers-day-by-day"]');
  await menu.getByRole('button').first().click();
  await page.getByRole('button', { name: /CSV/ }).click();
  const text = await (await (await taken).createReadStream()).toArray().then((all) => Buffer.concat(all as Buffer[]).toString());
  const lines = text.replace(/^\uFEFF/, '').trim().split(/\r?\n/).map((line) => line.split(','));
  const column = lines[0]?.findIndex((head) => head.replaceAll('"', '').startsWith('升级服务客户数')) ?? -1;
  expect(column, lines[0]?.join(',')).toBeGreaterThan(0);
  const place = (await page.locator('[data-table="customers-day-by-day"] thead tr').first().locator('th').allInnerTexts()).findIndex((head) => head.replace(/\s/g, '').startsWith('升级服务客户数'));
  const { rows } = (await qinghe.get(`/v1/metrics?metric=upgraded_customers&by=day&from=${from}&to=${to}`, 'supervisor')) as Answer;
  expect(rows.length).toBe(7);
  for (const row of rows) {
    const day = String(row.day);
    const shown = await page.locator(`[data-table="customers-day-by-day"] tr[data-row="${day}"]`).locator('th, td').nth(place).innerText();
    expectSame(shown, row.values.upgraded_customers, words.units.get('upgraded_customers') ?? '', words.decimals, day);
    expect(lines.find((line) => line[0] === day)?.[column], `${day} in the file`).toBe(shown.trim());
  }
});
