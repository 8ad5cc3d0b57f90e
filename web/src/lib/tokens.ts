import { isObject } from '../live/json';
import { objectsOf } from './answered';
import { session } from './session.svelte';

/** What is kept of a token: who bears it and what it may, never itself. */
export interface Issued {
  id: string;
  role: string;
  user: string;
  board: string;
  teams: string[];
  channels: string[];
  expires: string;
  made: string;
  by: string;
  revoked: string;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const texts = (raw: unknown): string[] => (Array.isArray(raw) ? raw.filter((one): one is string => typeof one === 'string') : []);

function readIssued(one: Record<string, unknown>): Issued {
  return {
    id: text(one.id),
    role: text(one.role),
    user: text(one.user),
    board: text(one.board),
    teams: texts(one.teams),
    channels: texts(one.channels),
    expires: text(one.expires_at),
    made: text(one.made_at),
    by: text(one.by),
    revoked: text(one.revoked_at),
  };
}

/** Reads GET /v1/tokens: those that were made here, the newest first, those that have ended last. */
export function readTokens(raw: unknown): Issued[] {
  const list = objectsOf(raw, 'tokens').map(readIssued);
  return list.sort((a, b) => Number(Boolean(a.revoked)) - Number(Boolean(b.revoked)) || (a.made < b.made ? 1 : -1));
}

/** Makes a link for a screen, and gives its address; nobody can ever have it again. */
export async function makeLink(name: string, board: string, days: number): Promise<string> {
  const raw = await session.send('POST', '/v1/kiosks', { name, ...(board ? { board } : {}), ...(days ? { days } : {}) });
  return isObject(raw) ? location.origin + text(raw.path) : '';
}

export async function endToken(id: string): Promise<void> {
  await session.send('DELETE', `/v1/tokens/${encodeURIComponent(id)}`);
}
