import { isObject, type JsonObject } from '../live/json';
import type { Entry } from './catalogue';
import { judge, type Place, type Threshold } from './limits.svelte';
import { apart } from './personname';
import { prefs, t } from './prefs.svelte';
import { passedText, unitOf } from './standing';
import { tileName } from './tiles';

export interface BoardAlert {
  id: string;
  text: string;
  /** The end of the text, that is read last and must not be cut: the limit. */
  state: string;
  level: 'warn' | 'crit';
}

/** The board that is told. */
export interface Told {
  tiles: readonly string[];
  place: Place;
  thresholds: readonly Threshold[];
  catalogue: ReadonlyMap<string, Entry>;
}

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

/** What the server says, in the viewer's language as far as it knows it. */
const wordsOf = (alert: JsonObject): string => (prefs.language === 'zh-CN' && text(alert.text_zh)) || text(alert.text);

/** A limit that was passed: of what, where, and which; the place is not named where it is the board's own. */
function passed(alert: JsonObject, metric: string, own: boolean, { thresholds, catalogue }: Told): Pick<BoardAlert, 'text' | 'state'> {
  const entry = catalogue.get(metric);
  const channel = text(alert.channel);
  const team = text(alert.team);
  const named = own ? [] : [text(alert.channel_name) || channel, text(alert.team_name) || team].map(apart);
  const what = [tileName(metric, entry), ...named].filter(Boolean).join(' · ');
  if (typeof alert.limit !== 'number') return { text: what, state: '' };
  const threshold = thresholds.find((one) => one.metric === metric && one.channel === channel && one.team === team);
  const { above } = judge(undefined, threshold, entry?.better);
  const state = t('board.alert', { what: '', state: passedText(alert.limit, above, unitOf(metric, {}, entry)) });
  return { text: what + state, state };
}

/** Whether a list of a place holds one; where it is empty, it holds them all. */
const holds = (list: readonly string[] | undefined, id: string): boolean => !list?.length || list.includes(id);
/** Whether it holds nothing else. */
const isAll = (list: readonly string[] | undefined, id: string): boolean => (list?.length ? list.length === 1 && list[0] === id : id === '');

/**
 * What the server warns of, the gravest first: a limit that is passed in the
 * board's place, unless a tile shows that number of exactly that place.
 */
export function readAlerts(state: JsonObject | undefined, told: Told): BoardAlert[] {
  const all = isObject(state?.alerts) ? Object.entries(state.alerts) : [];
  const alerts = all.flatMap(([id, alert]): BoardAlert[] => {
    if (!isObject(alert)) return typeof alert === 'string' ? [{ id, text: alert, state: '', level: 'warn' }] : [];
    const level = alert.level === 'critical' ? 'crit' : 'warn';
    const metric = text(alert.metric);
    if (!metric) return wordsOf(alert) ? [{ id, text: wordsOf(alert), state: '', level }] : [];
    const [channel, team] = [text(alert.channel), text(alert.team)];
    if (!holds(told.place.channel, channel) || !holds(told.place.team, team)) return [];
    const own = isAll(told.place.channel, channel) && isAll(told.place.team, team);
    return own && told.tiles.includes(metric) ? [] : [{ id, ...passed(alert, metric, own, told), level }];
  });
  return alerts.sort((a, b) => Number(b.level === 'crit') - Number(a.level === 'crit'));
}
