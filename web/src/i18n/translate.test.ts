import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en, type Key } from './en';
import { choose, languages, translate } from './translate';
import { zh } from './zh';

const catalogues = { en, 'zh-CN': zh };

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('the catalogues', () => {
  const keys = Object.keys(catalogues.en) as Key[];

  it.each(languages)('%s has every text, and none beyond', (language) => {
    expect(Object.keys(catalogues[language]).sort()).toEqual([...keys].sort());
    for (const key of keys) expect(catalogues[language][key].trim(), key).not.toBe('');
  });

  it.each(languages)('%s fills in the same values as English', (language) => {
    for (const key of keys) expect(placeholders(catalogues[language][key]), key).toEqual(placeholders(catalogues.en[key]));
  });

  it('have no text in English where Chinese is meant', () => {
    const same = keys.filter((key) => catalogues.en[key] === catalogues['zh-CN'][key]);
    expect(same).toEqual(['app.name']);
  });

  it('hold every key that a component asks for, and no key that none asks for', () => {
    const root = join(import.meta.dirname, '..');
    const files = (readdirSync(root, { recursive: true }) as string[]).filter((name) => /\.(svelte|ts)$/.test(name) && !/i18n|\.test\./.test(name));
    const source = files.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
    // Keys that are put together from a part and a word: `role.${…}`.
    const made = [...source.matchAll(/[`'"{]([\w.]+)\.\$\{/g)].map((match) => `${match[1]}.`).concat('category.', 'todo.');
    const unused = keys.filter((key) => !source.includes(`'${key}'`) && !made.some((prefix) => key.startsWith(prefix)));
    expect(unused).toEqual([]);
  });
});

describe('translate', () => {
  it('fills in, and chooses the form by the number', () => {
    expect(translate(en, 'en', 'board.limit', { limit: 5 })).toBe('limit 5');
    expect(translate(en, 'en', 'board.risky', { n: 1 })).toBe('1 risky chat');
    expect(translate(en, 'en', 'board.risky', { n: 2 })).toBe('2 risky chats');
    expect(translate(zh, 'zh-CN', 'board.risky', { n: 1 })).toBe('风险会话 1 个');
  });

  it('does not take a value for a pattern', () => {
    expect(translate(en, 'en', 'agent.sent', { conversation: '$& {conversation}' })).toBe('Sent to $& {conversation}.');
  });
});

describe('choose', () => {
  it.each([
    [['zh-TW', 'en'], 'zh-CN'],
    [['de', 'en-GB'], 'en'],
    [['fr'], 'en'],
    [[], 'en'],
  ])('%j gets %s', (wanted, language) => expect(choose(wanted)).toBe(language));
});
