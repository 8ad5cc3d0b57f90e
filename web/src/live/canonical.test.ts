import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical } from './canonical';
import type { Json } from './json';
import { digest, sha256 } from './sha256';

const node = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('canonical', () => {
  it('is what RFC 8785 says of its own example', () => {
    const value = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    ) as Json;
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts by UTF-16 units, not by code points', () => {
    const keys = ['€', '\r', '\ufb33', '1', '😀', '\u0080', 'ö'];
    const value = Object.fromEntries(keys.map((key, i) => [key, i]));
    const sorted = (canonical(value).match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((key) => JSON.parse(key) as string);
    expect(sorted).toEqual(['\r', '1', '\u0080', 'ö', '€', '😀', '\ufb33']);
  });

  it('does not depend on the order in which members came', () => {
    expect(canonical({ b: 1, a: { d: [], c: {} } })).toBe(canonical({ a: { c: {}, d: [] }, b: 1 }));
    expect(canonical({ 10: 1, 9: 2 })).toBe('{"10":1,"9":2}');
  });
});

describe('sha256', () => {
  const texts = ['', 'abc', 'ä€😀', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'y'.repeat(1000)];
  it.each(texts)('agrees with another implementation on %j', async (text) => {
    expect(await sha256(text)).toBe(node(text));
    const plain = digest(new TextEncoder().encode(text));
    expect(Buffer.from(plain).toString('hex')).toBe(node(text));
  });
});
