import { describe, expect, it, vi } from 'vitest';

vi.mock('./prefs.svelte', () => ({}));
vi.mock('./session.svelte', () => ({ session: {}, HttpError: class {} }));
const { boardBody, boardId, gridOf, readBoardDocument, usualBoard } = await import('./boards.svelte');

const tiles = (count: number, wide: number[] = []) => Array.from({ length: count }, (_, place) => ({ wide: wide.includes(place) }));

describe('gridOf', () => {
  it.each([
    [1, 1, 1], [2, 2, 1], [3, 3, 1], [4, 2, 2], [5, 3, 2], [6, 3, 2], [8, 4, 2], [9, 3, 3], [12, 4, 3], [24, 6, 4],
  ])('%i tiles stand in %i columns and %i rows', (count, columns, rows) => expect(gridOf(tiles(count))).toEqual({ columns, rows }));

  it('gives a wide tile two places, and a row of its own where they do not fit', () => {
    expect(gridOf(tiles(5, [0]))).toEqual({ columns: 3, rows: 2 });
    expect(gridOf(tiles(5, [2]))).toEqual({ columns: 3, rows: 3 });
    expect(gridOf(tiles(4, [1, 3]))).toEqual({ columns: 3, rows: 2 });
  });
});

describe('a board', () => {
  it('is read as it was stored, and what is none is none', () => {
    const board = { ...usualBoard(), id: 'hall', name: 'Hall', version: 3, team: ['t1'], theme: 'dark' as const };
    expect(readBoardDocument({ id: 'hall', ...boardBody(board) })).toEqual(board);
    expect(readBoardDocument({ name: 'no id' })).toBeUndefined();
    expect(readBoardDocument(null)).toBeUndefined();
  });

  it('gets an id that a path may have', () => {
    expect(boardId('Hall – 2nd floor', 'abcdefgh')).toBe('hall-2nd-floor-abcdef');
    expect(boardId('大厅', 'abcdefgh')).toBe('board-abcdef');
    expect(boardId('x'.repeat(80), 'abcdef')).toMatch(/^[a-z0-9-]{1,64}$/);
  });
});
