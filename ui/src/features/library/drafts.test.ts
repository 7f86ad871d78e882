import { describe, expect, it } from 'vitest';
import { cellKey, draft, NO_DRAFTS, redoDraft, undoDraft } from './drafts';

const price = (value: string) => ({ product: 1, sku: 2, field: 'price', old: '3.00', value });
const KEY = cellKey(1, 2, 'price');

describe('drafts', () => {
  it('keep the library value beside the new one', () => {
    expect(draft(NO_DRAFTS, [price('3.50')]).cells.get(KEY)).toEqual(price('3.50'));
  });
  it('vanish when the value is what the library holds', () => {
    expect(draft(draft(NO_DRAFTS, [price('3.50')]), [price('3.00')]).cells.size).toBe(0);
  });
  it('undo and redo step by step, and a new edit forgets what was undone', () => {
    const two = draft(draft(NO_DRAFTS, [price('3.50')]), [price('4.00')]);
    const one = undoDraft(two);
    expect(one.cells.get(KEY)?.value).toBe('3.50');
    expect(redoDraft(one).cells.get(KEY)?.value).toBe('4.00');
    expect(redoDraft(draft(one, [price('5.00')])).cells.get(KEY)?.value).toBe('5.00');
    expect(undoDraft(undoDraft(undoDraft(two))).cells.size).toBe(0);
  });
});
