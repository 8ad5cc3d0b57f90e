import { isObject, type Json, type JsonObject } from '../live/json';
import { readViolations, type Violation } from '../live/frames';
import { answered, objectsOf, Unreadable } from './answered';
import { apart } from './personname';

/** A rule as it is in force, or as it would be. */
export interface Rule {
  id: string;
  category: string;
  severity: string;
  direction: string;
  disabled: boolean;
  explanation: Record<string, string>;
  advice: Record<string, string>;
  phrases: string[];
  patterns: string[];
  detectors: string[];
  unless: string[];
  allow: string[];
}

/** A desk's rules: what is changed about its preset's, and all that it comes to. */
export interface RuleSet {
  version: number;
  at: string;
  by: string;
  preset: string;
  set: JsonObject;
  rules: Rule[];
}

const text = (raw: Json | undefined): string => (typeof raw === 'string' ? raw : '');
const texts = (raw: Json | undefined): string[] => (Array.isArray(raw) ? raw.filter((one): one is string => typeof one === 'string') : []);
const both = (raw: Json | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(isObject(raw) ? raw : {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
const objects = (raw: Json | undefined): JsonObject[] => (Array.isArray(raw) ? raw.filter(isObject) : []);

export function readRule(one: JsonObject): Rule {
  return {
    id: text(one.id),
    category: text(one.category),
    severity: text(one.severity),
    direction: text(one.direction) || 'to_customer',
    disabled: one.disabled === true,
    explanation: both(one.explanation),
    advice: both(one.advice),
    phrases: texts(one.phrases),
    patterns: texts(one.patterns),
    detectors: objects(one.detectors).map((detector) => text(detector.name)),
    unless: texts(one.unless),
    allow: texts(one.allow),
  };
}

export function readRuleSet(raw: unknown): RuleSet {
  const one = answered(raw, 'rules');
  return {
    version: typeof one.version === 'number' ? one.version : 0,
    at: text(one.at),
    by: text(one.by),
    preset: text(one.preset),
    set: isObject(one.set) ? one.set : {},
    rules: objects(one.rules).map(readRule),
  };
}

/** What a rule's form holds. */
export type RuleEdit = Omit<Rule, 'detectors'>;

/** Whether a rule is the desk's own, and not one of its preset's. */
export const isOwn = (set: JsonObject, id: string): boolean => objects(set.rules).some((rule) => rule.id === id);

export const isChanged = (set: JsonObject, id: string): boolean => objects(set.changes).some((change) => change.id === id);

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, place) => one === b[place]);
const without = (list: readonly string[], other: readonly string[]): string[] => list.filter((one) => !other.includes(one));
const filled = (one: Record<string, string>): Record<string, string> | undefined => (one.en?.trim() || one.zh?.trim() ? { en: one.en ?? '', zh: one.zh ?? '' } : undefined);

/**
 * The set with a rule as its form says. A rule of the preset keeps what is not
 * changed; `before` is how it is in force now, with the changes of the set.
 */
export function withRule(set: JsonObject, before: Rule | undefined, edit: RuleEdit): JsonObject {
  if (before && !isOwn(set, before.id)) {
    const known = objects(set.changes).find((change) => change.id === before.id) ?? { id: before.id };
    const change: JsonObject = { ...known };
    if (edit.disabled !== before.disabled) change.disabled = edit.disabled;
    if (edit.severity !== before.severity) change.severity = edit.severity;
    if (edit.direction !== before.direction) change.direction = edit.direction;
    for (const field of ['explanation', 'advice'] as const) {
      const said = filled(edit[field]);
      if (said && ((edit[field].en ?? '') !== (before[field].en ?? '') || (edit[field].zh ?? '') !== (before[field].zh ?? ''))) change[field] = said;
    }
    for (const field of ['phrases', 'patterns', 'unless', 'allow'] as const) {
      if (same(edit[field], before[field])) continue;
      const mine = texts(known[`add_${field}`]);
      const gone = without(before[field], edit[field]);
      const added = [...without(mine, gone), ...without(edit[field], before[field])];
      if (added.length) change[`add_${field}`] = added;
      else delete change[`add_${field}`];
      // Of the preset's own words only phrases can be taken out.
      const dropped = without(gone, mine);
      if (field === 'phrases' && dropped.length) change.drop_phrases = [...new Set([...texts(known.drop_phrases), ...dropped])];
    }
    return { ...set, changes: [...objects(set.changes).filter((one) => one.id !== before.id), ...(Object.keys(change).length > 1 ? [change] : [])] };
  }
  const old = objects(set.rules).find((rule) => rule.id === (before?.id ?? edit.id)) ?? {};
  const rule: JsonObject = { ...old, id: edit.id, category: edit.category, severity: edit.severity, explanation: filled(edit.explanation) ?? {} };
  const advice = filled(edit.advice);
  if (advice) rule.advice = advice;
  else delete rule.advice;
  if (edit.direction !== 'to_customer') rule.direction = edit.direction;
  else delete rule.direction;
  if (edit.disabled) rule.disabled = true;
  else delete rule.disabled;
  for (const field of ['phrases', 'patterns', 'unless', 'allow'] as const) {
    if (edit[field].length) rule[field] = edit[field];
    else delete rule[field];
  }
  const others = objects(set.rules).filter((one) => one.id !== edit.id && one.id !== before?.id);
  return { ...set, rules: [...others, rule] };
}

/** The set without a rule of the desk's own, or without what is changed about one of the preset's. */
export function withoutRule(set: JsonObject, id: string): JsonObject {
  return {
    ...set,
    rules: objects(set.rules).filter((rule) => rule.id !== id),
    changes: objects(set.changes).filter((change) => change.id !== id),
  };
}

/** What the rules say to a text. */
export interface Trial {
  verdict: string;
  rules: string[];
  violations: Violation[];
}

export function readTrial(raw: unknown): Trial {
  const one = isObject(raw) ? raw : {};
  return { verdict: text(one.verdict), rules: texts(one.rules), violations: readViolations(one.violations) };
}

/** What rules would have done to the messages of the past. */
export interface Backtest {
  id: string;
  state: string;
  error: string;
  by: string;
  started: string;
  days: number;
  draft: boolean;
  done: number;
  total: number;
  blocked: number;
  flagged: number;
  newly: number;
  noLonger: number;
  byRule: { id: string; blocked: number; flagged: number; newly: number }[];
  byAgent: { id: string; blocked: number; flagged: number; newly: number }[];
  samples: { conversation: string; message: string; at: string; agent: string; text: string; verdict: string; was: boolean; violations: Violation[] }[];
}

const number = (raw: Json | undefined): number => (typeof raw === 'number' ? raw : 0);

export function readBacktest(raw: unknown): Backtest {
  const one = answered(raw);
  if (!text(one.state)) throw new Unreadable('the answer is no run');
  const counts = (row: JsonObject, id: string) => ({ id: text(row[id]), blocked: number(row.blocked), flagged: number(row.flagged), newly: number(row.newly_blocked) });
  return {
    id: text(one.id),
    state: text(one.state),
    error: text(one.error),
    by: text(one.by),
    started: text(one.started_at),
    days: number(one.days),
    draft: one.draft === true,
    done: number(one.done),
    total: number(one.total),
    blocked: number(one.blocked),
    flagged: number(one.flagged),
    newly: number(one.newly_blocked),
    noLonger: number(one.no_longer_blocked),
    byRule: objects(one.by_rule).map((row) => counts(row, 'rule')),
    byAgent: objects(one.by_agent).map((row) => counts(row, 'agent')),
    samples: objects(one.samples).map((row) => ({
      conversation: text(row.conversation),
      message: text(row.message),
      at: text(row.at),
      agent: isObject(row.from) ? text(row.from.id) : '',
      text: text(row.text),
      verdict: text(row.verdict),
      was: row.was_blocked === true,
      violations: readViolations(row.violations),
    })),
  };
}

/** Reads GET /v1/rules/backtests: the one that was begun last. */
export function readLastBacktest(raw: unknown): Backtest | undefined {
  const all = objectsOf(raw, 'backtests').map(readBacktest);
  return all.sort((a, b) => Date.parse(b.started) - Date.parse(a.started))[0];
}

/** A blocked message that its author disputes. */
export interface Dispute {
  key: string;
  conversation: string;
  message: string;
  agent: string;
  agentName: string;
  at: string;
  blocked: string;
  text: string;
  comment: string;
  violations: Violation[];
  decision: string;
  decidedAt: string;
  by: string;
  reason: string;
  released: boolean;
  allowed: string[];
}

function readDispute(one: JsonObject): Dispute {
  return {
    key: `${text(one.conversation)}/${text(one.message)}`,
    conversation: text(one.conversation),
    message: text(one.message),
    agent: text(one.agent),
    agentName: apart(text(one.agent_name) || text(one.agent)),
    at: text(one.at),
    blocked: text(one.blocked),
    text: text(one.text),
    comment: text(one.comment),
    violations: readViolations(one.violations),
    decision: text(one.decision),
    decidedAt: text(one.decided_at),
    by: apart(text(one.by)),
    reason: text(one.reason),
    released: one.released === true,
    allowed: texts(one.allowed),
  };
}

/** The disputes that wait for a decision, the oldest first. */
export function readOpenDisputes(state: JsonObject | undefined): { total: number; list: Dispute[] } | undefined {
  if (!state) return undefined;
  const list = Object.values(isObject(state.open) ? state.open : {}).filter(isObject).map(readDispute);
  list.sort((a, b) => (a.at < b.at ? -1 : 1));
  return { total: typeof state.total === 'number' ? state.total : list.length, list };
}

/** Reads GET /v1/disputes. */
export function readDisputes(raw: unknown): Dispute[] {
  return objectsOf(raw, 'items').map(readDispute);
}

export interface RuleVersion {
  version: number;
  at: string;
  by: string;
}

export function readVersions(raw: unknown): RuleVersion[] {
  return objectsOf(raw, 'versions').map((one) => ({ version: number(one.version), at: text(one.at), by: text(one.by) }));
}

/** One thing that a version has changed about one rule, or about what all of them let pass. */
export type RuleChange =
  | { rule: string; kind: 'added' | 'removed' | 'on' | 'off' | 'texts' }
  | { rule: string; kind: 'effect'; from: string; to: string }
  | { rule: string; kind: 'words'; more: string[]; fewer: string[] }
  | { rule: ''; kind: 'pass'; more: string[]; fewer: string[] };

/** What has changed from one version of the rules to another. */
export function changesBetween(before: RuleSet, after: RuleSet): RuleChange[] {
  const out: RuleChange[] = [];
  const old = new Map(before.rules.map((rule) => [rule.id, rule]));
  for (const rule of after.rules) {
    const was = old.get(rule.id);
    old.delete(rule.id);
    if (was) out.push(...changesOf(was, rule));
    else out.push({ rule: rule.id, kind: 'added' });
  }
  out.push(...[...old.keys()].map((rule) => ({ rule, kind: 'removed' as const })));
  const [then, now] = [texts(before.set.allow), texts(after.set.allow)];
  if (!same(then, now)) out.push({ rule: '', kind: 'pass', more: without(now, then), fewer: without(then, now) });
  return out;
}

function changesOf(was: Rule, is: Rule): RuleChange[] {
  const out: RuleChange[] = [];
  const rule = is.id;
  if (was.disabled !== is.disabled) out.push({ rule, kind: is.disabled ? 'off' : 'on' });
  if (was.severity !== is.severity) out.push({ rule, kind: 'effect', from: was.severity, to: is.severity });
  const words = (one: Rule): string[] => [...one.phrases, ...one.patterns, ...one.unless, ...one.allow];
  const [more, fewer] = [without(words(is), words(was)), without(words(was), words(is))];
  if (more.length + fewer.length) out.push({ rule, kind: 'words', more, fewer });
  const said = (one: Rule): string => JSON.stringify([one.explanation, one.advice, one.category, one.direction]);
  if (said(was) !== said(is)) out.push({ rule, kind: 'texts' });
  return out;
}
