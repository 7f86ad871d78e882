import { expect, test } from 'vitest';
import { above, inSight, treeOf } from './model';

const one = (id: string, parent: string, name: string, leaf: boolean): { id: string; parent: string; name: string; leaf: boolean; forbidden: boolean } => ({ id, parent, name, leaf, forbidden: false });
const tree = treeOf([one('1', '', '饮料乳品', false), one('2', '', '水果', false), one('11', '1', '包装水', true), one('12', '1', '果汁', true), one('21', '2', '苹果', true), one('9', '404', '散着的', true)]);

test('children stand below their parent, and what has no known parent at the first level', () => {
  expect(tree.lines.map((line) => line.category.id)).toEqual(['1', '11', '12', '2', '21', '9']);
  expect(tree.byId.get('12')?.path).toEqual(['饮料乳品', '果汁']);
  expect(above(tree, '12')).toEqual(['1']);
});

test('only unfolded branches show what is below them', () => {
  const ids = (open: string[]): string[] => inSight(tree, new Set(open), '').map((line) => line.category.id);
  expect(ids([])).toEqual(['1', '2', '9']);
  expect(ids(['2'])).toEqual(['1', '2', '21', '9']);
});

test('a search gives last levels only, those that are called so first', () => {
  const ids = (query: string): string[] => inSight(tree, new Set(), query).map((line) => line.category.id);
  expect(ids('水')).toEqual(['11', '21']);
  expect(ids('饮料 果')).toEqual(['12']);
  expect(ids('不存在')).toEqual([]);
});

test('a tree that runs in a circle ends', () => {
  expect(treeOf([one('a', 'a', '自己', false)]).lines).toHaveLength(1);
});
