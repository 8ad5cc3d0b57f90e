import type { Entry } from './catalogue';
import { count, type Metric } from './format';
import { judge, thresholdFor, type Judged, type Place, type Threshold } from './limits.svelte';
import { prefs, t } from './prefs.svelte';
import type { Board } from './states';

type Unit = Entry['unit'];

/** How a number stands to its limit, and what is said of it. */
export interface Standing extends Judged {
  threshold: Threshold | undefined;
  /** The state in a word; empty where nobody has an opinion. */
  word: string;
  /** What the number is measured by: limit 5, target 95 %. */
  target: string;
  /** Both as one phrase: what it is measured by, or how it is beyond that. */
  said: string;
}

/** What a number is held against. */
export interface Measure {
  board: Pick<Board, 'target'> | undefined;
  entry: Entry | undefined;
  place: Place;
  thresholds: readonly Threshold[];
}

/** The unit of a metric that the catalogue is not at hand for. */
export function unitOf(id: string, metric: Metric, entry: Entry | undefined): Unit {
  if (entry) return entry.unit;
  if (metric.money) return 'money';
  if (/_rate$|^service_level$|^occupancy$|^assist_accuracy$/.test(id)) return 'ratio';
  return /_seconds$|^avg_/.test(id) ? 'seconds' : 'count';
}

/** A share as it is said of a limit: without decimals that say nothing. */
const share = (value: number): string => `${Number((value * 100).toFixed(2))}%`;

function lasting(seconds: number): string {
  return seconds >= 60 && seconds % 60 === 0 ? t('unit.minutes', { n: seconds / 60 }) : t('unit.seconds', { n: seconds });
}

/** A limit as it is written. */
export function limitText(value: number, unit: Unit): string {
  return unit === 'ratio' ? share(value) : unit === 'seconds' ? lasting(value) : count(value, prefs.language);
}

/** A limit that was passed, in words: over 5, under 3. */
export function passedText(limit: number, above: boolean, unit: Unit): string {
  return t(above ? 'state.over' : 'state.under', { limit: limitText(limit, unit) });
}

/** The exact value of a share, or the value as it is. */
export function exactly(metric: Metric | undefined): number | undefined {
  if (!metric) return undefined;
  return metric.num !== undefined && metric.den ? metric.num / metric.den : metric.value;
}

/** How a metric's exact value stands to the limit of its place. */
export function standing(id: string, metric: Metric, value: number | undefined, measure: Measure): Standing {
  const unit = unitOf(id, metric, measure.entry);
  const percent = measure.board?.target(id);
  const wanted = percent === undefined ? undefined : unit === 'ratio' ? percent / 100 : percent > 1 ? percent : undefined;
  const threshold = thresholdFor(measure.thresholds, id, measure.place, wanted);
  const judged = judge(value, threshold, measure.entry?.better);
  const first = threshold?.warning ?? threshold?.critical;
  const limit = first === undefined ? '' : limitText(first, unit);
  const target = limit && t(judged.above ? 'board.limit' : 'board.target', { limit, target: limit });
  const word = wordOf(judged, unit);
  // A share that misses its target does not say which one.
  const said = judged.passed === undefined ? target : unit === 'ratio' && !judged.above ? `${word} ${limit}` : word;
  return { ...judged, threshold, word, target, said };
}

function wordOf({ level, passed, above }: Judged, unit: Unit): string {
  if (level === 'none') return '';
  if (passed === undefined) return t(above ? 'state.within' : 'state.onTarget');
  if (unit === 'ratio' && !above) return t(level === 'crit' ? 'state.farBelow' : 'state.below');
  return passedText(passed, above, unit);
}
