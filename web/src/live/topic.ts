import type { Filter } from './frames';
import type { JsonObject } from './json';
import type { Refused } from './refusal';

/** What is known of a topic. `state` stays up through a disconnect: it is only older then. */
export interface View {
  state: JsonObject | undefined;
  epoch: string;
  version: number;
  seq: number;
  at: string;
  error: Refused | undefined;
}

/** One topic with its filter, shared by everybody on the page who watches it. */
export class Topic {
  view: View = { state: undefined, epoch: '', version: 0, seq: 0, at: '', error: undefined };
  readonly watchers = new Set<(view: View) => void>();
  /** The id of the subscription on the present connection, 0 without one. */
  sub = 0;
  /** Whether that subscription asked for what was missed only. */
  resumed = false;
  cancelRetry: (() => void) | undefined;

  constructor(
    readonly key: string,
    readonly name: string,
    readonly filter: Filter | undefined,
  ) {}

  show(change: Partial<View>): void {
    this.view = { ...this.view, ...change };
    for (const watcher of this.watchers) watcher(this.view);
  }
}

/** One name for a topic and its filter, however the filter's values are ordered. */
export function topicKey(name: string, filter: Filter | undefined): string {
  return `${name} ${filter ? JSON.stringify(cleanFilter(filter)) : '{}'}`;
}

/** The filter with its values sorted and without empty lists, as the server names it. */
export function cleanFilter(filter: Filter): JsonObject {
  const out: JsonObject = {};
  for (const field of ['agent', 'channel', 'team'] as const) {
    const values = filter[field];
    if (values?.length) out[field] = [...new Set(values)].sort();
  }
  return out;
}
