import { describe, expect, it } from 'vitest';
import type { ErpMoveView } from '../../api/generated';
import { firstWay, openBranches, unsure } from './moveErp';

function plan(counts: Record<string, number>, branches: ErpMoveView['branches'] = []): ErpMoveView {
  return { items_read_at: 0, there: [], branches, booked: 0, unsettled: 0, waiting: 0, ways: Object.entries(counts).map(([way, count]) => ({ way, count, rows: [] })) };
}

describe('moving to another ERP', () => {
  it('asks for every branch that has no new one, but not for stores that never had any', () => {
    const branches = [
      { old: '', new: '', stores: ['甲'] },
      { old: '1001', new: null, stores: ['乙'] },
      { old: '1002', new: '8802', stores: ['丙'] },
      { old: '1003', new: '', stores: ['丁'] },
    ];
    expect(openBranches(plan({}, branches))).toEqual(['1001', '1003']);
    expect(openBranches(undefined)).toEqual([]);
  });

  it('shows first what needs the manager, else the largest way', () => {
    expect(firstWay(plan({ ambiguous: 1, none: 2, barcode: 900 }).ways)).toBe('ambiguous');
    expect(firstWay(plan({ none: 2, barcode: 900 }).ways)).toBe('none');
    expect(firstWay(plan({ name: 3, barcode: 900 }).ways)).toBe('barcode');
    expect(firstWay([])).toBe('barcode');
  });

  it('counts what stays without a sure code: a choice of none settles nothing', () => {
    expect(unsure(plan({ ambiguous: 3, none: 2, barcode: 9 }), { 7: '90001', 8: '' })).toBe(4);
    expect(unsure(plan({ barcode: 9 }), {})).toBe(0);
  });
});
