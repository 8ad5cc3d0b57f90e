import { describe, expect, it } from 'vitest';
import { grown } from './rem';

describe('lengths that grow with the text', () => {
  it.each([
    ['38px', '2.375rem'],
    ['-6px', '-0.375rem'],
    ['5px 0 5px 6px', '0.3125rem 0 0.3125rem 0.375rem'],
    ['calc(100vw - 32px)', 'calc(100vw - 2rem)'],
    ['max(12px, calc(17 * var(--u)))', 'max(0.75rem, calc(17 * var(--u)))'],
    ['(max-width: 640px)', '(max-width: 40rem)'],
  ])('%s is %s', (before, after) => expect(grown(before)).toBe(after));

  it.each(['1px solid var(--line)', '2px', '1.5px', '0.62px', 'calc(100vw - (var(--most) - 1) * 1px)', 'var(--s4)', '50%', '#a12px'])('%s stays', (value) => expect(grown(value)).toBe(value));
});
