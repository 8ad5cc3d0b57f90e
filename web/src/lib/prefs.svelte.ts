import { flushSync } from 'svelte';
import type { Catalogue, Key } from '../i18n/en';
import { choose, languages, load, translate, type Language, type Values } from '../i18n/translate';

/** What colours a page wears; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark';
export const themes: Theme[] = ['system', 'light', 'dark'];

const languageKey = 'floorlight.language';
const themeKey = 'floorlight.theme';

/** Storage can be forbidden altogether; then a choice lasts as long as the page. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice holds for this page all the same.
  }
}

const isLanguage = (value: string | null): value is Language => languages.includes(value as Language);
const isTheme = (value: string | null): value is Theme => themes.includes(value as Theme);

class Preferences {
  language = $state<Language>('en');
  theme = $state<Theme>('system');
  /** What the theme comes to now. */
  shown = $state<'light' | 'dark'>('dark');
  /** The texts, and whose they are; nothing is shown before they are there. */
  texts = $state.raw<{ language: Language; catalogue: Catalogue } | undefined>(undefined);
  readonly ready: Promise<void>;
  private wanted: Language;
  /** The theme of a page that has one of its own, as the wallboard is dark. */
  private preferred: 'light' | 'dark' | undefined;
  private printing = false;
  private readonly system = matchMedia('(prefers-color-scheme: light)');

  constructor() {
    // A kiosk link can fix both, because nobody stands at a television to choose.
    const query = new URLSearchParams(location.search);
    const language = [query.get('lang'), stored(languageKey)].find(isLanguage);
    this.language = language ?? choose(navigator.languages);
    this.theme = [query.get('theme'), stored(themeKey)].find(isTheme) ?? 'system';
    this.system.addEventListener('change', () => this.apply());
    // Paper is white; what is drawn must be drawn anew before it is taken.
    addEventListener('beforeprint', () => flushSync(() => this.print(true)));
    addEventListener('afterprint', () => this.print(false));
    this.apply();
    this.wanted = this.language;
    this.ready = this.loadTexts(this.language);
  }

  async setLanguage(language: Language): Promise<void> {
    this.wanted = language;
    store(languageKey, language);
    await this.loadTexts(language);
    // Somebody who chooses twice gets the last choice, whichever came first.
    if (this.wanted !== language) return;
    this.language = language;
    this.apply();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    store(themeKey, theme);
    this.apply();
  }

  toggleTheme(): void {
    this.setTheme(this.shown === 'dark' ? 'light' : 'dark');
  }

  /** Lets a page choose what `system` means while it is up. */
  prefer(theme: 'light' | 'dark' | undefined): void {
    this.preferred = theme;
    this.apply();
  }

  private print(printing: boolean): void {
    this.printing = printing;
    this.apply();
  }

  private async loadTexts(language: Language): Promise<void> {
    const catalogue = await load(language);
    if (this.wanted === language) this.texts = { language, catalogue };
  }

  private apply(): void {
    const system = this.preferred ?? (this.system.matches ? 'light' : 'dark');
    this.shown = this.printing ? 'light' : this.theme === 'system' ? system : this.theme;
    document.documentElement.dataset.theme = this.shown;
    document.documentElement.lang = this.language;
  }
}

export const prefs = new Preferences();

/** The text for a key in the language of the page; empty until its texts are there. */
export function t(key: Key, values?: Values): string {
  const { texts } = prefs;
  return texts ? translate(texts.catalogue, texts.language, key, values) : '';
}

/** Whether a word from the server has a text of its own. */
export function has(key: string): key is Key {
  return prefs.texts !== undefined && Object.hasOwn(prefs.texts.catalogue, key);
}

/** The text for a key that the server's word is part of; the other where this page knows no such word. */
export const textOr = (key: string, other: string): string => (has(key) ? t(key) : other);

/** The language's own of a text that the server gives in both. */
export function own(text: { en?: string; zh?: string } | undefined): string {
  return (prefs.language === 'zh-CN' ? text?.zh : text?.en) ?? text?.en ?? text?.zh ?? '';
}
