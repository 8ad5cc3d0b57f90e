import { beforeEach, describe, expect, it, vi } from 'vitest';
import { en } from '../i18n/en';
import { translate } from '../i18n/translate';
import { zh } from '../i18n/zh';
import type { Entry } from './catalogue';

const prefs = vi.hoisted(() => ({ language: 'en' as 'en' | 'zh-CN' }));
vi.mock('./session.svelte', () => ({ session: {} }));
vi.mock('./prefs.svelte', () => ({
  prefs,
  t: (key: keyof typeof en, values: Record<string, string | number>) => translate(prefs.language === 'en' ? en : zh, prefs.language, key, values),
  has: (key: string) => key in en,
  own: (text: { en: string; zh: string } | undefined) => (prefs.language === 'en' ? text?.en : text?.zh) ?? '',
}));
const { readAlerts } = await import('./boardalerts');

const alert = (metric: string, limit: number, more: object = {}) => ({ text: `${metric} is beyond ${limit}`, level: 'warning', metric, limit, ...more });
const vip = { team: 't1', team_name: 'VIP' };
const web = { channel: 'web', channel_name: 'Web chat' };
const rate = { id: 'response_rate', name: { en: 'Response rate', zh: '回复率' }, unit: 'ratio', better: 'up' } as Entry;

function texts(alerts: Record<string, object | string>, place: { channel?: string[]; team?: string[] } = {}, tiles = ['queue_length']): string[] {
  const told = { tiles, place, thresholds: [], catalogue: new Map([['response_rate', rate]]) };
  return readAlerts({ alerts } as never, told).map((one) => one.text);
}

describe('what a board is warned of', () => {
  beforeEach(() => {
    prefs.language = 'en';
  });

  it('is left out only where a tile shows that number of that place', () => {
    expect(texts({ whole: alert('queue_length', 5) })).toEqual([]);
    expect(texts({ team: alert('queue_length', 2, vip) }, { team: ['t1'] })).toEqual([]);
    expect(texts({ whole: alert('queue_length', 5) }, {}, [])).toEqual(['Waiting: over 5']);
  });

  it('names the team and the channel whose limit is passed, and the limit, though a tile shows the whole desk', () => {
    expect(texts({ team: alert('queue_length', 2, vip) })).toEqual(['Waiting · VIP: over 2']);
    expect(texts({ both: alert('longest_wait_seconds', 120, { ...vip, ...web }) }, { team: ['t1'] })).toEqual(['Longest wait · Web chat · VIP: over 2 min']);
    expect(texts({ team: alert('queue_length', 2, vip) }, { team: ['t1', 't2'] })).toEqual(['Waiting · VIP: over 2']);
    expect(texts({ team: alert('queue_length', 2, { team: 't9' }) })).toEqual(['Waiting · t9: over 2']);
  });

  it('is not of another place', () => {
    expect(texts({ whole: alert('queue_length', 5), other: alert('queue_length', 2, { team: 't2' }) }, { team: ['t1'] }, [])).toEqual([]);
    expect(texts({ team: alert('queue_length', 2, vip) }, { channel: ['web'] }, [])).toEqual([]);
  });

  it('says on which side of its limit a number is', () => {
    expect(texts({ team: alert('response_rate', 0.9, vip) })).toEqual(['Response rate · VIP: under 90%']);
    const told = { tiles: [], place: {}, catalogue: new Map<string, Entry>(), thresholds: [{ metric: 'online_agents', channel: '', team: 't1', warning: 2, critical: undefined, above: false }] };
    expect(readAlerts({ alerts: { few: alert('online_agents', 2, vip) } } as never, told)[0]?.text).toBe('Agents online · VIP: under 2');
  });

  it('has the gravest first, and what the server says of no number in its own words', () => {
    const alerts = { team: alert('queue_length', 2, vip), disk: { text: 'disk 80 % full', text_zh: '磁盘已用 80 %' }, drift: { text: 'numbers differ', level: 'critical' }, old: 'plain' };
    expect(texts(alerts)).toEqual(['numbers differ', 'Waiting · VIP: over 2', 'disk 80 % full', 'plain']);
    prefs.language = 'zh-CN';
    expect(texts(alerts)).toEqual(['numbers differ', '排队人数 · VIP：超过 2', '磁盘已用 80 %', 'plain']);
  });
});
