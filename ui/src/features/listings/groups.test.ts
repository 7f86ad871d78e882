import { expect, test } from 'vitest';
import { arranged, changedParents, flattened, moved, movedTo } from './groups';

const groups = [
  { id: '1', name: '饮料', parent: '' },
  { id: '2', name: '水果', parent: '' },
  { id: '3', name: '零食', parent: '' },
  { id: '11', name: '水', parent: '1' },
  { id: '12', name: '茶', parent: '1' },
];
const order = arranged(groups);
const ids = (next: ReturnType<typeof arranged>): string[] => flattened(groups, next).map((row) => row.group.id);

test('children stay below their parent wherever it goes', () => {
  expect(ids(order)).toEqual(['1', '11', '12', '2', '3']);
  expect(ids(moved(order, '1', 1))).toEqual(['2', '1', '11', '12', '3']);
});

test('nothing moves beyond its siblings', () => {
  expect(moved(order, '3', 1).get('')).toEqual(['1', '2', '3']);
  expect(moved(order, '11', -1).get('1')).toEqual(['11', '12']);
  expect(movedTo(order, '11', '2')).toBe(order);
});

test('dragging takes the place of the one below the hand, in both directions', () => {
  expect(movedTo(order, '1', '3').get('')).toEqual(['2', '3', '1']);
  expect(movedTo(order, '3', '1').get('')).toEqual(['3', '1', '2']);
});

test('only parents whose children moved are saved', () => {
  expect(changedParents(order, order)).toEqual([]);
  expect(changedParents(order, moved(order, '12', -1))).toEqual(['1']);
});
