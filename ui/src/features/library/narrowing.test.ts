import { describe, expect, it } from 'vitest';
import { isSame, narrowingOf, readViews, withView } from './narrowing';

describe('saved views', () => {
  it('keep what narrows and nothing else', () => {
    expect(narrowingOf({ q: '奶', view: 'all', category: 3, open: 7, state: '', from: 100, create: true })).toEqual({ q: '奶', category: 3, from: 100 });
    expect(isSame({ state: 'pending', q: '奶' }, { q: '奶', state: 'pending', view: 'all' })).toBe(true);
    expect(isSame({ from: 100 }, { to: 100 })).toBe(false);
  });
  it('come back as they were written, without what is damaged', () => {
    const views = [{ name: '酒水待同步', category: 4, state: 'pending' }];
    expect(readViews(JSON.stringify(views))).toEqual(views);
    expect(readViews(JSON.stringify([...views, { state: 'off' }, '酒水', null]))).toEqual(views);
    expect(readViews('{')).toEqual([]);
    expect(readViews(undefined)).toEqual([]);
  });
  it('are replaced under the same name where they stand', () => {
    const views = [{ name: '甲' }, { name: '乙' }];
    expect(withView(views, { name: '甲', q: '奶' })).toEqual([{ name: '甲', q: '奶' }, { name: '乙' }]);
    expect(withView(views, { name: '丙' })).toHaveLength(3);
  });
});
