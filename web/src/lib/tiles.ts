import type { Level } from '../parts/Sign.svelte';
import type { Entry } from './catalogue';
import { clock, count, duration, percent, since, undefinedSign, type Metric } from './format';
import { judge, thresholdFor } from './limits.svelte';
import { has, own, prefs, t } from './prefs.svelte';
import { categoryName } from './ruletext';
import { valueAt, type Point } from './series';
import { exactly, standing, unitOf, type Measure } from './standing';
import { everyoneHasChats, type Board, type Strip } from './states';
import { durationParts, parts } from './value';

/** What a tile shows. */
export interface Face {
  label: string;
  figure: string;
  small: string;
  second: string;
  last: string;
  level: Level;
  word: string;
  target: string;
  sub: string;
}

/** What a tile is made from. */
export interface Scene extends Measure {
  board: Board | undefined;
  strip: Strip | undefined;
  now: number;
  points: readonly Point[];
  /** Blocked messages of today by category, where the server says. */
  categories: Record<string, number>;
}

type Unit = Entry['unit'];

/** The name of a tile: the board's own words, else the catalogue's. */
export function tileName(id: string, entry: Entry | undefined): string {
  const key = `tile.${id}`;
  return has(key) ? t(key) : own(entry?.name) || id;
}

/** The exact value that is judged, and drawn as a line. */
export function valueOf(id: string, metric: Metric | undefined, now: number): number | undefined {
  if (!metric) return undefined;
  return id === 'longest_wait_seconds' ? since(metric.since, now) : exactly(metric);
}

/** What a tile shows now. */
export function faceOf(id: string, scene: Scene): Face {
  const { board, entry } = scene;
  const metric = board?.metric(id) ?? {};
  const unit = unitOf(id, metric, entry);
  const value = valueOf(id, metric, scene.now);
  const { level, word, target } = standing(id, metric, value, scene);
  const face: Face = { label: tileName(id, entry), ...figureOf(metric, unit, value, board), level, word, target, sub: '' };
  return special[id]?.(face, scene, metric) ?? { ...face, sub: usualSub(metric, unit) };
}

/** A number with nothing beside it. */
const bare = { small: '', second: '', last: '' };

function figureOf(metric: Metric, unit: Unit, value: number | undefined, board: Board | undefined): Pick<Face, 'figure' | 'small' | 'second' | 'last'> {
  switch (unit) {
    case 'ratio': {
      const figure = percent(metric, board?.decimals ?? 1);
      return { ...bare, figure, small: figure === undefinedSign ? '' : '%' };
    }
    case 'seconds': {
      const { text, parts: long } = duration(value, prefs.language);
      return long ? { figure: long.hours, small: long.hour, second: long.minutes, last: long.minute } : { ...bare, figure: text };
    }
    case 'money': {
      const [one, ...more] = parts(metric, 'money', { language: prefs.language, decimals: 0, timezone: undefined });
      return { ...bare, figure: one?.text ?? undefinedSign, small: more.length ? `+ ${more.length}` : '' };
    }
    case 'time':
      return { ...bare, figure: clock(metric.time, board?.timezone) };
    default:
      return { ...bare, figure: count(value, prefs.language) };
  }
}

function usualSub(metric: Metric, unit: Unit): string {
  if (unit === 'ratio' && metric.den) return t('board.ofToday', { num: count(metric.num, prefs.language), den: count(metric.den, prefs.language) });
  if (unit === 'seconds' && metric.den) return t('board.times', { n: count(metric.den, prefs.language) });
  return '';
}

type Special = (face: Face, scene: Scene, metric: Metric) => Face;
const whole = (scene: Scene, id: string): number | undefined => scene.board?.metric(id).value;

/** What some numbers have to say beyond themselves. */
const special: Record<string, Special> = {
  queue_length(face, scene) {
    const queue = whole(scene, 'queue_length');
    const before = valueAt(scene.points, scene.now - 3_600_000);
    let sub = '';
    if (queue !== undefined && before !== undefined) {
      const more = queue - before;
      sub = more > 0 ? t('board.more', { n: more }) : more < 0 ? t('board.fewer', { n: -more }) : t('board.same');
    }
    return { ...face, sub };
  },
  longest_wait_seconds(face, scene, metric) {
    const nobody = scene.board !== undefined && metric.since === undefined;
    if (nobody) return { ...face, level: 'ok', word: t('state.free'), sub: t('board.nobodyWaits') };
    return { ...face, sub: [metric.channel_name, metric.team_name].filter(Boolean).join(' · ') };
  },
  reply_rate(face, scene, metric) {
    return { ...face, sub: metric.den ? usualSub(metric, 'ratio') : scene.board ? t('board.noReplies') : '' };
  },
  active_chats(face, scene) {
    const active = whole(scene, 'active_chats');
    const places = whole(scene, 'capacity');
    const bots = whole(scene, 'bot_chats');
    const full = active !== undefined && places ? active / places : undefined;
    const own = thresholdFor(scene.thresholds, 'active_chats', scene.place, undefined);
    const { level } = own ? face : judge(full === undefined ? undefined : full >= 1 ? 2 : full, thresholdFor(scene.thresholds, 'occupancy', scene.place, undefined), 'down');
    const word = own ? face.word : level === 'crit' ? t('state.full') : level === 'warn' ? t('state.nearlyFull') : level === 'ok' ? t('state.room') : '';
    return {
      ...face,
      level,
      word,
      target: places ? t('board.places', { n: count(places, prefs.language) }) : '',
      sub: bots ? t('board.bots', { n: count(bots, prefs.language) }) : '',
    };
  },
  online_agents(face, scene) {
    const online = whole(scene, 'online_agents');
    const total = whole(scene, 'total_agents');
    const busy = whole(scene, 'agents_with_active_chats');
    const paused = whole(scene, 'paused_agents');
    const own = thresholdFor(scene.thresholds, 'online_agents', scene.place, undefined);
    // Who is paused keeps the chats that they have, so the figures alone cannot tell whether somebody online is free.
    const level: Level = own ? face.level : online === undefined || !total ? 'none' : online === 0 ? 'crit' : everyoneHasChats(scene.strip?.agents ?? []) ? 'warn' : 'ok';
    const word = own ? face.word : level === 'crit' ? t('state.nobody') : level === 'warn' ? t('state.allBusy') : level === 'ok' ? t('state.staffed') : '';
    return {
      ...face,
      level,
      word,
      small: total === undefined ? '' : `/ ${count(total, prefs.language)}`,
      target: paused ? t('board.paused', { n: count(paused, prefs.language) }) : '',
      sub: busy === undefined ? '' : t('board.busy', { n: count(busy, prefs.language) }),
    };
  },
  blocked_messages(face, scene) {
    const categories = Object.entries(scene.categories)
      .filter(([, n]) => n > 0)
      .sort((a, b) => b[1] - a[1])
      .slice(0, 2)
      .map(([category, n]) => `${count(n, prefs.language)} ${categoryName(category)}`);
    const flagged = whole(scene, 'flagged_messages');
    const risky = whole(scene, 'risky_chats');
    const others = [flagged ? t('board.flagged', { n: flagged }) : '', risky ? t('board.risky', { n: risky }) : ''].filter(Boolean);
    return { ...face, sub: (categories.length ? categories : others).join(' · ') };
  },
  service_level(face, scene, metric) {
    return { ...face, sub: metric.den ? usualSub(metric, 'ratio') : scene.board ? t('board.noReplies') : '' };
  },
  avg_first_response(face, _scene, metric) {
    const [one] = durationParts(metric.value, prefs.language);
    return { ...face, sub: one && metric.den ? t('board.times', { n: count(metric.den, prefs.language) }) : '' };
  },
};
