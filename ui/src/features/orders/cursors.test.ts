import { describe, expect, it } from 'vitest';
import type { OrderPage, OrderQuery, OrderRow } from '../../api/generated';
import { orderPages, type Fetch } from './cursors';

const ALL = Array.from({ length: 1234 }, (_, at) => ({ id: 5000 - at, placed_at: 9000 - Math.floor(at / 3) }) as OrderRow);

function server(): { fetch: Fetch; asked: OrderQuery[] } {
  const asked: OrderQuery[] = [];
  return {
    asked,
    fetch(query) {
      asked.push(query);
      const start = query.before ? ALL.findIndex((row) => row.id === query.before?.id) + 1 : 0;
      return Promise.resolve({ total: ALL.length, total_fen: 0, counts: {}, rows: ALL.slice(start, start + query.limit) } as OrderPage);
    },
  };
}

const BASE = { stores: [], view: 'all', search: '' };

describe('keyset pages by offset', () => {
  it('follow one another by the last row of the page before', async () => {
    const { fetch, asked } = server();
    const page = orderPages(BASE, fetch);
    const first = await page({ offset: 0, limit: 100, after: null });
    const second = await page({ offset: 100, limit: 100, after: first.rows.at(-1) ?? null });
    expect(second.rows).toEqual(ALL.slice(100, 200));
    expect(asked).toHaveLength(2);
  });
  it('reach a page that was jumped to, once by walking and then by memory', async () => {
    const { fetch, asked } = server();
    const page = orderPages(BASE, fetch);
    expect((await page({ offset: 1100, limit: 100, after: null })).rows).toEqual(ALL.slice(1100, 1200));
    expect(asked).toHaveLength(4);
    expect((await page({ offset: 1200, limit: 100, after: null })).rows).toEqual(ALL.slice(1200));
    expect(asked).toHaveLength(5);
  });
  it('end empty when the list became shorter meanwhile', async () => {
    const { fetch } = server();
    expect((await orderPages(BASE, fetch)({ offset: 1300, limit: 100, after: null })).rows).toEqual([]);
  });
});
