import type { ExceptionGroupView, RemedyView } from '../../api/generated';
import { findingWords, sentence } from '../errors';
import { grouped } from '../format';
import { c, type CauseWord } from './messages';

function known(key: string): key is CauseWord {
  return key in c.tables['zh-CN'];
}

/** A cause in a few words, for lists and columns. */
export function causeName(cause: string): string {
  const key = `cause.${cause}`;
  return known(key) ? c(key) : findingWords(cause, {}, cause).what;
}

/** What happened and why, with the values of one order. */
export function causeSentence(cause: string, params: Record<string, string>): { what: string; why: string } {
  const words = findingWords(cause, params, causeName(cause));
  const key = `why.${cause}`;
  return words.why === '' && known(key) ? { ...words, why: c(key) } : words;
}

/** Name of a remedy with its values. */
export function remedyLabel(remedy: RemedyView): string {
  if (remedy.opens === 'erp_picker') return c('go.pick_erp');
  return sentence({ code: `remedy.${remedy.kind}`, params: remedy.params });
}

/** What choosing a remedy leads to. */
export function remedyNote(remedy: RemedyView): string {
  const key = `note.${remedy.opens === 'erp_picker' ? 'pick_erp' : remedy.kind}`;
  return known(key) ? c(key) : '';
}

/** The button that runs a remedy for `orders` orders; it carries the number it will change. */
export function goLabel(remedy: RemedyView, orders: number): string {
  const key = `go.${remedy.opens === 'erp_picker' ? 'pick_erp' : remedy.kind}`;
  return known(key) ? c(key, { n: grouped(orders) }) : remedyLabel(remedy);
}

/** The remedy that can run for the whole cause without being looked at, or null. */
export function bestRemedy(group: ExceptionGroupView): RemedyView | null {
  if (group.cause === 'UNKNOWN') return null;
  return group.remedies.find((remedy) => remedy.opens === '' && (remedy.sure || remedy.kind === 'verify_erp_switch') && remedy.kind !== 'repush') ?? null;
}
