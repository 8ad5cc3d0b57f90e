import { dayIn, hourIn, rangeOf, readRange, type Asked, type Day, type Preset } from './days';
import { desk } from './desk.svelte';
import { pulse } from './pulse.svelte';
import { listIn, listOut, router } from './router.svelte';

/** What a report can be narrowed by in the filter bar. */
export const filterFields = ['channel', 'team', 'agent', 'intent'] as const;
export type FilterField = (typeof filterFields)[number];
export type Filters = Record<FilterField, string[]>;

/** What goes along when a visitor goes from one report to another. */
const carried = ['range', 'from', 'to', ...filterFields] as const;

/** The intents of the first level. */
export const intents = ['pre_purchase', 'aftersales', 'logistics', 'other'] as const;

/**
 * What a report page is about: range, filters, sort and columns. All of it
 * stands in the address, so that a link shows what its sender saw, and back
 * and forward step through it.
 */
class PageQuery {
  /** The tenant's local day. */
  readonly today: Day = $derived(dayIn(desk.settings.timezone, pulse.second));
  /** The hour that its clock shows. */
  readonly hour: number = $derived(hourIn(desk.settings.timezone, pulse.second));
  readonly range: Asked = $derived(readRange(router.query, this.today, 'last7', desk.settings.maxRangeDays));
  readonly filter: Filters = $derived({
    channel: listIn(router.query, 'channel'),
    team: listIn(router.query, 'team'),
    agent: listIn(router.query, 'agent'),
    intent: listIn(router.query, 'intent'),
  });
  readonly filtered: boolean = $derived(filterFields.some((field) => this.filter[field].length > 0));
  /** The column that a table is sorted by, with a minus for descending; empty for the usual order. */
  readonly sort: string = $derived(router.query.get('sort') ?? '');
  /** The columns that are shown; undefined for the usual ones. */
  readonly columns: string[] | undefined = $derived(router.query.has('columns') ? listIn(router.query, 'columns') : undefined);

  setRange(from: Day, to: Day, preset?: Preset): void {
    router.setQuery({ range: preset, from, to }, 'push');
  }

  setPreset(preset: Preset): void {
    const { from, to } = rangeOf(preset, this.today);
    this.setRange(from, to, preset);
  }

  /** Brings a range with a name to the day that has begun. */
  renew(preset: Preset): void {
    router.setQuery({ range: preset, ...rangeOf(preset, this.today) });
  }

  setFilter(field: FilterField, values: readonly string[]): void {
    router.setQuery({ [field]: listOut(values) }, 'push');
  }

  clearFilters(): void {
    router.setQuery(Object.fromEntries(filterFields.map((field) => [field, undefined])), 'push');
  }

  setSort(sort: string): void {
    router.setQuery({ sort: sort || undefined }, 'push');
  }

  setColumns(columns: readonly string[] | undefined): void {
    router.setQuery({ columns: columns && listOut(columns) }, 'push');
  }

  /** Writes the range into an address that has none, so that it can be copied. */
  settle(): void {
    const { from, to, preset, was } = this.range;
    router.setQuery({ range: preset ?? was, from, to });
  }

  /** The address of another page with the same range and filters, and what it asks for besides. */
  link(path: string, extra: Record<string, string | undefined> = {}): string {
    const params = new URLSearchParams();
    for (const name of carried) {
      const value = router.query.get(name);
      if (value) params.set(name, value);
    }
    // A range's name goes with its dates.
    if (extra.from) params.delete('range');
    for (const [name, value] of Object.entries(extra)) {
      if (!value) params.delete(name);
      else params.set(name, value);
    }
    const text = params.toString();
    return text ? `${path}?${text}` : path;
  }
}

export const query = new PageQuery();
