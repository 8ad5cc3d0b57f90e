import { passing, Refused, TokenEnded } from '../live/refusal';
import { Unreadable } from './answered';
import { t } from './prefs.svelte';
import { HttpError } from './session.svelte';

/** What went wrong, in the visitor's words, and what may help. */
export interface Problem {
  text: string;
  /** Whether it was the parameters: another range or filter may do. */
  asked: boolean;
  /** Whether the question itself was at fault: it is not asked again by itself, for it gets the same answer. */
  final: boolean;
}

/** Refusals that are not the question's fault: too slow, too early, too much. */
const passingStatus = [408, 425, 429];

/** Whether the server will answer by itself in a moment. */
export const isStarting = (reason: unknown): boolean => (reason instanceof HttpError || reason instanceof Refused) && reason.code === 'not_ready';

/** In how many milliseconds something is asked for again that has failed so often before; undefined where that is of no use. */
export function againAfter(reason: unknown, before: number): number | undefined {
  if (isStarting(reason)) return 3_000;
  if (problemOf(reason).final) return undefined;
  const asked = reason instanceof HttpError ? reason.after * 1_000 : 0;
  return Math.max(asked, Math.min(30_000, 5_000 * 2 ** before));
}

export function problemOf(reason: unknown): Problem {
  if (reason instanceof TokenEnded) return { text: t('ended.text'), final: true, asked: false };
  if (isStarting(reason)) return { text: t('problem.starting'), final: false, asked: false };
  if (reason instanceof Refused) {
    const text = reason.code === 'forbidden' ? t('problem.forbidden') : t('problem.refused', { message: reason.message || reason.code });
    return { text, final: !passing.has(reason.code), asked: false };
  }
  if (reason instanceof HttpError) {
    if (reason.status === 403) return { text: t('problem.forbidden'), final: true, asked: false };
    if (reason.status === 404 && !reason.code) return { text: t('problem.missing'), final: true, asked: false };
    if (reason.status >= 500) return { text: t('problem.unavailable'), final: false, asked: false };
    return { text: t('problem.refused', { message: reason.message }), final: !passingStatus.includes(reason.status), asked: reason.status === 400 || reason.status === 422 };
  }
  if (reason instanceof Unreadable) return { text: t('problem.unreadable'), final: false, asked: false };
  return { text: t('problem.network'), final: false, asked: false };
}
