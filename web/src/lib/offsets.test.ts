import { describe, expect, it } from 'vitest';
import type { Violation } from '../live/frames';
import { mark } from './offsets';

/** A violation at the bytes where a part of a text stands. */
function at(text: string, part: string, rule = 'r'): Violation {
  const start = Buffer.byteLength(text.slice(0, text.indexOf(part)));
  return { rule, category: 'c', severity: 'block', start, end: start + Buffer.byteLength(part) };
}

const marked = (text: string, violations: Violation[]): string =>
  mark(text, violations)
    .map((piece) => (piece.violation ? `[${piece.text}]` : piece.text))
    .join('');

describe('mark', () => {
  it('counts bytes, as the server does', () => {
    const text = 'add me on wechat: lily_88';
    expect(marked(text, [{ rule: 'r', category: 'c', severity: 'block', start: 10, end: 25 }])).toBe('add me on [wechat: lily_88]');
  });

  it.each([
    ['您好，我的电话是 13800138000，谢谢', '13800138000'],
    ['🙂🙂 call +49 170 1234567', '+49 170 1234567'],
    ['é́ naïve ✆ 555-0101 fin', '555-0101'],
    ['加微信：小明🐼88', '小明🐼88'],
  ])('finds its place behind wider characters: %s', (text, part) => {
    expect(marked(text, [at(text, part)])).toBe(text.replace(part, `[${part}]`));
  });

  it('never cuts a character in two', () => {
    const text = 'a🙂b';
    for (let start = 0; start <= 6; start++) {
      for (let end = start; end <= 6; end++) {
        const pieces = mark(text, [{ rule: 'r', category: 'c', severity: 's', start, end }]);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
        for (const piece of pieces) expect(piece.text).not.toMatch(/^[\udc00-\udfff]|[\ud800-\udbff]$/);
      }
    }
  });

  it('keeps the whole text with several violations, also where they overlap', () => {
    const text = 'mail a@b.c or +1 555 0101';
    expect(marked(text, [at(text, '+1 555 0101'), at(text, 'a@b.c')])).toBe('mail [a@b.c] or [+1 555 0101]');
    expect(marked(text, [at(text, 'a@b.c or'), at(text, 'b.c or +1')])).toBe('mail [a@b.c or][ +1] 555 0101');
    expect(marked(text, [at(text, 'a@b.c or'), at(text, 'b.c')])).toBe('mail [a@b.c or] +1 555 0101');
  });

  it('takes offsets that make no sense', () => {
    expect(marked('abc', [{ rule: 'r', category: 'c', severity: 's', start: -5, end: 99 }])).toBe('[abc]');
    expect(marked('abc', [{ rule: 'r', category: 'c', severity: 's', start: 2, end: 1 }])).toBe('abc');
    expect(marked('', [{ rule: 'r', category: 'c', severity: 's', start: 0, end: 3 }])).toBe('');
  });
});
