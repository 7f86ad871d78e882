import { describe, expect, it } from 'vitest';
import { FAMILIES } from './families';
import { OFFERED_FIRST } from './firstStart';
import { byPlatformOrder, describePlatforms, PLATFORM_ORDER, platformName, platformSign } from './marks';

describe('platform marks', () => {
  it('stand in one order, platforms without a mark last', () => {
    expect(['zzz', 'ebai', 'meituan_waimai', 'aaa', 'eleme'].toSorted(byPlatformOrder)).toEqual(['meituan_waimai', 'eleme', 'ebai', 'aaa', 'zzz']);
  });
  it('name a platform without a mark by its descriptor, else by its id', () => {
    expect(platformName('new_one')).toBe('new_one');
    describePlatforms([{ id: 'new_one', name: '新平台' }, { id: 'ebai', name: '别名' }]);
    expect(platformName('new_one')).toBe('新平台');
    expect(platformName('ebai')).toBe('饿百零售');
    expect(platformSign('new_one')).toBeNull();
  });
  it('take no property of every object for a mark', () => {
    expect(platformSign('constructor')).toBeNull();
    expect(platformName('constructor')).toBe('constructor');
  });
  it('exist for every platform the families and the first page show', () => {
    const shown = [...FAMILIES.flatMap((family) => [family.yes, family.no]), ...OFFERED_FIRST];
    expect(shown.filter((id) => !PLATFORM_ORDER.includes(id))).toEqual([]);
    expect(new Set(FAMILIES.flatMap((family) => [family.yes, family.no])).size).toBe(2 * FAMILIES.length);
  });
});
