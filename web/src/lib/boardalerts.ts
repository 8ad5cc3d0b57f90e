import { isObject, type JsonObject } from '../live/json';
import type { Entry } from './catalogue';
import { prefs } from './prefs.svelte';
import { tileName } from './tiles';

export interface BoardAlert {
  id: string;
  text: string;
  level: 'warn' | 'crit';
}

/** What the server says, in the viewer's language as far as it knows it. */
function wordsOf(alert: JsonObject): string {
  const own = prefs.language === 'zh-CN' ? alert.text_zh : undefined;
  return typeof own === 'string' ? own : typeof alert.text === 'string' ? alert.text : '';
}

/** What the server warns of, and what stands beyond its limit without a tile of its own. */
export function readAlerts(state: JsonObject | undefined, tiles: readonly string[], catalogue: ReadonlyMap<string, Entry>): BoardAlert[] {
  const all = isObject(state?.alerts) ? Object.entries(state.alerts) : [];
  return all.flatMap(([id, alert]) => {
    if (!isObject(alert)) return typeof alert === 'string' ? [{ id, text: alert, level: 'warn' as const }] : [];
    const metric = typeof alert.metric === 'string' ? alert.metric : '';
    if (metric && tiles.includes(metric)) return [];
    const level = alert.level === 'critical' ? ('crit' as const) : ('warn' as const);
    const text = metric ? tileName(metric, catalogue.get(metric)) : wordsOf(alert);
    return text ? [{ id, text, level }] : [];
  });
}
