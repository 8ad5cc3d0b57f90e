import { describe, expect, it } from 'vitest';
import { changesOf, presetValues, readProfile } from './profile';

describe('a profile', () => {
  it('is sent as what differs from its preset', () => {
    const profile = readProfile({ profile: 'wecom', label: 'wecom@3', settings: { ...presetValues('wecom', ''), percent_decimals: 1 }, changes: { percent_decimals: 1, attribution: { web: {} } } });
    expect(profile.values.timezone).toBe('Asia/Shanghai');
    expect(changesOf('wecom', profile.values, profile.changes, {})).toEqual({ percent_decimals: 1, attribution: { web: {} } });
    expect(changesOf('wecom', presetValues('wecom', ''), {}, {})).toEqual({});
  });

  it('knows what a market changes', () => {
    expect(presetValues('tiktok_shop', 'us').neutral_is_negative).toBe(false);
    expect(presetValues('tiktok_shop', 'sea').response_window_hours).toBe(12);
    expect(changesOf('tiktok_shop', presetValues('tiktok_shop', 'us'), {}, {})).toEqual({ market: 'us' });
  });

  it('keeps the targets that no form knows', () => {
    expect(changesOf('inbox', presetValues('inbox', ''), { targets: { chats: 5, reply_rate: 0.9 } }, { reply_rate: 0.95 })).toEqual({ targets: { chats: 5, reply_rate: 0.95 } });
  });
});
