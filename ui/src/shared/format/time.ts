/* Times are UTC milliseconds; on screen they are always Asia/Shanghai (UTC+8, no summer time). */

const OFFSET = 8 * 3_600_000;
const DAY = 86_400_000;

const two = (value: number): string => String(value).padStart(2, '0');

function local(ms: number): Date {
  return new Date(ms + OFFSET);
}

/** Number of the Shanghai day since the epoch. */
export function dayOf(ms: number): number {
  return Math.floor((ms + OFFSET) / DAY);
}

/** `2026-11-20 14:26:02` */
export function fullTime(ms: number): string {
  return `${dateText(ms)} ${clock(ms, true)}`;
}

/** `2026-11-20` */
export function dateText(ms: number): string {
  const at = local(ms);
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
}

/** `14:26`, or `14:26:02` with seconds. */
export function clock(ms: number, seconds = false): string {
  const at = local(ms);
  const text = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return seconds ? `${text}:${two(at.getUTCSeconds())}` : text;
}

export interface TimeWords {
  yesterday: string;
}

/** Today `14:26`, yesterday `昨 22:41`, this year `11-18 09:05`, before that `2025-11-18`. */
export function shortTime(ms: number, now: number, words: TimeWords): string {
  const days = dayOf(now) - dayOf(ms);
  if (days === 0) return clock(ms);
  if (days === 1) return `${words.yesterday} ${clock(ms)}`;
  const at = local(ms);
  if (at.getUTCFullYear() !== local(now).getUTCFullYear()) return dateText(ms);
  return `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${clock(ms)}`;
}

/** Day of the week, 0 is Sunday. */
export function weekday(ms: number): number {
  return local(ms).getUTCDay();
}

export interface AgoWords {
  now: string;
  minutes: (n: number) => string;
  hours: (n: number) => string;
  days: (n: number) => string;
}

/** How long ago something was, in the largest whole words. */
export function ago(ms: number, now: number, words: AgoWords): string {
  const minutes = Math.floor(Math.max(0, now - ms) / 60_000);
  if (minutes < 1) return words.now;
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours) : words.days(Math.floor(hours / 24));
}

export interface SpanWords {
  seconds: (n: number) => string;
  minutes: (n: number) => string;
  hours: (h: number, m: number) => string;
  days: (n: number) => string;
}

/** A length of time in the largest fitting words. */
export function span(ms: number, words: SpanWords): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return words.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours, minutes % 60) : words.days(Math.floor(hours / 24));
}
