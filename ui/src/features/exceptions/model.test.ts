import { act, renderHook } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { OrderRow, RemedyView } from '../../api/generated';
import { remediesOf, useHeld } from './model';

const row = (id: number): OrderRow => ({ id }) as OrderRow;
const remedy = (kind: string): RemedyView => ({ kind, params: {}, action: { kind }, opens: '', sure: true });

describe('the held list', () => {
  it('lets what is gone leave and keeps what is new waiting until it is taken in', () => {
    const { result, rerender } = renderHook(({ rows }) => useHeld('F01a', rows), { initialProps: { rows: [row(1), row(2)] } });
    rerender({ rows: [row(3), row(2), row(4)] });
    expect(result.current.shown.map((one) => one.id)).toEqual([2]);
    expect(result.current.fresh).toBe(2);
    act(() => result.current.take());
    expect(result.current.shown.map((one) => one.id)).toEqual([3, 2, 4]);
    expect(result.current.fresh).toBe(0);
  });
  it('takes new orders in at once when nothing is shown, and starts anew with another cause', () => {
    const { result, rerender } = renderHook(({ key, rows }) => useHeld(key, rows), { initialProps: { key: 'F01a', rows: [] as OrderRow[] } });
    rerender({ key: 'F01a', rows: [row(1)] });
    expect(result.current.shown.map((one) => one.id)).toEqual([1]);
    rerender({ key: 'F24', rows: [row(8), row(9)] });
    expect(result.current.shown.map((one) => one.id)).toEqual([8, 9]);
  });
});

describe('remedies of an unknown outcome', () => {
  it('are only closing and pushing again, whatever else is offered', () => {
    const shown = remediesOf('UNKNOWN', [remedy('close_order'), remedy('reread')], 7);
    expect(shown.map((one) => one.kind)).toEqual(['close_order', 'repush']);
    expect(shown[1]?.action).toEqual({ kind: 'repush', order: 7 });
  });
  it('leave other causes alone', () => {
    expect(remediesOf('F24', [remedy('verify_erp_switch'), remedy('repush')], 7)).toHaveLength(2);
  });
});
