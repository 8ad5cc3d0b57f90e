import { describe, expect, it } from 'vitest';
import { readBoard, readQueue, readStrip } from './states';
import { apart, bare } from './personname';

describe('a name', () => {
  it('of the usual kind is what it is', () => {
    for (const name of ['Ada', '诸葛孔明', '👩‍👩‍👧‍👦 Zoë', '<b>Bob</b>', 'W'.repeat(120)]) expect(apart(name)).toBe(name);
  });

  it('that is written from the right does not turn what stands beside it', () => {
    for (const name of ['محمد', 'דוד 12', 'ﷺ']) {
      expect(apart(name)).toBe(`\u2068${name}\u2069`);
      expect(bare(apart(name))).toBe(name);
    }
  });

  it('reads as it is written: overrides and isolates that nobody closes are left out', () => {
    expect(apart('Eve \u202enimda')).toBe('Eve nimda');
    expect(apart('a\u2066b\u2069\u2069c')).toBe('abc');
    expect(apart('دو\u2069د')).toBe('\u2068دود\u2069');
    expect(apart('two\r\nlines\u2028here')).toBe('two lines here');
  });

  it('is so wherever a topic brings one', () => {
    const queue = readQueue({ waiting: { c1: { since: '', customer: 'u1', customer_name: 'יעל', channel: 'w', channel_name: 'a\u202eb', team: 't' } } });
    expect(queue?.waiting[0]).toMatchObject({ customer: '\u2068יעל\u2069', channel: { name: 'ab' }, team: { id: 't', name: 't' } });
    expect(readStrip({ agents: { a1: { name: 'א', status: 'online' } } })?.agents[0]?.name).toBe('\u2068א\u2069');
    expect(readBoard({ name: 'x\u202ey' })?.name).toBe('xy');
  });

  it('of nobody is none: who is known by an id alone is nobody, whatever script it has', () => {
    const queue = readQueue({ waiting: { c1: { since: '', customer: 'לקוח', customer_name: 'לקוח', customer_anonymous: true } } });
    expect(queue?.waiting[0]?.customer).toBe('');
  });
});
