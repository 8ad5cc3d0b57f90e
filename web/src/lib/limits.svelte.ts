import { isObject } from '../live/json';
import type { Level } from '../parts/Sign.svelte';
import { Again } from './again';
import { answered } from './answered';
import { session } from './session.svelte';
import { soon } from './soon';
import { limits as usual } from './thresholds';

/** When a number is worth a look, and when it is bad. */
export interface Threshold {
  metric: string;
  channel: string;
  team: string;
  /** In the metric's unit; shares from 0 to 1. */
  warning: number | undefined;
  critical: number | undefined;
  /** Whether more is worse; undefined for what the catalogue says. */
  above: boolean | undefined;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const number = (raw: unknown): number | undefined => (typeof raw === 'number' && Number.isFinite(raw) ? raw : undefined);

export function readThresholds(raw: unknown): { version: number; list: Threshold[] } {
  const one = isObject(raw) ? raw : {};
  const list = Array.isArray(one.thresholds) ? one.thresholds.filter(isObject) : [];
  return {
    version: number(one.version) ?? 0,
    list: list
      .filter((each) => text(each.metric))
      .map((each) => ({
        metric: text(each.metric),
        channel: text(each.channel),
        team: text(each.team),
        warning: number(each.warning),
        critical: number(each.critical),
        above: typeof each.above === 'boolean' ? each.above : undefined,
      })),
  };
}

/** What holds for a metric that nobody has set a threshold for. */
export const usualLimits: readonly Threshold[] = [
  { metric: 'queue_length', ...pair(usual.queue_length.warn, usual.queue_length.crit, true) },
  { metric: 'longest_wait_seconds', ...pair(usual.longest_wait_seconds.warn, usual.longest_wait_seconds.crit, true) },
  { metric: 'blocked_messages', ...pair(usual.blocked_messages.warn, usual.blocked_messages.crit, true) },
  { metric: 'occupancy', ...pair(usual.occupancy.warn / 100, 1, true) },
  { metric: 'reply_rate', ...pair(usual.reply_rate.target / 100, (usual.reply_rate.target - usual.reply_rate.slack) / 100, false) },
  { metric: 'response_rate', ...pair(0.9, 0.8, false) },
  { metric: 'service_level', ...pair(0.8, 0.7, false) },
];

function pair(warning: number, critical: number, above: boolean): Omit<Threshold, 'metric'> {
  return { channel: '', team: '', warning, critical, above };
}

/** What part of the desk a number is of; a list of several is nobody's own. */
export interface Place {
  channel?: readonly string[];
  team?: readonly string[];
}

/** The threshold that holds: the most precise one, else the profile's target, else the usual one. */
export function thresholdFor(list: readonly Threshold[], metric: string, place: Place, target: number | undefined): Threshold | undefined {
  const channel = place.channel?.length === 1 ? place.channel[0] : '';
  const team = place.team?.length === 1 ? place.team[0] : '';
  const fits = list
    .filter((one) => one.metric === metric && (!one.channel || one.channel === channel) && (!one.team || one.team === team))
    .sort((a, b) => weight(b) - weight(a));
  if (fits[0]) return fits[0];
  const base = usualLimits.find((one) => one.metric === metric);
  if (target === undefined) return base;
  const above = base?.above ?? false;
  return { metric, channel: '', team: '', warning: target, critical: above ? target * 2 : Math.max(0, target - 0.1), above };
}

const weight = (one: Threshold): number => (one.channel ? 2 : 0) + (one.team ? 1 : 0);

export interface Judged {
  level: Level;
  /** The limit that was passed. */
  passed: number | undefined;
  above: boolean;
}

/** How a value stands to its threshold; a limit that is just met is not passed. */
export function judge(value: number | undefined, threshold: Threshold | undefined, better?: 'up' | 'down' | 'none'): Judged {
  const above = threshold?.above ?? better !== 'up';
  if (value === undefined || !threshold) return { level: 'none', passed: undefined, above };
  const passes = (limit: number | undefined): boolean => limit !== undefined && (above ? value > limit : value < limit - 1e-12);
  if (passes(threshold.critical)) return { level: 'crit', passed: threshold.critical, above };
  if (passes(threshold.warning)) return { level: 'warn', passed: threshold.warning, above };
  return { level: 'ok', passed: undefined, above };
}

/** How long one has waited, against the limit of the channel and the team where he waits. */
export function judgeWait(seconds: number | undefined, wait: { channel: { id: string }; team: { id: string } }): Judged {
  return judge(seconds, thresholdFor(limits.list, 'longest_wait_seconds', { channel: [wait.channel.id], team: [wait.team.id] }, undefined));
}

const cacheKey = 'floorlight.thresholds';

/** The desk's thresholds; a copy stays with the browser, so that a board has them while the database is away. */
class Limits {
  list = $state.raw<Threshold[]>([]);
  version = $state(0);
  private whose: unknown;
  private readonly again = new Again(() => void this.renew());
  private unfollow: (() => void) | undefined;

  /** Reads them for whoever is signed in now, unless that has been done. */
  load(): void {
    if (!session.me || this.whose === session.me) return;
    this.whose = session.me;
    this.take(this.cached());
    this.again.settled();
    // A connection that opens has them read, so that nothing changes unseen between the two.
    let first = session.live.status !== 'open';
    if (!first) void this.renew();
    this.unfollow?.();
    this.unfollow = session.live.onchanged(({ kind, version }) => {
      if (!kind && first) void this.renew();
      else if (!kind || (kind === 'thresholds' && version !== this.version)) soon(() => void this.renew());
      first = false;
    });
  }

  async renew(): Promise<void> {
    const whose = session.me;
    try {
      const raw = answered(await session.get('/v1/thresholds'), 'thresholds');
      if (session.me !== whose) return;
      this.again.settled();
      this.put(raw);
    } catch (reason) {
      // What was known before holds until they can be read.
      if (session.me === whose) this.again.failed(reason);
    }
  }

  /** Takes what the server has answered. */
  put(raw: unknown): void {
    this.take(raw);
    try {
      localStorage.setItem(`${cacheKey}.${session.me?.tenant ?? ''}`, JSON.stringify(raw));
    } catch {
      // Without storage they are asked for again.
    }
  }

  private take(raw: unknown): void {
    ({ list: this.list, version: this.version } = readThresholds(raw));
  }

  private cached(): unknown {
    try {
      return JSON.parse(localStorage.getItem(`${cacheKey}.${session.me?.tenant ?? ''}`) ?? 'null');
    } catch {
      return undefined;
    }
  }
}

export const limits = new Limits();
