import { describe, expect, it } from 'vitest';
import { mergePatch } from './patch';
import type { Json } from './json';

describe('mergePatch', () => {
  // The examples of RFC 7396, appendix A.
  const cases: [Json, Json, Json][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [['a', 'b'], ['c', 'd'], ['c', 'd']],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  it.each(cases)('%j patched with %j is %j', (target, patch, want) => {
    expect(mergePatch(target, patch)).toEqual(want);
  });

  it('leaves what it was given as it was', () => {
    const target = { a: { x: 1 }, b: { y: 2 } };
    const before = structuredClone(target);
    mergePatch(target, { a: { x: 3 }, b: null, c: {} });
    expect(target).toEqual(before);
  });

  it('keeps the very objects that did not change', () => {
    const target = { a: { x: 1 }, b: { y: 2 } };
    const after = mergePatch(target, { a: { x: 3 } }) as typeof target;
    expect(after.b).toBe(target.b);
    expect(after.a).not.toBe(target.a);
    expect(mergePatch(target, { a: { x: 1 }, gone: null })).toBe(target);
  });

  it('takes an id called __proto__ for a name and nothing more', () => {
    const patch = JSON.parse('{"agents":{"__proto__":{"name":"x"}}}') as Json;
    const after = mergePatch({ agents: {} }, patch) as { agents: object };
    expect(Object.keys(after.agents)).toEqual(['__proto__']);
    expect(JSON.stringify(after)).toBe('{"agents":{"__proto__":{"name":"x"}}}');
    expect(({} as { name?: string }).name).toBeUndefined();
  });
});
