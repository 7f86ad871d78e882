/* Money is integer fen everywhere; these are the only places that make text of it. */

const MINUS = '\u2212';

/** 101860 → `1,018.60`, with U+2212 for a minus. */
export function yuan(fen: number): string {
  const whole = Math.trunc(Math.abs(fen));
  const text = `${grouped(Math.floor(whole / 100))}.${String(whole % 100).padStart(2, '0')}`;
  return fen < 0 ? MINUS + text : text;
}

/** 101860 → `¥1,018.60`; −2600 → `−¥26.00`. */
export function money(fen: number): string {
  return fen < 0 ? `${MINUS}¥${yuan(-fen)}` : `¥${yuan(fen)}`;
}

/** `¥3.50–42.00`, or one price when both ends agree. */
export function moneyRange(low: number, high: number): string {
  return low === high ? money(low) : `${money(low)}–${yuan(high)}`;
}

/** Without grouping and sign, for a field that is being edited: 350 → `3.50`. */
export function yuanInput(fen: number): string {
  return yuan(fen).replaceAll(',', '').replace(MINUS, '-');
}

/**
 * Reads what a person types or pastes: `3.5`, `¥1,018.60`, full-width digits, `−26`.
 * Null when it is not an amount or has parts of a fen. Never goes through a float.
 */
export function parseYuan(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/[\s,¥￥元]/g, '')
    .replace(MINUS, '-');
  const parts = /^(-?)(\d{1,12})(?:\.(\d{0,2})0*)?$/.exec(plain);
  if (!parts) return null;
  const fen = Number(parts[2]) * 100 + Number((parts[3] ?? '').padEnd(2, '0'));
  return parts[1] === '-' ? 0 - fen : fen;
}

/** 8214 → `8,214`, −3 → `−3`. */
export function grouped(value: number): string {
  const digits = String(Math.abs(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return value < 0 ? MINUS + digits : digits;
}
