import type { Key } from '../i18n/en';
import { since } from './format';
import { byPresence, type Agent } from './states';

/** A column of the agents' table that it can be sorted by; the larger come first. */
export interface Column {
  id: string;
  name: Key;
  /** What a row is sorted by; undefined comes last. */
  rank: (agent: Agent, now: number) => number | undefined;
}

export const columns: readonly Column[] = [
  { id: 'online', name: 'column.onlineTime', rank: (agent, now) => onlineSeconds(agent, now) },
  { id: 'chats', name: 'column.chats', rank: (agent) => agent.chats },
  { id: 'pending', name: 'column.pending', rank: (agent) => agent.pending },
  { id: 'assigned', name: 'column.assigned', rank: (agent) => agent.assigned },
  { id: 'reply_rate', name: 'column.replyRate', rank: (agent) => agent.metric('reply_rate').value },
  { id: 'avg_first_response', name: 'column.firstResponse', rank: (agent) => agent.metric('avg_first_response').value },
  { id: 'survey_response_rate', name: 'column.surveyRate', rank: (agent) => agent.metric('survey_response_rate').value },
  { id: 'satisfaction_rate', name: 'column.satisfied', rank: (agent) => agent.metric('satisfaction_rate').value },
];

/** How long an agent has been online today; a spell that runs is counted up. */
export function onlineSeconds(agent: Agent, now: number): number | undefined {
  const spell = since(agent.onlineSince, now);
  if (agent.online.value === undefined && spell === undefined) return undefined;
  return (agent.online.value ?? 0) + (spell ?? 0);
}

/** The rows that fit, in the order asked for; who is there first if none was. */
export function arrange(agents: readonly Agent[], status: string, search: string, sort: string, now: number): Agent[] {
  const words = search.trim().toLocaleLowerCase();
  const rows = agents.filter(
    (agent) =>
      (!status || agent.status === status) &&
      (!words || `${agent.name} ${agent.department} ${agent.id}`.toLocaleLowerCase().includes(words)),
  );
  const up = sort.startsWith('-');
  const column = columns.find((one) => one.id === (up ? sort.slice(1) : sort));
  rows.sort(byPresence);
  if (!column) return rows;
  const ranks = new Map(rows.map((agent) => [agent, column.rank(agent, now)]));
  return rows.sort((a, b) => {
    const x = ranks.get(a);
    const y = ranks.get(b);
    if (x === undefined || y === undefined) return x === y ? 0 : x === undefined ? 1 : -1;
    return up ? x - y : y - x;
  });
}
