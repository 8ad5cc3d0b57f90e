import { isObject, type Json, type JsonObject } from '../live/json';
import { answered } from './answered';
import { apart } from './personname';
import type { Status } from './states';

export interface Person {
  id: string;
  name: string;
  department: string;
  email: string;
  role: string;
  status: Status;
  teams: string[];
  channels: string[];
  capacity: number | undefined;
  disabled: boolean;
}

export interface Group {
  id: string;
  name: string;
  channels: string[];
  capacity: number | undefined;
  disabled: boolean;
}

export interface Account {
  id: string;
  name: string;
  kind: string;
  ai: string;
  disabled: boolean;
}

/** Who and what a desk is made of. */
export interface Directory {
  agents: Person[];
  teams: Group[];
  channels: Account[];
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');
const texts = (raw: Json | undefined): string[] => (Array.isArray(raw) ? raw.filter((one): one is string => typeof one === 'string') : []);
const objects = (raw: Json | undefined): JsonObject[] => (Array.isArray(raw) ? raw.filter(isObject) : []);
const capacity = (raw: Json | undefined): number | undefined => (typeof raw === 'number' ? raw : undefined);
const collator = new Intl.Collator(undefined, { numeric: true });
const byName = (a: { name: string }, b: { name: string }): number => collator.compare(a.name, b.name);

/** Reads GET /v1/directory. */
export function readDirectory(raw: unknown): Directory {
  const one = answered(raw, 'agents', 'teams', 'channels');
  return {
    agents: objects(one.agents)
      .map((agent) => ({
        id: text(agent.id),
        name: apart(text(agent.name) || text(agent.id)),
        department: apart(text(agent.department)),
        email: text(agent.email),
        role: text(agent.role) || 'agent',
        status: agent.status === 'online' || agent.status === 'paused' ? (agent.status as Status) : ('offline' as const),
        teams: texts(agent.teams),
        channels: texts(agent.channels),
        capacity: capacity(agent.capacity),
        disabled: agent.disabled === true,
      }))
      .sort(byName),
    teams: objects(one.teams)
      .map((team) => ({ id: text(team.id), name: apart(text(team.name) || text(team.id)), channels: texts(team.channels), capacity: capacity(team.capacity), disabled: team.disabled === true }))
      .sort(byName),
    channels: objects(one.channels)
      .map((channel) => ({ id: text(channel.id), name: apart(text(channel.name) || text(channel.id)), kind: text(channel.kind), ai: text(channel.ai), disabled: channel.disabled === true }))
      .sort(byName),
  };
}
