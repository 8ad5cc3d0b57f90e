import type { Catalogue, Key } from './en';

/** The languages of the interface, as BCP 47 names. */
export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** Each language's name in itself. */
export const names: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' };

export type Values = Record<string, string | number>;

/** The texts of a language; a visitor loads the one that he reads. */
export async function load(language: Language): Promise<Catalogue> {
  return language === 'zh-CN' ? (await import('./zh')).zh : (await import('./en')).en;
}

/** The text for a key, filled in. */
export function translate(catalogue: Catalogue, language: Language, key: Key, values: Values = {}): string {
  const forms = catalogue[key].split(' || ');
  const one = forms.length > 1 && new Intl.PluralRules(language).select(Number(values.n)) === 'one';
  const form = (one ? forms[0] : forms.at(-1)) as string;
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The first of the wanted languages that the interface has. */
export function choose(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const main = tag.toLowerCase().split('-')[0];
    if (main === 'zh') return 'zh-CN';
    if (main === 'en') return 'en';
  }
  return 'en';
}
