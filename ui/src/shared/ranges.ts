/* Quick picks of time: 今天, 昨天, 近7天, 本月, as days of Shanghai. */

const DAY = 86_400_000;
const OFFSET = 8 * 3_600_000;

export type RangeId = 'today' | 'yesterday' | 'week' | 'month' | 'all';

/** Start of the Shanghai day that `ms` lies in. */
export function dayStart(ms: number): number {
  return Math.floor((ms + OFFSET) / DAY) * DAY - OFFSET;
}

/** From (inclusive) and to (exclusive) in UTC milliseconds; null ends are open. */
export function rangeOf(id: RangeId, now: number): { from: number | null; to: number | null } {
  const today = dayStart(now);
  if (id === 'all') return { from: null, to: null };
  if (id === 'yesterday') return { from: today - DAY, to: today };
  if (id === 'week') return { from: today - 6 * DAY, to: today + DAY };
  if (id === 'month') return { from: today - (new Date(now + OFFSET).getUTCDate() - 1) * DAY, to: today + DAY };
  return { from: today, to: today + DAY };
}
