/*
 * What a manager types to change many prices at once: ×0.9, *0.9, 9折, +0.5, −1, =3.50 or 3.50.
 * Everything is whole fen; a factor is kept as digits over a power of ten, never as a float.
 */
import { parseYuan } from '../../shared/format';

export type Formula = { kind: 'set'; fen: number } | { kind: 'add'; fen: number } | { kind: 'times'; digits: number; scale: number };

/** Reads a formula; null when it is none. */
export function parseFormula(text: string): Formula | null {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\s,¥￥元]/g, '')
    .replaceAll('\u2212', '-');
  const discount = /^(\d{1,2}(?:\.\d{1,2})?)折$/.exec(plain);
  const factor = discount?.[1] ?? /^[×x*](\d{1,4}(?:\.\d{1,4})?)$/i.exec(plain)?.[1];
  if (factor !== undefined) {
    const [whole = '', part = ''] = factor.split('.');
    const written = whole.length === 1 || !discount ? 1 : 2;
    // 9 折 is 0.9 and 85 折 is 0.85: the digits stand behind the point.
    return { kind: 'times', digits: Number(whole + part), scale: part.length + (discount ? written : 0) };
  }
  const sign = /^[+-]/.exec(plain)?.[0];
  const fen = parseYuan(sign ? plain.slice(1) : plain.replace(/^=/, ''));
  if (fen === null || fen < 0) return null;
  return sign ? { kind: 'add', fen: sign === '-' ? -fen : fen } : { kind: 'set', fen };
}

/** The new price, rounded to a fen; null when it would be below nothing. */
export function applyFormula(formula: Formula, fen: number): number | null {
  const next = formula.kind === 'set' ? formula.fen : formula.kind === 'add' ? fen + formula.fen : Math.round((fen * formula.digits) / 10 ** formula.scale);
  return next < 0 ? null : next;
}
