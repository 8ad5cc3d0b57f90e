import { Again } from './again';
import { readChatPage, type ChatRow } from './chats';
import { desk } from './desk.svelte';
import { count } from './format';
import { prefs, t } from './prefs.svelte';
import { useOverdue } from './overdue.svelte';
import { pulse } from './pulse.svelte';
import { onRenewed } from './renewed.svelte';
import { session } from './session.svelte';

/** How many conversations are asked for at once. */
const pageSize = 100;

interface Kept {
  rows: ChatRow[];
  next: string;
  total: number | undefined;
  totalMore: boolean;
  seq: number;
  top: number;
}

/** The last list that was shown: who comes back from a conversation finds it where it was. */
let kept: { address: string; whose: unknown; state: Kept } | undefined;

/**
 * A list of conversations that grows as it is read. The cursor is stable: what
 * arrives meanwhile moves nothing. To be made while a component is set up, with
 * which it ends.
 */
export class ChatList {
  rows = $state.raw<ChatRow[]>([]);
  total = $state<number | undefined>(undefined);
  totalMore = $state(false);
  seq = $state(0);
  /** Whether there is more than has been read. */
  more = $state(false);
  loading = $state(false);
  /** Whether the first page is there. */
  known = $state(false);
  error = $state.raw<unknown>(undefined);
  /** How many there are in all, in words; empty where nobody has counted. */
  get count(): string {
    return this.total === undefined ? '' : t(this.totalMore ? 'history.totalMore' : 'history.total', { n: count(this.total, prefs.language) });
  }

  /** When its beginning or its end was read. */
  at = 0;
  /** Where the reader stood in it, in pixels. */
  top = 0;
  private address = '';
  private next = '';
  private stop = new AbortController();
  private readonly again = new Again(() => this.retry());
  /** The address that the rows are of. */
  private shown = '';
  private readonly late = useOverdue();

  constructor() {
    onRenewed(() => {
      if (this.error !== undefined) this.retry();
    });
    $effect(() => () => this.end());
  }

  /** Begins with another question; the same one again finds what is there. */
  open(address: string): void {
    if (address === this.address) return;
    this.address = address;
    if (kept && kept.address === address && kept.whose === session.me) {
      this.end();
      ({ rows: this.rows, next: this.next, total: this.total, totalMore: this.totalMore, seq: this.seq, top: this.top } = kept.state);
      this.more = this.next !== '';
      this.known = true;
      this.loading = false;
      this.error = undefined;
      this.shown = address;
      this.late(false);
      return;
    }
    this.top = 0;
    void this.read('');
  }

  /** Reads the first page anew, with what has come since. */
  renew(): void {
    void this.read('');
  }

  /** Reads on, unless that is being done. */
  grow(): void {
    if (this.more && !this.loading && this.error === undefined) void this.read(this.next);
  }

  retry(): void {
    void this.read(this.known ? this.next : '');
  }

  /** Keeps the list, and where its reader stands, for who comes back. */
  keep(top = this.top): void {
    this.top = top;
    if (!this.known) return;
    const { rows, next, total, totalMore, seq } = this;
    kept = { address: this.address, whose: session.me, state: { rows, next, total, totalMore, seq, top } };
  }

  /** Nothing is asked for any more. */
  private end(): void {
    this.stop.abort();
    this.again.stop();
  }

  private async read(cursor: string): Promise<void> {
    this.end();
    const stop = new AbortController();
    this.stop = stop;
    this.loading = true;
    this.error = undefined;
    const address = `${this.address}${this.address.includes('?') ? '&' : '?'}limit=${pageSize}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`;
    try {
      const page = readChatPage(await session.get(address, stop.signal));
      if (stop.signal.aborted) return;
      desk.learn('agent', Object.entries(page.agentNames).map(([id, name]) => ({ id, name })));
      if (cursor) {
        const there = new Set(this.rows.map((row) => row.key));
        this.rows = [...this.rows, ...page.rows.filter((row) => !there.has(row.key))];
      } else {
        this.rows = page.rows;
        this.total = page.total;
        this.totalMore = page.totalMore;
        this.seq = page.seq;
      }
      this.next = page.next;
      this.more = page.next !== '';
      this.known = true;
      this.shown = this.address;
      this.at = pulse.second;
      this.again.settled();
      this.late(false);
      this.keep();
    } catch (reason) {
      if (stop.signal.aborted) return;
      // Rows of the same question stay when reading them anew fails, and the page says so.
      if (!cursor && this.known && this.shown === this.address) return this.late(true);
      this.error = reason;
      if (!cursor) {
        this.known = false;
        this.rows = [];
      }
      this.again.failed(reason);
    } finally {
      if (this.stop === stop) this.loading = false;
    }
  }
}

/** The conversations that are beside this one in the list that was shown last. */
export function neighbours(id: string): { before: string | undefined; after: string | undefined } {
  const rows = kept && kept.whose === session.me ? kept.state.rows : [];
  const at = rows.findIndex((row) => row.id === id);
  const other = (step: number): string | undefined => {
    for (let place = at + step; at >= 0 && place >= 0 && place < rows.length; place += step) if (rows[place]?.id !== id) return rows[place]?.id;
    return undefined;
  };
  return { before: other(-1), after: other(1) };
}
