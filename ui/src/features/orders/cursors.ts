import { call } from '../../api/client';
import type { OrderCursor, OrderPage, OrderQuery, OrderRow } from '../../api/generated';

/** Rows per step while walking to a page that was jumped to. */
const STRIDE = 500;

export type Fetch = (query: OrderQuery) => Promise<OrderPage>;

/**
 * Reads a keyset-paged list by offset: the last row of a page that is known gives the
 * next one, and a page that was jumped to is reached from the nearest known place.
 */
export function orderPages(query: Omit<OrderQuery, 'before' | 'limit'>, fetch: Fetch = (request) => call('orders_list', request)): (request: { offset: number; limit: number; after: OrderRow | null }) => Promise<OrderPage> {
  const known = new Map<number, OrderCursor>();
  const cursorOf = (row: OrderRow): OrderCursor => ({ placed_at: row.placed_at, id: row.id });
  return async ({ offset, limit, after }) => {
    if (after) known.set(offset, cursorOf(after));
    let at = Math.max(0, ...[...known.keys()].filter((place) => place <= offset));
    while (at < offset) {
      const page = await fetch({ ...query, before: known.get(at) ?? null, limit: Math.min(STRIDE, offset - at) });
      const last = page.rows.at(-1);
      if (!last) return { ...page, rows: [] };
      at += page.rows.length;
      known.set(at, cursorOf(last));
    }
    const page = await fetch({ ...query, before: known.get(offset) ?? null, limit });
    const last = page.rows.at(-1);
    if (last) known.set(offset + page.rows.length, cursorOf(last));
    return page;
  };
}
