import { describe, expect, it } from 'vitest';
import { changesBetween, isChanged, isOwn, readRule, readRuleSet, withRule, withoutRule, type Rule } from './rules';

const phone: Rule = readRule({ id: 'contact.phone', category: 'contact', severity: 'block', explanation: { en: 'A number', zh: '号码' }, phrases: ['call me', 'ring me'] });

describe('withRule', () => {
  it('keeps of a preset’s rule only what was changed', () => {
    const off = withRule({ preset: 'wecom' }, phone, { ...phone, disabled: true });
    expect(off).toEqual({ preset: 'wecom', changes: [{ id: 'contact.phone', disabled: true }] });
    expect(isChanged(off, 'contact.phone')).toBe(true);
    expect(isOwn(off, 'contact.phone')).toBe(false);
    expect(withRule({}, phone, { ...phone })).toEqual({ changes: [] });
  });

  it('adds and drops phrases against what the preset has', () => {
    const set = withRule({}, phone, { ...phone, phrases: ['call me', 'text me'] });
    expect(set.changes).toEqual([{ id: 'contact.phone', add_phrases: ['text me'], drop_phrases: ['ring me'] }]);
    // What was added can be taken back, and is not dropped then.
    const now = { ...phone, phrases: ['call me', 'text me'] };
    expect(withRule(set, now, { ...now, phrases: ['call me'] }).changes).toEqual([{ id: 'contact.phone', drop_phrases: ['ring me'] }]);
  });

  it('writes a rule of the desk’s own whole, and takes it away again', () => {
    const edit = { ...phone, id: 'own.voucher', phrases: ['voucher'], advice: {}, severity: 'flag' };
    const set = withRule({}, undefined, edit);
    expect(set.rules).toEqual([{ id: 'own.voucher', category: 'contact', severity: 'flag', explanation: { en: 'A number', zh: '号码' }, phrases: ['voucher'] }]);
    expect(isOwn(set, 'own.voucher')).toBe(true);
    expect(withoutRule(set, 'own.voucher')).toMatchObject({ rules: [], changes: [] });
  });
});

describe('changesBetween', () => {
  const word = (id: string, more: object = {}) => ({ id, category: 'other', severity: 'block', phrases: ['a'], ...more });
  const set = (rules: object[], allow: string[] = []) => readRuleSet({ version: 1, set: { allow }, rules });

  it('says nothing of what stayed', () => {
    expect(changesBetween(set([word('one')], ['x']), set([word('one')], ['x']))).toEqual([]);
  });

  it('names what was added, removed and switched', () => {
    expect(changesBetween(set([word('one'), word('two')]), set([word('two', { disabled: true }), word('three')]))).toEqual([
      { rule: 'two', kind: 'off' },
      { rule: 'three', kind: 'added' },
      { rule: 'one', kind: 'removed' },
    ]);
  });

  it('tells effect, words, texts and what passes apart', () => {
    const before = set([word('one')], ['x']);
    const after = set([word('one', { severity: 'flag', phrases: ['b'], unless: ['c'], explanation: { en: 'No.' } })], ['x', 'y']);
    expect(changesBetween(before, after)).toEqual([
      { rule: 'one', kind: 'effect', from: 'block', to: 'flag' },
      { rule: 'one', kind: 'words', more: ['b', 'c'], fewer: ['a'] },
      { rule: 'one', kind: 'texts' },
      { rule: '', kind: 'pass', more: ['y'], fewer: [] },
    ]);
  });
});
