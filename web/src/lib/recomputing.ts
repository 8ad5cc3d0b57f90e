import { isObject } from '../live/json';

/** How far numbers are that are computed anew. */
export interface Progress {
  /** What asked for it: a desk's other definitions, or a server that counts in a newer way. */
  for: 'profile' | 'fold';
  /** 0 to 1. */
  share: number;
  /** Undefined while it is not known. */
  secondsLeft: number | undefined;
  /** The definitions that they are computed under, where they are one desk's. */
  profile: string;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const number = (raw: unknown): number | undefined => (typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined);

function progress(raw: Record<string, unknown>): Progress {
  return {
    for: raw.for === 'fold' ? 'fold' : 'profile',
    share: Math.min(1, Math.max(0, (number(raw.percent) ?? 0) / 100)),
    secondsLeft: number(raw.seconds_left),
    profile: text(raw.profile),
  };
}

/** Reads what /readyz says of it: the update of the whole server, and whether any desk has other definitions. */
export function readRecomputing(raw: unknown): { update: Progress | undefined; definitions: boolean } {
  const list = (Array.isArray(raw) ? raw : []).filter(isObject);
  const update = list.find((one) => one.for === 'fold');
  return { update: update && progress(update), definitions: list.some((one) => one.for === 'profile') };
}

/** Reads GET /v1/refold: undefined where the desk's last one has ended. */
export function readRefold(raw: unknown): Progress | undefined {
  if (!isObject(raw) || (raw.state !== 'running' && raw.state !== 'switched')) return undefined;
  return progress(raw);
}
