import type { Violation } from '../live/frames';
import { has, prefs, t } from './prefs.svelte';

/** A category's name, or its id where it has none. */
export function categoryName(category: string): string {
  const key = `category.${category}`;
  return has(key) ? t(key) : category || t('category.other');
}

/** What to do about a category, in the visitor's language. */
export function categoryAdvice(category: string): string {
  const key = `todo.${category}`;
  return t(has(key) ? key : 'todo.other');
}

/** A text that the server gives by language, in the visitor's. */
export function ownText(all: Record<string, string> | undefined): string {
  if (!all) return '';
  return (prefs.language === 'zh-CN' ? (all.zh ?? all['zh-CN']) : all.en) ?? all.en ?? Object.values(all)[0] ?? '';
}

/** Why a message broke a rule. */
export function why(violation: Violation): string {
  return ownText(violation.explanation) || categoryName(violation.category);
}

/** A severity in a word. */
export function severityName(severity: string): string {
  const key = `severity.${severity}`;
  return has(key) ? t(key) : severity;
}
