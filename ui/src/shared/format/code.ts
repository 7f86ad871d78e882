/* Codes are text and are never cut at the end. */

/** Too long gets an ellipsis in the middle: `1022311…40021`. */
export function middle(code: string, room: number): string {
  const signs = [...code];
  if (signs.length <= room) return code;
  const tail = Math.max(1, Math.floor((room - 1) * 0.4));
  const head = Math.max(1, room - 1 - tail);
  return `${signs.slice(0, head).join('')}…${signs.slice(-tail).join('')}`;
}

/** Splits a long order number into groups of four for display; joining them gives the number back. */
export function orderGroups(number: string): string[] {
  if (!/^\d{9,}$/.test(number)) return [number];
  return number.match(/\d{1,4}/g) ?? [number];
}

/** How a sign that cannot be seen is shown, or null when it can be seen. */
export function invisible(sign: string): string | null {
  return /^[\s\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff\u3000\p{Cc}]$/u.test(sign) ? '␣' : null;
}

/** Blanks and signs that cannot be seen; they come along when a key is copied. */
const HIDDEN = /[\s\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff\u3000]/gu;

/** A copied key or number as it is sent: without blanks and hidden signs, full-width digits made plain. */
export function cleaned(value: string): string {
  return value.normalize('NFKC').replaceAll(HIDDEN, '');
}

/** `U+00D7` */
export function codePoint(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** File size as people read it: 186 KB, 7.3 MB. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${Math.round(size / 1024)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}
