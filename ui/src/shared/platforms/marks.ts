import { p } from './messages';

/** Platforms in their fixed order, each with its one sign. */
const MARKS = {
  meituan_waimai: '外',
  meituan_shangou: '闪',
  eleme: '饿',
  ebai: '百',
  jddj: '京',
  douyin_laike: '客',
  doudian: '达',
  taobao: '淘',
  amazon: 'A',
} as const;

type Marked = keyof typeof MARKS;

/** Ids of the marked platforms, in the order every page uses. */
export const PLATFORM_ORDER: readonly string[] = Object.keys(MARKS);

/** Names of platforms this table does not know, from their connector's descriptor. */
const described = new Map<string, string>();

function isMarked(platform: string): platform is Marked {
  return Object.hasOwn(MARKS, platform);
}

/** Tells the marks the names of the connected platforms (from the descriptors). */
export function describePlatforms(list: readonly { id: string; name: string }[]): void {
  for (const one of list) described.set(one.id, one.name);
}

/** Sorts platform ids in the order every page uses; unmarked ones come last. */
export function byPlatformOrder(left: string, right: string): number {
  const place = (id: string): number => {
    const at = PLATFORM_ORDER.indexOf(id);
    return at < 0 ? PLATFORM_ORDER.length : at;
  };
  return place(left) - place(right) || left.localeCompare(right);
}

/** The platform's own name. */
export function platformName(platform: string): string {
  return isMarked(platform) ? p(`name.${platform}`) : (described.get(platform) ?? platform);
}

/** The platform's one sign; null for a platform without a mark of its own. */
export function platformSign(platform: string): string | null {
  return isMarked(platform) ? MARKS[platform] : null;
}
