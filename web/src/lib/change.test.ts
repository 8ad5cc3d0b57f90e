import { describe, expect, it } from 'vitest';
import { changeOf } from './change';

describe('the change of a number', () => {
  it('is in percent of the earlier one, and good by what is better', () => {
    expect(changeOf({ value: 30, previous: { value: 24 } }, { unit: 'count', better: 'none' })).toEqual({ direction: 'up', amount: 25, unit: 'percent', good: undefined });
    expect(changeOf({ value: 18, num: 180, den: 10, previous: { value: 24, num: 240, den: 10 } }, { unit: 'seconds', better: 'down' })).toEqual({
      direction: 'down', amount: 25, unit: 'percent', good: true,
    });
    expect(changeOf({ value: 6, previous: { value: 3 } }, { unit: 'count', better: 'down' })?.good).toBe(false);
  });

  it('of a share is in points, from its exact parts', () => {
    const change = changeOf({ value: 0.5, num: 1, den: 2, previous: { value: 0.25, num: 1, den: 4 } }, { unit: 'ratio', better: 'up' });
    expect(change).toEqual({ direction: 'up', amount: 25, unit: 'points', good: true });
  });

  it('is none where one of them is undefined, or the earlier one is nothing', () => {
    expect(changeOf({ value: 5 }, { unit: 'count', better: 'up' })).toBeUndefined();
    expect(changeOf({ num: 0, den: 0, previous: { value: 0.5, num: 1, den: 2 } }, { unit: 'ratio', better: 'up' })).toBeUndefined();
    expect(changeOf({ value: 5, previous: { value: 0 } }, { unit: 'count', better: 'up' })).toBeUndefined();
    expect(changeOf({ value: 0, previous: { value: 0 } }, { unit: 'count', better: 'up' })?.direction).toBe('same');
  });

  it('of money never sets one currency against another', () => {
    const entry = { unit: 'money', better: 'up' } as const;
    expect(changeOf({ money: { USD: '30.00' }, previous: { money: { USD: '20.00' } } }, entry)).toEqual({ direction: 'up', amount: 50, unit: 'percent', good: true });
    expect(changeOf({ money: { USD: '30.00' }, previous: { money: { CNY: '20.00' } } }, entry)).toBeUndefined();
    expect(changeOf({ money: { USD: '30.00', CNY: '1.00' }, previous: { money: { USD: '20.00' } } }, entry)).toBeUndefined();
  });

  it('that would be written as nothing is called nothing', () => {
    expect(changeOf({ value: 0.99601, previous: { value: 0.99599 } }, { unit: 'ratio', better: 'up' })).toMatchObject({ direction: 'same', good: undefined });
  });
});
