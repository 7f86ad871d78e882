import type { PrinterView, SlipLineView, TemplateView } from '../../api/generated';
import { cleaned } from '../../shared/format';
import type { PrintingWord } from './messages';

/** A light that was not renewed for so long says nothing about now. */
export const STALE_MS = 10 * 60_000;

export type Colour = 'green' | 'yellow' | 'red';

/** A printer's light: its colour and what it means. */
export interface Light {
  colour: Colour;
  word: PrintingWord;
}

/** The light as it may be read at `now`: red where the printer said so, green only while that is fresh. */
export function light(printer: Pick<PrinterView, 'state' | 'state_at' | 'cause'>, now: number): Light {
  if (printer.state === 'offline') return { colour: 'red', word: 'light.offline' };
  if (printer.state === 'faulty') return { colour: 'red', word: printer.cause ? 'light.refused' : 'light.faulty' };
  if (printer.state !== 'ready' || printer.state_at === null) return { colour: 'yellow', word: 'light.none' };
  if (printer.cause) return { colour: 'yellow', word: 'light.unreached' };
  return now - printer.state_at > STALE_MS ? { colour: 'yellow', word: 'light.stale' } : { colour: 'green', word: 'light.ready' };
}

/** How long ago, in whole minutes; under one minute is now. */
export function minutesAgo(at: number, now: number): number {
  return Math.max(0, Math.floor((now - at) / 60_000));
}

/** Half-width columns a sign takes on paper, as printers with a Chinese set count them. */
export function columnsOf(sign: string): 1 | 2 {
  return (sign.codePointAt(0) ?? 0) < 0x80 ? 1 : 2;
}

/** Columns a line takes. */
export function lineColumns(line: SlipLineView): number {
  const single = [...line.text].reduce((sum, sign) => sum + columnsOf(sign), 0);
  return line.large ? single * 2 : single;
}

/** What a dialog knows of a printer to be added. */
export interface Draft {
  number: string;
  key: string;
}

/** What keeps a printer from being added; nothing when it can be. */
export function draftFault(draft: Draft, kind: { number_kind: string; keyed: boolean }, missing: readonly string[]): PrintingWord | null {
  const number = cleaned(draft.number);
  if (missing.length > 0) return 'add.fault.account';
  if (number === '') return kind.number_kind === 'address' ? 'add.fault.address' : 'add.fault.number';
  if (kind.number_kind === 'address') return /^[A-Za-z0-9._-]+(:\d{1,5})?$/.test(number) ? null : 'add.fault.address';
  if (!/^\d+$/.test(number)) return 'add.fault.number';
  return kind.keyed && cleaned(draft.key) === '' ? 'add.fault.key' : null;
}

/** Whether two templates say the same. */
export function sameTemplate(left: TemplateView, right: TemplateView): boolean {
  return left.header === right.header && left.footer === right.footer && left.large_goods === right.large_goods && left.prices === right.prices && left.specs === right.specs && left.receiver === right.receiver;
}
