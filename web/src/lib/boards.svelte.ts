import { isObject } from '../live/json';
import { Again } from './again';
import { objectsOf, Unreadable } from './answered';
import { HttpError, session } from './session.svelte';
import { soon } from './soon';

/** A wallboard that somebody arranged. */
export interface BoardDocument {
  id: string;
  name: string;
  tiles: { metric: string; wide: boolean }[];
  channel: string[];
  team: string[];
  /** Whether the strip of agents, and the longest waits, are shown. */
  agents: boolean;
  queue: boolean;
  theme: '' | 'light' | 'dark' | 'system';
  lang: '' | 'en' | 'zh';
  version: number;
}

/** What a board without a document shows. */
export const usualTiles = ['queue_length', 'longest_wait_seconds', 'reply_rate', 'active_chats', 'online_agents', 'blocked_messages'] as const;

/** How many tiles a board has room for. */
export const mostTiles = 24;

export const usualBoard = (): BoardDocument => ({
  id: '', name: '', tiles: usualTiles.map((metric) => ({ metric, wide: false })), channel: [], team: [], agents: true, queue: true, theme: '', lang: '', version: 0,
});

const text = (raw: unknown): string => (typeof raw === 'string' ? raw : '');
const texts = (raw: unknown): string[] => (Array.isArray(raw) ? raw.filter((one): one is string => typeof one === 'string') : []);

/** Reads a board; undefined for what is none. */
export function readBoardDocument(raw: unknown): BoardDocument | undefined {
  if (!isObject(raw) || !text(raw.id)) return undefined;
  const tiles = (Array.isArray(raw.tiles) ? raw.tiles : []).filter(isObject).flatMap((one) => (text(one.metric) ? [{ metric: text(one.metric), wide: one.wide === true }] : []));
  const theme = text(raw.theme);
  const lang = text(raw.lang);
  return {
    id: text(raw.id),
    name: text(raw.name),
    tiles: tiles.slice(0, mostTiles),
    channel: texts(raw.channel),
    team: texts(raw.team),
    agents: raw.agents !== false,
    queue: raw.queue !== false,
    theme: theme === 'light' || theme === 'dark' || theme === 'system' ? theme : '',
    lang: lang === 'en' || lang === 'zh' ? lang : '',
    version: typeof raw.version === 'number' ? raw.version : 0,
  };
}

/** What is sent to store a board. */
export function boardBody(board: BoardDocument): Record<string, unknown> {
  const { name, tiles, channel, team, agents, queue, theme, lang, version } = board;
  return {
    name: name.trim(),
    tiles: tiles.map(({ metric, wide }) => (wide ? { metric, wide } : { metric })),
    ...(channel.length ? { channel } : {}),
    ...(team.length ? { team } : {}),
    agents,
    queue,
    ...(theme ? { theme } : {}),
    ...(lang ? { lang } : {}),
    version,
  };
}

/** An id for a board of that name: what of it an id may have, and something of its own. */
export function boardId(name: string, random: string): string {
  const words = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${words || 'board'}-${random.slice(0, 6)}`;
}

/** How many tiles stand beside each other, and below. */
export function gridOf(tiles: readonly { wide: boolean }[]): { columns: number; rows: number } {
  const cells = tiles.reduce((sum, tile) => sum + (tile.wide ? 2 : 1), 0);
  const columns = cells <= 1 ? 1 : cells <= 2 ? 2 : cells <= 3 ? 3 : cells <= 4 ? 2 : cells <= 6 ? 3 : cells <= 8 ? 4 : cells === 9 ? 3 : cells <= 16 ? 4 : cells <= 20 ? 5 : 6;
  // A wide tile that does not fit into what is left of a row goes to the next one.
  let rows = 1;
  let used = 0;
  for (const tile of tiles) {
    const width = tile.wide ? Math.min(2, columns) : 1;
    if (used + width > columns) {
      rows++;
      used = 0;
    }
    used += width;
  }
  return { columns, rows };
}

const cacheKey = (id: string): string => `floorlight.board.${session.me?.tenant ?? ''}.${id}`;

function cached(id: string): BoardDocument | undefined {
  try {
    return readBoardDocument(JSON.parse(localStorage.getItem(cacheKey(id)) ?? 'null'));
  } catch {
    return undefined;
  }
}

function cache(board: BoardDocument): void {
  try {
    localStorage.setItem(cacheKey(board.id), JSON.stringify(board));
  } catch {
    // Without storage the board is asked for again.
  }
}

/** The board that a screen shows; a copy stays with the browser for when the database is away. */
export class OneBoard {
  board = $state.raw<BoardDocument>(usualBoard());
  /** Why there is none to be shown; then it is the usual one. */
  error = $state.raw<unknown>(undefined);
  private id = '';
  private readonly again = new Again(() => void this.renew());

  open(id: string): void {
    if (id === this.id && this.board.id === id) return;
    this.id = id;
    this.error = undefined;
    this.again.settled();
    this.board = (id && cached(id)) || { ...usualBoard(), id: '' };
    if (id) void this.renew();
  }

  /** Keeps the board as it is stored, whoever changes it, until the returned function is called. */
  follow(): () => void {
    const stop = session.live.onchanged(({ kind, id, version }) => {
      if (!kind || (kind === 'board' && id === this.id && version !== this.board.version)) soon(() => void this.renew());
    });
    return () => {
      stop();
      this.again.stop();
    };
  }

  /** Has a board at hand before it is shown. */
  async warm(id: string): Promise<void> {
    if (!id || cached(id)) return;
    const read = await session.get(`/v1/boards/${encodeURIComponent(id)}`).then(readBoardDocument, () => undefined);
    if (read) cache(read);
  }

  async renew(): Promise<void> {
    const { id } = this;
    this.again.stop();
    if (!id) return;
    try {
      const read = readBoardDocument(await session.get(`/v1/boards/${encodeURIComponent(id)}`));
      if (!read) throw new Unreadable('the answer is no board');
      if (id !== this.id) return;
      this.again.settled();
      this.take(read);
    } catch (reason) {
      if (id !== this.id) return;
      // While the server cannot answer, what was shown stays up.
      if (reason instanceof HttpError && reason.status === 404) this.error = reason;
      else this.again.failed(reason);
    }
  }

  take(board: BoardDocument): void {
    this.id = board.id;
    this.error = undefined;
    if (board.version !== this.board.version || board.id !== this.board.id) this.board = board;
    cache(board);
  }
}

/** A board, and who has last changed it. */
export interface BoardEdition extends BoardDocument {
  at: string;
  by: string;
}

/** Reads GET /v1/boards. */
export function readBoards(raw: unknown): BoardEdition[] {
  return objectsOf(raw, 'boards').flatMap((one) => {
    const board = readBoardDocument(one);
    return board ? [{ ...board, at: text(one.at), by: text(one.by) }] : [];
  });
}

export const allBoards = async (): Promise<BoardDocument[]> => readBoards(await session.get('/v1/boards'));

/** Stores a board. Throws HttpError with status 409 where somebody else was first. */
export async function storeBoard(board: BoardDocument): Promise<BoardDocument> {
  const stored = readBoardDocument(await session.send('PUT', `/v1/boards/${encodeURIComponent(board.id)}`, boardBody(board)));
  return stored ?? board;
}

export async function deleteBoard(id: string): Promise<void> {
  await session.send('DELETE', `/v1/boards/${encodeURIComponent(id)}`);
}
