import { describe, expect, it, vi } from 'vitest';

vi.stubGlobal('location', { pathname: '/', search: '', origin: 'http://desk' });
vi.stubGlobal('document', { addEventListener: () => undefined });
vi.stubGlobal('addEventListener', () => undefined);
vi.stubGlobal('history', { state: { at: 0 } });
const { inTurn, readTurn, turned } = await import('./turn');

const query = (text: string): URLSearchParams => new URLSearchParams(text);

describe('boards in turn', () => {
  it('are what the address lists, each for as long as it says', () => {
    expect(readTurn(query('next=b2,b3&every=20'))).toEqual({ next: ['b2', 'b3'], seconds: 20 });
    expect(readTurn(query('next=b2'))).toEqual({ next: ['b2'], seconds: 30 });
    expect(readTurn(query('every=20'))).toBeUndefined();
    expect(readTurn(query('next='))).toBeUndefined();
  });

  it('stand neither too short nor for ever', () => {
    const seconds = (every: string): number | undefined => readTurn(query(`next=b2&every=${every}`))?.seconds;
    expect([seconds('0'), seconds('1'), seconds('-3'), seconds('7.6'), seconds('999999'), seconds('soon')]).toEqual([5, 5, 5, 8, 3600, 30]);
  });

  it('come around again, and keep what else the address says', () => {
    const seen: string[] = [];
    let address = new URL('http://desk/wallboard/b1?next=b2,~&every=9&lang=zh-CN');
    for (let step = 0; step < 4; step++) {
      seen.push(address.pathname);
      address = new URL(turned(decodeURIComponent(address.pathname.split('/')[2] ?? ''), address.searchParams), address);
      expect(address.searchParams.get('lang')).toBe('zh-CN');
      expect(readTurn(address.searchParams)?.seconds).toBe(9);
    }
    expect(seen).toEqual(['/wallboard/b1', '/wallboard/b2', '/wallboard', '/wallboard/b1']);
  });

  it('go the other way round as well, to where one came from', () => {
    const seen: string[] = [];
    let address = new URL('http://desk/wallboard/b1?next=b2,~&every=9');
    const current = (): string => decodeURIComponent(address.pathname.split('/')[2] ?? '');
    for (let step = 0; step < 4; step++) {
      seen.push(address.pathname);
      address = new URL(turned(current(), address.searchParams, false, true), address);
    }
    expect(seen).toEqual(['/wallboard/b1', '/wallboard', '/wallboard/b2', '/wallboard/b1']);
    const there = new URL(turned(current(), address.searchParams), address);
    expect(turned(decodeURIComponent(there.pathname.split('/')[2] ?? ''), there.searchParams, false, true)).toBe(address.pathname + address.search);
    expect(turned('b1', query('next=b2,b3'), true, true)).toBe('/wallboard/b3?next=b2');
  });

  it('leave out a board that is gone, until one stays', () => {
    expect(turned('b1', query('next=b2,b3'), true)).toBe('/wallboard/b2?next=b3');
    expect(turned('b1', query('next=b2&every=9'), true)).toBe('/wallboard/b2?every=9');
  });

  it('are written into a link before its token', () => {
    expect(inTurn('http://desk/wallboard/b1#token=abc', ['b2', '~'], 45)).toBe('http://desk/wallboard/b1?next=b2%2C%7E&every=45#token=abc');
    expect(inTurn('http://desk/wallboard/b1#token=abc', [], 45)).toBe('http://desk/wallboard/b1#token=abc');
    expect(readTurn(new URL(inTurn('http://desk/wallboard#token=abc', ['b2', '~'], 45)).searchParams)).toEqual({ next: ['b2', '~'], seconds: 45 });
  });
});
