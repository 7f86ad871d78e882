import { call } from '../api/client';
import { setWords } from './errors';
import { setLanguage, type Language } from './messages';

const KEY = 'guitai.language';
let redraw: () => void = () => undefined;

export function storedLanguage(): Language {
  return localStorage.getItem(KEY) === '"en"' ? 'en' : 'zh-CN';
}

/** Loads the words that belong to codes. Without them codes stand for themselves, so a failure stops nothing. */
export async function loadWords(language: Language): Promise<void> {
  setLanguage(language);
  try {
    setWords((await call('messages_get', { lang: language })).words);
  } catch {
    setWords({});
  }
}

/** What to do after the language changed: the whole app is drawn anew. */
export function onLanguage(listener: () => void): void {
  redraw = listener;
}

export async function changeLanguage(next: Language): Promise<void> {
  localStorage.setItem(KEY, JSON.stringify(next));
  await loadWords(next);
  redraw();
}
