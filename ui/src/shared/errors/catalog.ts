/*
 * Words that belong to no single page (findings, api errors, remedies, task states) are
 * data in assets/messages/*.toml, served by the api and kept here as flat keys:
 * `error.not_found.title`, `finding.F41.what`, `remedy.repush.label`. The window loads them once per language before it draws.
 */
import { fill, t, type Params } from '../messages';

let words: Record<string, string> = {};

/** Takes the nested table the api serves. */
export function setWords(nested: unknown): void {
  words = {};
  flatten('', nested);
}

function flatten(prefix: string, value: unknown): void {
  if (typeof value === 'string') words[prefix] = value;
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) flatten(prefix === '' ? key : `${prefix}.${key}`, inner);
  }
}

/** The text under a dotted key, or null. */
export function word(key: string, params?: Params): string | null {
  const text = words[key];
  return text === undefined ? null : fill(text, params);
}

/** The first of several keys that has words; the last resort is `fallback`. */
export function wordOf(keys: readonly string[], fallback: string, params?: Params): string {
  for (const key of keys) {
    const text = word(key, params);
    if (text !== null) return text;
  }
  return fallback;
}

/** Where the sentence of a code may stand: findings say `what`, remedies `label`, the rest `title` or `text`. */
function sentenceKeys(code: string): string[] {
  return [`${code}.title`, `${code}.what`, `${code}.text`, `${code}.label`, code];
}

/** The sentence of a code with its values; a code without words stands for itself. */
export function sentence(view: { code: string; params?: Params }, fallback?: string): string {
  return wordOf(sentenceKeys(view.code), fallback ?? view.code, view.params);
}

/** A sentence whose values are not all known must not show its holes. */
function whole(text: string): boolean {
  return !/\{\w+\}/.test(text);
}

/** What a finding says and why; `fallback` stands where the words or their values are missing. */
export function findingWords(id: string, params: Params, fallback = id): { what: string; why: string } {
  const what = wordOf([`finding.${id}.what`], fallback, params);
  const why = wordOf([`finding.${id}.why`], '', params);
  return { what: whole(what) ? what : fallback, why: whole(why) ? why : '' };
}

export interface ErrorWords {
  title: string;
  advice: string | null;
  /** For 复制细节: code, log text, trace. */
  detail: string;
}

interface Failure {
  code: string;
  params: Record<string, unknown>;
  detail: string | null;
  trace: string | null;
}

function isFailure(cause: unknown): cause is Failure {
  return cause instanceof Error && 'code' in cause && 'params' in cause;
}

/** Parameters that can stand in a sentence. */
export function textParams(params: Record<string, unknown>): Params {
  const out: Params = {};
  for (const [key, value] of Object.entries(params)) {
    if (typeof value === 'string' || typeof value === 'number') out[key] = value;
  }
  return out;
}

/** What to say about a failed command; the UI classifies by code, never by text. */
export function errorWords(cause: unknown): ErrorWords {
  if (!isFailure(cause)) {
    const text = cause instanceof Error ? `${cause.message}\n${cause.stack ?? ''}` : String(cause);
    return { title: t('error.unknown'), advice: null, detail: text };
  }
  const params = textParams(cause.params);
  const bases = [`error.${cause.code}`, cause.code, `finding.${cause.code}`];
  const unreachable = cause.code === 'host_unreachable';
  const title = wordOf(bases.flatMap(sentenceKeys), unreachable ? t('error.host_unreachable') : t('error.unknown'), params);
  const advice = wordOf(bases.flatMap((base) => [`${base}.advice`, `${base}.why`]), unreachable ? t('error.host_unreachable.advice') : '', params);
  const trace = cause.trace ? t('error.trace', { trace: cause.trace }) : '';
  const detail = [cause.code, cause.detail ?? '', JSON.stringify(cause.params), trace].filter((part) => part !== '').join('\n');
  return { title, advice: advice === '' ? null : advice, detail };
}
