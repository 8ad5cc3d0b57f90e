// A made-up desk for the test double: states in the shapes of contract/live.md,
// which move a little at each turn. Deterministic by its seed.

const names = [
  'Anna K.', '林晓梅', 'Bruno S.', 'Chidi A.', 'Dora M.', 'Emil P.', 'Fatima Z.', 'Gustav L.', '王建国', 'Ines R.', 'Jonas W.', 'Kei T.',
  'Lars O.', 'Mina H.', 'Nora B.', 'Oskar V.', 'Priya N.', 'Quentin D.', 'Rosa C.', 'Sven E.', 'Tom Y.', 'Uma J.', 'Vera G.', 'Wim F.',
];
const channels = ['WhatsApp', '微信客服', 'Web chat', 'TikTok Shop'];
const teams = ['Returns', 'Logistics', 'Sales'];
const questions = ['Where is my parcel?', '可以换货吗？', 'The zip is broken, can I get a refund?', 'Do you ship to Norway?'];

export function makeDesk(seed = 7, agentCount = 24) {
  let x = seed >>> 0;
  const random = () => ((x = (Math.imul(x, 1664525) + 1013904223) >>> 0), x / 2 ** 32);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const start = Date.now();
  const iso = (ms) => new Date(ms).toISOString();
  let day = '2026-11-21';
  let made = 0;

  const agents = {};
  for (let i = 0; i < agentCount; i++) {
    const status = i >= agentCount - 2 ? 'offline' : i >= agentCount - 4 ? 'paused' : 'online';
    agents[`a${i + 1}`] = {
      name: i < names.length ? names[i] : `${names[i % names.length].split(' ')[0]} ${Math.floor(i / names.length) + 1}`,
      teams: { [`t${(i % 3) + 1}`]: teams[i % 3] },
      channels: { [`ch${(i % 4) + 1}`]: channels[i % 4] },
      department: ['Day shift', 'Night shift'][i % 2],
      status,
      status_since: iso(start - 3_600_000),
      ...(status === 'offline' ? {} : { first_online_at: iso(start - 4 * 3_600_000 - i * 60_000) }),
      online_seconds: i * 100,
      ...(status === 'online' ? { online_since: iso(start - 4 * 3_600_000 - i * 60_000) } : {}),
      active_chats: status === 'offline' ? 0 : i % 4,
      capacity: 3 + (i % 2),
      pending_replies: i % 3,
      assigned_sessions: 10 + i,
      metrics: {
        reply_rate: { value: (17 + (i % 3)) / 20, num: 17 + (i % 3), den: 20 },
        avg_first_response: i === 5 ? { num: 0, den: 0 } : { value: 40 + i * 3.5, num: (40 + i * 3.5) * 10, den: 10 },
        survey_response_rate: { value: 1 / 3, num: 3, den: 9 },
        satisfaction_rate: { value: 0.9, num: 9, den: 10 },
      },
    };
  }
  const waiting = {};
  const addWait = (ago) => {
    made++;
    const channel = Math.floor(random() * 4);
    const team = Math.floor(random() * 3);
    waiting[`c${made}`] = {
      since: iso(Date.now() - ago),
      customer: `u${made}`,
      customer_name: `Customer ${made}`,
      channel: `ch${channel + 1}`,
      channel_name: channels[channel],
      team: `t${team + 1}`,
      team_name: teams[team],
      intent: 'other',
      first_question: pick(questions),
    };
  };
  for (const ago of [221, 178, 80, 61, 50, 42, 40, 33, 21, 20, 12, 9, 5, 2]) addWait(ago * 1000);

  let human = 417;
  let replied = 402;
  let blocked = 5;
  const notes = {};

  function turn() {
    const roll = random();
    const ids = Object.keys(waiting);
    if (roll < 0.25 && ids.length < 40) addWait(0);
    else if (roll < 0.5 && ids.length > 2) delete waiting[ids[0]];
    else if (roll < 0.9) {
      const agent = agents[`a${1 + Math.floor(random() * agentCount)}`];
      if (agent.status !== 'offline') agent.active_chats = Math.max(0, Math.min(agent.capacity, agent.active_chats + (random() < 0.5 ? -1 : 1)));
    } else {
      human++;
      if (random() < 0.96) replied++;
    }
  }

  const sorted = () => Object.entries(waiting).sort((a, b) => (a[1].since < b[1].since ? -1 : 1));
  const kept = (filter) => (one) =>
    (!filter?.channel?.length || filter.channel.includes(one.channel)) && (!filter?.team?.length || filter.team.includes(one.team));

  const place = ({ since, channel, channel_name, team, team_name }, conversation) => ({
    since, channel, channel_name, team, team_name, ...(conversation ? { conversation } : {}),
  });

  const states = {
    wallboard(filter) {
      const queue = sorted().filter(([, wait]) => kept(filter)(wait));
      const all = Object.values(agents);
      const online = all.filter((agent) => agent.status === 'online');
      const [oldest] = queue;
      return {
        day,
        name: 'Lena’s Outlet',
        timezone: 'Europe/Berlin',
        profile: 'tiktok_shop@3',
        percent_decimals: 1,
        metrics: {
          queue_length: { value: queue.length },
          longest_wait_seconds: oldest ? place(oldest[1], oldest[0]) : {},
          online_agents: { value: online.length },
          paused_agents: { value: all.filter((agent) => agent.status === 'paused').length },
          total_agents: { value: all.length },
          agents_with_active_chats: { value: online.filter((agent) => agent.active_chats > 0).length },
          active_chats: { value: all.reduce((sum, agent) => sum + agent.active_chats, 0) },
          capacity: { value: online.reduce((sum, agent) => sum + agent.capacity, 0) },
          bot_chats: { value: 31 },
          reply_rate: human ? { value: replied / human, num: replied, den: human } : { num: 0, den: 0 },
          blocked_messages: { value: blocked },
          flagged_messages: { value: 4 },
          risky_chats: { value: 7 },
          human_sessions: { value: human + 12 },
          avg_first_response: { value: 48.25, num: 19300, den: 400 },
          satisfaction_rate: { value: 0.9, num: 90, den: 100 },
          surveys_sent: { value: 240 },
          survey_response_rate: { value: 100 / 240, num: 100, den: 240 },
          revenue_after_inquiry: { value: { USD: '22.00' } },
        },
        alerts: {},
      };
    },
    floor(filter) {
      const queue = sorted().filter(([, wait]) => kept(filter)(wait));
      return {
        agents: Object.fromEntries(
          Object.entries(agents).map(([id, { name, status, active_chats, capacity }]) => [id, { name, status, chats: active_chats, capacity }]),
        ),
        waits: Object.fromEntries(queue.slice(0, 3).map(([id, wait]) => [id, place(wait)])),
        total: queue.length,
      };
    },
    agents(filter) {
      const has = (set, wanted) => !wanted?.length || wanted.some((id) => id in set);
      return {
        agents: Object.fromEntries(
          Object.entries(agents).filter(([, agent]) => has(agent.channels, filter?.channel) && has(agent.teams, filter?.team)),
        ),
      };
    },
    queue(filter) {
      const queue = sorted().filter(([, wait]) => kept(filter)(wait));
      return { total: queue.length, waiting: Object.fromEntries(queue) };
    },
    notifications: () => ({ items: notes }),
    inbox: () => ({
      total: 2,
      conversations: {
        c42: { started_at: iso(start), status: 'human', risky: false, session: 1, customer: 'u7', customer_name: 'Maya', first_question: 'Where is my parcel?', turn_since: iso(start) },
        c43: { started_at: iso(start), status: 'human', risky: false, session: 1, customer: 'u8', customer_name: '陈先生' },
      },
    }),
  };

  return {
    turn,
    state: (topic, filter) => structuredClone(states[topic]?.(filter)),
    midnight() {
      day = '2026-11-22';
      human = replied = blocked = 0;
    },
    block(note) {
      blocked++;
      notes[`n${++made}`] = { at: iso(Date.now()), kind: 'message_blocked', ...note };
    },
    acknowledge(items) {
      for (const item of items) delete notes[item];
    },
    series(metrics, minutes) {
      const now = Math.floor(Date.now() / 60_000) * 60_000;
      const line = (metric, i) =>
        ({ queue_length: 6 + 5 * Math.sin(i / 7) + i / 12, longest_wait_seconds: 60 + 40 * Math.cos(i / 5) + i * 2, reply_rate: 0.95 + 0.01 * Math.sin(i / 9), active_chats: 30 + 6 * Math.sin(i / 11), online_agents: 20, blocked_messages: Math.floor(i / 14) })[metric];
      return {
        topic: 'wallboard',
        at: iso(Date.now()),
        step_seconds: 60,
        times: Array.from({ length: minutes }, (_, i) => iso(now - (minutes - 1 - i) * 60_000)),
        series: Object.fromEntries(
          metrics.map((metric) => [
            metric,
            Array.from({ length: minutes }, (_, i) => (metric === 'reply_rate' ? line(metric, i) : Math.round(line(metric, i) ?? 0))),
          ]),
        ),
      };
    },
  };
}
