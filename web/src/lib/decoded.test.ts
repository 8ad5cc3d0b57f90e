import { expect, test } from 'vitest';

import { decoded } from './decoded';

test('parts of an address', () => {
  expect(decoded('')).toBe('');
  expect(decoded('a%2Fb')).toBe('a/b');
  expect(decoded('%E5%AE%A2%E6%9C%8D')).toBe('客服');
  expect(decoded('100%')).toBe('100%');
  expect(decoded('%')).toBe('%');
});
