import { describe, expect, it } from 'vitest';
import { differing, readDefinitions, reasonOf, same } from './definitions';

const [shop, wecom] = readDefinitions({
  profiles: [
    { label: 'tiktok_shop@2', profile: 'tiktok_shop', version: 2, in_force: true, settings: { response_time: 'first_plus_turns', unique: 'range', percent_decimals: 1, targets: { reply_rate: 0.95 } } },
    { label: 'wecom@0', profile: 'wecom', version: 0, in_force: false, settings: { response_time: 'first', unique: 'sum_daily', percent_decimals: 0, max_range_days: 90 } },
  ],
});

describe('two definitions', () => {
  it('differ in what bears on numbers, not in targets and limits', () => {
    expect(shop && wecom && differing(shop, wecom)).toEqual(['percent_decimals', 'response_time', 'unique']);
  });

  it('say which rule makes a difference', () => {
    const differ = ['response_time', 'unique', 'percent_decimals', 'timezone'];
    expect(reasonOf('avg_response', false, differ, false)).toEqual({ kind: 'rules', rules: ['response_time'] });
    expect(reasonOf('customers', false, differ, true)).toEqual({ kind: 'byChance', rules: ['unique'] });
    expect(reasonOf('reply_rate', true, differ, true)).toEqual({ kind: 'written', rules: [] });
    expect(reasonOf('chats', false, differ, false)).toEqual({ kind: 'rules', rules: ['timezone'] });
    expect(reasonOf('chats', false, differ, true)).toEqual({ kind: 'alike', rules: [] });
  });

  it('are the same only where every part is', () => {
    expect(same({ value: 0.5, num: 1, den: 2 }, { value: 0.5, num: 2, den: 4 })).toBe(false);
    expect(same({ money: { USD: '1' } }, { money: { USD: '1' } })).toBe(true);
  });
});
