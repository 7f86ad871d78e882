/*
 * Words with typed keys. Every feature keeps its own words in `messages.ts` beside its
 * page and calls `defineMessages(zh, en)`; the second language must have exactly the
 * keys of the first, or type checking fails. `{name}` is replaced by a parameter.
 * The language is a module value: changing it renders the whole app anew (app/main.tsx).
 */

export type Language = 'zh-CN' | 'en';
export type Params = Record<string, string | number>;

let language: Language = 'zh-CN';

export function currentLanguage(): Language {
  return language;
}

export function setLanguage(next: Language): void {
  language = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

/**
 * Puts parameters into a text; an unknown name stays visible instead of vanishing.
 * `{n|order|orders}` is the word for one or for any other number, for languages that care.
 */
export function fill(text: string, params?: Params): string {
  if (!params) return text;
  return text.replaceAll(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined || many === undefined) return String(value);
    return String(value) === '1' ? one : many;
  });
}

/** Parts of a sentence one after another, with the comma of the language. */
export function joined(parts: readonly string[]): string {
  return parts.join(language === 'en' ? ', ' : '，');
}

/** Names in a row. */
export function named(names: readonly string[]): string {
  return names.join(language === 'en' ? ', ' : '、');
}

export interface Words<K extends string> {
  (key: K, params?: Params): string;
  /** Both tables, for the completeness test. */
  tables: Record<Language, Record<K, string>>;
}

export function defineMessages<const Z extends Record<string, string>>(
  zh: Z,
  en: Record<keyof Z & string, string>,
): Words<keyof Z & string> {
  const tables = { 'zh-CN': zh as Record<keyof Z & string, string>, en };
  const words = (key: keyof Z & string, params?: Params): string => fill(tables[language][key], params);
  return Object.assign(words, { tables });
}
