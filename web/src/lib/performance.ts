import { isObject } from '../live/json';
import { readCells, type Cell } from './answer';
import { answered } from './answered';
import type { Status } from './states';

/** An agent's line in the table of agents; the average and the whole have no agent. */
export interface AgentLine {
  agent: string;
  name: string;
  department: string;
  teams: string[];
  status: Status;
  disabled: boolean;
  /** Open turns that wait for him now. */
  pending: number | undefined;
  cells: Record<string, Cell>;
}

/** What GET /v1/agents/performance says. */
export interface Performance {
  from: string;
  to: string;
  timezone: string | undefined;
  profile: string;
  at: string;
  seq: number;
  /** The mean of the agents' own values, each agent once; of how many. */
  average: Record<string, Cell>;
  agents: number;
  /** The same over everything they did together. */
  weighted: Record<string, Cell>;
  rows: AgentLine[];
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const whole = (raw: unknown): number | undefined => (typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined);

export function readPerformance(raw: unknown): Performance {
  const one = answered(raw, 'rows');
  const average = isObject(one.team_average) ? one.team_average : {};
  const weighted = isObject(one.weighted) ? one.weighted : {};
  return {
    from: text(one.from),
    to: text(one.to),
    timezone: text(one.timezone) || undefined,
    profile: text(one.profile),
    at: text(one.at),
    seq: whole(one.as_of_seq) ?? 0,
    average: readCells(average.values),
    agents: whole(average.agents) ?? 0,
    weighted: readCells(weighted.values),
    rows: (Array.isArray(one.rows) ? one.rows : []).filter(isObject).map((row) => ({
      agent: text(row.agent),
      name: text(row.name) || text(row.agent),
      department: text(row.department),
      teams: Array.isArray(row.teams) ? row.teams.map(text).filter(Boolean) : [],
      status: row.status === 'online' || row.status === 'paused' ? row.status : 'offline',
      disabled: row.disabled === true,
      pending: whole(row.pending_replies),
      cells: readCells(row.values),
    })),
  };
}
