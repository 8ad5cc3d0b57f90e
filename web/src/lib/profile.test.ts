import { describe, expect, it } from 'vitest';
import { changesOf, presetNames, presetValues, readPresets, readProfile } from './profile';

const presets = readPresets({
  presets: [
    { profile: 'inbox', settings: { timezone: 'UTC', percent_decimals: 0, active_grace_hours: 24 } },
    { profile: 'default', settings: { timezone: 'UTC', percent_decimals: 1 } },
    {
      profile: 'tiktok_shop', settings: { timezone: 'UTC', neutral_is_negative: true, response_window_hours: 24 },
      markets: { us: { timezone: 'UTC', neutral_is_negative: false, response_window_hours: 24 }, sea: { timezone: 'UTC', neutral_is_negative: true, response_window_hours: 12 } },
    },
    { profile: 'wecom', settings: { timezone: 'Asia/Shanghai', percent_decimals: 0 } },
  ],
});

describe('a profile', () => {
  it('is sent as what differs from its preset', () => {
    const profile = readProfile({ profile: 'wecom', label: 'wecom@3', settings: { ...presetValues(presets, 'wecom', ''), percent_decimals: 1 }, changes: { percent_decimals: 1, attribution: { web: {} } } });
    expect(profile.values.timezone).toBe('Asia/Shanghai');
    expect(changesOf(presets, 'wecom', profile.values, profile.changes, {})).toEqual({ percent_decimals: 1, attribution: { web: {} } });
    expect(changesOf(presets, 'wecom', presetValues(presets, 'wecom', ''), {}, {})).toEqual({});
  });

  it('knows what a market changes, and what it leaves', () => {
    expect(presetValues(presets, 'tiktok_shop', 'us').neutral_is_negative).toBe(false);
    expect(presetValues(presets, 'tiktok_shop', 'sea').response_window_hours).toBe(12);
    expect(presetValues(presets, 'tiktok_shop', 'gb').response_window_hours).toBe(24);
    expect(presetValues(presets, 'wecom', 'us')).toEqual({ ...presetValues(presets, 'wecom', ''), market: 'us' });
    expect(changesOf(presets, 'tiktok_shop', presetValues(presets, 'tiktok_shop', 'us'), {}, {})).toEqual({ market: 'us' });
  });

  it('offers the presets that the server has, the plain one first', () => {
    expect(presetNames(presets)).toEqual(['default', 'inbox', 'tiktok_shop', 'wecom']);
  });

  it('keeps the targets that no form knows', () => {
    expect(changesOf(presets, 'inbox', presetValues(presets, 'inbox', ''), { targets: { chats: 5, reply_rate: 0.9 } }, { reply_rate: 0.95 })).toEqual({ targets: { chats: 5, reply_rate: 0.95 } });
  });
});
