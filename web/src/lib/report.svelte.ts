import { untrack } from 'svelte';
import { Again } from './again';
import { readAnswer, type Answer } from './answer';
import { desk } from './desk.svelte';
import { ask } from './flight';
import { making } from './making.svelte';
import { useOverdue } from './overdue.svelte';
import { pulse } from './pulse.svelte';
import { filterFields, query } from './query.svelte';
import { renewal } from './renewal.svelte';
import { session } from './session.svelte';

/** Something that is asked for over HTTP, as a component sees it. */
export interface Load<T> {
  /** The last good answer; it stays up while the next one is on its way. */
  readonly data: T | undefined;
  readonly error: unknown;
  /** Whether an answer is on its way that the visitor has asked for. */
  readonly loading: boolean;
  retry(): void;
}

/**
 * Asks for an address while the component is up, and again when it changes; the
 * last question wins. `undefined` asks nothing. To be called while a component is set up.
 */
export function useLoad<T>(address: () => string | undefined, read: (raw: unknown) => T): Load<T> {
  let data = $state.raw<T | undefined>(undefined);
  let error = $state.raw<unknown>(undefined);
  let loading = $state(false);
  let again = $state(0);
  const tries = new Again(() => again++);
  let shown: string | undefined;
  let before: string | undefined;
  const late = useOverdue();
  const wanted = $derived(address());

  $effect(() => {
    const path = wanted;
    void again;
    void session.renewed;
    if (path === undefined) {
      data = undefined;
      error = undefined;
      loading = false;
      shown = undefined;
      late(false);
      return;
    }
    // How often another question has failed says nothing of this one.
    if (path !== before) tries.settled();
    before = path;
    const stop = new AbortController();
    loading = path !== shown || untrack(() => error) !== undefined;
    ask(path, stop.signal).then(read).then(
      (got) => {
        if (stop.signal.aborted) return;
        tries.settled();
        data = got;
        error = undefined;
        loading = false;
        shown = path;
        late(false);
      },
      (reason: unknown) => {
        if (stop.signal.aborted) return;
        // A repetition in the background that fails leaves what is shown, and the page says so.
        late(path === shown);
        if (path !== shown) {
          data = undefined;
          error = reason;
        }
        loading = false;
        // What stands there instead of an answer, or is older than it would be, goes by itself.
        tries.failed(reason);
      },
    );
    return () => {
      stop.abort();
      tries.stop();
    };
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get loading() {
      return loading;
    },
    retry: () => again++,
  };
}

/** A question to the reports beyond the range and the filters that the page's address holds. */
export interface Question {
  metrics: readonly string[];
  by?: readonly string[];
  compare?: boolean;
  /** Filters of this question alone, over those of the address. */
  filter?: Record<string, string>;
}

/** How often a report that reaches into today is brought up to date, if anything has happened. */
const renewEvery = 60_000;

/** The address of a question; undefined where the server knows none of its metrics. */
export function metricsAddress(question: Question, suffix = ''): string | undefined {
  const by = question.by ?? [];
  const known = desk.reportable(question.metrics, ...by);
  if (known.length === 0) return undefined;
  const params = new URLSearchParams({ metric: known.join(','), from: query.range.from, to: query.range.to });
  if (by.length) params.set('by', by.join(','));
  if (question.compare) params.set('compare', 'previous');
  for (const field of filterFields) if (query.filter[field].length) params.set(field, query.filter[field].join(','));
  for (const [name, value] of Object.entries(question.filter ?? {})) params.set(name, value);
  return `/v1/metrics${suffix}?${params}`;
}

/** The messages that rules blocked or flagged, in the page's range and filters. */
export function violationsAddress(suffix = '', more: Record<string, string> = {}): string {
  const params = new URLSearchParams({ from: query.range.from, to: query.range.to, ...more });
  for (const field of filterFields) if (query.filter[field].length) params.set(field, query.filter[field].join(','));
  return `/v1/violations${suffix}?${params}`;
}

/**
 * A report for the page's range and filters. One that reaches into today is
 * renewed when the server has said that something happened.
 */
export function useReport(question: () => Question | undefined): Load<Answer> {
  const load = useLoad(() => {
    const wanted = desk.known ? question() : undefined;
    return wanted && metricsAddress(wanted);
  }, readAnswer);

  renewed(load);
  return load;
}

/**
 * Asks again for what reaches into today, when the server has said that
 * something happened, and for everything when it was computed anew. To be
 * called while a component is set up.
 */
export function renewed(load: Load<{ to: string; seq: number }>): void {
  const ended = $derived(renewal.ended + making.ended);
  let known = untrack(() => ended);
  $effect(() => {
    if (ended === known) return;
    known = ended;
    load.retry();
  });

  const minute = $derived(Math.floor(pulse.second / renewEvery));
  let asked = untrack(() => minute);
  $effect(() => {
    const { data } = load;
    if (minute === asked || !data || data.to < query.today || document.visibilityState !== 'visible') return;
    asked = minute;
    if (session.live.seq > data.seq) load.retry();
  });
}
