import type { Only } from './openrows';

/** What is looked at on the floor. */
interface View {
  view?: 'open';
  state?: 'online' | 'paused';
  with?: string;
  only?: Only;
}

/** What of the floor is behind a number of now. The queue is there whatever is looked at. */
const views: Record<string, View> = {
  queue_length: {},
  longest_wait_seconds: {},
  online_agents: { state: 'online' },
  paused_agents: { state: 'paused' },
  total_agents: {},
  agents_with_active_chats: {},
  capacity: {},
  occupancy: {},
  active_chats: { view: 'open', only: 'human' },
  pending_replies: { view: 'open', only: 'owed' },
  bot_chats: { view: 'open' },
};

/** The address of a view of the floor, of the same part of the desk as an address says. */
export function floorAddress(query: URLSearchParams, view: View): string {
  const next = new URLSearchParams();
  for (const name of ['channel', 'team']) {
    const value = query.get(name);
    if (value) next.set(name, value);
  }
  for (const [name, value] of Object.entries(view)) next.set(name, value);
  const text = next.toString();
  return text ? `/floor?${text}` : '/floor';
}

/** Where on the floor a number of now is shown in its parts; undefined for other numbers. */
export function floorLink(metric: string, query: URLSearchParams): string | undefined {
  const view = views[metric];
  return view && floorAddress(query, view);
}

const risks = ['blocked_messages', 'flagged_messages', 'risky_chats', 'risk_rate', 'false_blocks'];

/** Where somebody who sees a number on a board finds what is behind it: on the floor, or in today's report. */
export function tileLink(metric: string, query: URLSearchParams): string {
  const floor = floorLink(metric, query);
  if (floor) return floor;
  const report = new URLSearchParams({ range: 'today' });
  for (const name of ['channel', 'team']) {
    const value = query.get(name);
    if (value) report.set(name, value);
  }
  return `${risks.includes(metric) ? '/insights/risks' : '/operation/service'}?${report}`;
}
