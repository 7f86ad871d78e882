import { describe, expect, it } from 'vitest';
import type { MatchRow } from '../../api/generated';
import { itemsOf, NO_DECISIONS, sumsOf, verdict, withDecided, type Decision } from './model';

function row(id: number, kind: string, score: number, code = ''): MatchRow {
  const reasons = code === '' ? [] : [{ code: 'same_barcode', value: code, supports: true }];
  const candidates = score === 0 ? [] : [{ sku: id + 1000, product: id, name: '可口可乐汽水', spec_name: '单规格', size_text: '', item_code: '', barcode: code, price_fen: 300, picture: '', score, reasons, bound_elsewhere: '' }];
  return { listing_sku: id, name: `可乐 ${id}`, spec_name: '单规格', barcode: code, outer_sku_code: '', price_fen: 300, remote_id: String(id), kind, waiting_orders: 0, candidates };
}

const rows = [row(1, 'sure', 0.99, '690'), row(2, 'look', 0.8), row(3, 'without', 0), row(4, 'surplus', 0.9, '691'), row(5, 'surplus', 0.91, '691'), row(6, 'surplus', 0.7, '692')];

describe('the sums of matching', () => {
  it('add up before anything is bound', () => {
    const sums = sumsOf(10, rows, NO_DECISIONS);
    expect(sums.total - sums.bound).toBe(sums.left);
    expect(sums.kinds.sure + sums.kinds.look + sums.kinds.without + sums.kinds.surplus).toBe(sums.left);
    expect(sums).toMatchObject({ left: 6, ready: 1, now: 0, groups: 2 });
  });
  it('add up after one was bound and the store was read again', () => {
    const decided = new Map<number, Decision>([[1, { row: rows[0] as MatchRow, what: 'bound', sku: 1001, batch: 7 }]]);
    const shown = withDecided(rows.slice(1), decided);
    expect(shown).toHaveLength(6);
    const sums = sumsOf(10, shown, decided);
    expect(sums).toMatchObject({ left: 5, bound: 5, now: 1, nowByCode: 1, ready: 0 });
    expect(sums.left + sums.now).toBe(6);
  });
});

describe('the lines of a tab', () => {
  it('stand from the most to the least alike, or the other way round', () => {
    const of = (rising: boolean) => itemsOf(rows, { kind: 'left', search: '', rising }).map((item) => (item.head === undefined ? item.row.listing_sku : item.head));
    expect(of(false)).toEqual([1, 5, 4, 2, 6, 3]);
    expect(of(true)).toEqual([3, 6, 2, 4, 5, 1]);
  });
  it('gather surplus rows under the code they share', () => {
    const items = itemsOf(rows, { kind: 'surplus', search: '', rising: false });
    expect(items.map((item) => (item.head === undefined ? item.row.listing_sku : `${item.head}/${item.rows}`))).toEqual(['691/2', 5, 4, '692/1', 6]);
  });
  it('can be searched by name and code', () => {
    expect(itemsOf(rows, { kind: 'left', search: '692', rising: false })).toHaveLength(1);
  });
});

describe('a field', () => {
  it('is the same, near, different, or says nothing', () => {
    expect(verdict('单规格', '单规格')).toBe('same');
    expect(verdict('【整箱】景田百岁山矿泉水570ml', '景田百岁山天然矿泉水')).toBe('near');
    expect(verdict('青苹果', '洗衣液')).toBe('differs');
    expect(verdict('', '6922255451427')).toBe('unknown');
  });
});
