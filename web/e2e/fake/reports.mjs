// The double's side of the reports: a few metrics, numbers made up by rule, and
// as many agents as a test wants.
const metrics = [
  ['chats', 'Chats', '咨询会话数', 'count', 'none'],
  ['chats_bot_only', 'Bot-only chats', '仅机器人会话数', 'count', 'none'],
  ['chats_human_only', 'Human-only chats', '仅人工会话数', 'count', 'none'],
  ['chats_bot_to_human', 'Bot-to-human chats', '机器人转人工会话数', 'count', 'none'],
  ['satisfaction_rate', 'Satisfaction', '满意评价占比', 'ratio', 'up'],
  ['response_rate', 'Response rate', '时限内回复率', 'ratio', 'up'],
  ['avg_response', 'Average response time', '平均响应时长', 'seconds', 'down'],
  ['handled_chats', 'Handled chats', '处理会话数', 'count', 'none'],
];
const gauges = [
  ['sessions', 'Sessions', '接入会话数'],
  ['online_agents', 'Agents online', '接待中员工数'],
  ['total_agents', 'Agents', '员工总数'],
  ['agents_with_active_chats', 'Agents with active chats', '有进行中会话的员工数'],
  ['pending_replies', 'Pending replies', '待回复会话数'],
];
const days = (from, to) => {
  const out = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += 86_400_000) out.push(new Date(at).toISOString().slice(0, 10));
  return out;
};
const value = (unit, n) => (unit === 'count' ? { value: n % 997 } : unit === 'ratio' ? { value: (n % 100) / 100, num: n % 100, den: 100 } : { value: n % 300, num: n % 300, den: 1 });

/** What the double knows of the reports; `undefined` where it knows nothing. */
export function makeReports() {
  let down = false;
  let agents = 40;
  return {
    control: { down: () => (down = true), up: () => (down = false), crowd: () => (agents = 10_000) },
    answer(url) {
      const of = (name) => url.searchParams.get(name) ?? '';
      const wanted = of('metric').split(',').filter(Boolean);
      const head = { from: of('from'), to: of('to'), timezone: 'UTC', profile: 'tiktok_shop@1', unique: 'range', at: new Date().toISOString(), as_of_seq: 1 };
      switch (url.pathname) {
        case '/v1/catalog':
          return [200, {
            metrics: [
              ...metrics.map(([id, en, zh, unit, better]) => ({ id, name: { en, zh }, formula: { en: `${en}, as defined.`, zh: `${zh}的定义。` }, unit, better, live: false, dimensions: ['day', 'intent', 'agent', 'channel'] })),
              ...gauges.map(([id, en, zh]) => ({ id, name: { en, zh }, formula: { en, zh }, unit: 'count', better: 'none', live: true, dimensions: [] })),
            ],
          }];
        case '/v1/tenant':
          return [200, { label: 'tiktok_shop@1', profile: 'tiktok_shop', settings: { timezone: 'UTC', percent_decimals: 1, max_range_days: 90 } }];
        case '/v1/directory':
          return [200, { channels: [{ id: 'web', name: 'Web' }], teams: [{ id: 't1', name: 'Sales' }], agents: [] }];
        case '/v1/metrics': {
          if (down) return [503, { code: 'unavailable', title: 'Reports cannot be read now.' }];
          const unknown = wanted.find((id) => !metrics.some(([known]) => known === id));
          if (unknown) return [400, { code: 'invalid_parameter', detail: `unknown metric "${unknown}"`, field: 'metric' }];
          const by = of('by');
          const keys = by === 'day' ? days(head.from, head.to) : by === 'intent' ? ['pre_purchase', 'aftersales', 'logistics', 'other'] : [''];
          return [200, {
            ...head,
            rows: keys.map((key, place) => ({
              ...(by ? { [by]: key } : {}),
              values: Object.fromEntries(wanted.map((id, column) => [id, { ...value(metrics.find(([known]) => known === id)[3], 40 + place * 7 + column), ...(of('compare') ? { previous: value(metrics.find(([known]) => known === id)[3], 30 + place * 7 + column) } : {}) }])),
            })),
          }];
        }
        case '/v1/agents/performance': {
          if (down) return [503, { code: 'unavailable', title: 'Reports cannot be read now.' }];
          const values = (n) => Object.fromEntries(wanted.map((id, column) => [id, value(metrics.find(([known]) => known === id)?.[3], n * 7919 + column)]));
          return [200, {
            ...head,
            team_average: { agents, values: values(3) },
            weighted: { values: values(4) },
            rows: Array.from({ length: agents }, (_, n) => ({ agent: `x${n}`, name: n % 2 ? `员工 ${n}` : `Agent ${n}`, status: 'online', disabled: false, teams: [], pending_replies: n % 5, values: values(n) })),
          }];
        }
        default:
          return undefined;
      }
    },
  };
}
