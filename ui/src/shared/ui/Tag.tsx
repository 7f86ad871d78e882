import type { ReactNode } from 'react';
import { t } from '../messages';

export type Tone = 'neutral' | 'red' | 'amber' | 'green' | 'accent';

/** Neutral by default; a colour only when the word itself says blocked, soon or done. */
export function Tag({ tone = 'neutral', outline = false, children }: { tone?: Tone; outline?: boolean; children: ReactNode }): ReactNode {
  return <span className={`tag tag-${outline ? 'outline' : tone}`}>{children}</span>;
}

/** Platforms in their fixed order, each with its one sign. */
const MARKS: Record<string, string> = {
  meituan_waimai: '外',
  meituan_shangou: '闪',
  eleme: '饿',
  ebai: '百',
  jddj: '京',
  douyin_laike: '客',
  doudian: '达',
  taobao: '淘',
  amazon: 'A',
};
const ORDER = Object.keys(MARKS);

/** Names of platforms this table does not know, from their connector's descriptor. */
const described = new Map<string, string>();

/** Tells the marks the names of the connected platforms (from the descriptors). */
export function describePlatforms(list: readonly { id: string; name: string }[]): void {
  for (const one of list) described.set(one.id, one.name);
}

/** Sorts platform ids in the order every page uses. */
export function byPlatformOrder(left: string, right: string): number {
  const place = (id: string): number => {
    const at = ORDER.indexOf(id);
    return at < 0 ? ORDER.length : at;
  };
  return place(left) - place(right) || left.localeCompare(right);
}

/** The platform's own name. */
export function platformName(platform: string): string {
  return platform in MARKS ? t(`platform.${platform}` as 'platform.eleme') : (described.get(platform) ?? platform);
}

/** A tinted square with one sign. Stands alone only with its name as accessible label. */
export function PlatformMark({ platform, size = 16, decorative = false }: { platform: string; size?: 16 | 28; decorative?: boolean }): ReactNode {
  const known = platform in MARKS;
  const name = platformName(platform);
  return (
    <span
      className={size === 28 ? 'pmark pmark-big' : 'pmark'}
      style={known ? { background: `var(--p-${platform})`, color: `var(--p-${platform}-t)` } : undefined}
      role={decorative ? undefined : 'img'}
      aria-hidden={decorative || undefined}
      aria-label={decorative ? undefined : name}
      title={decorative ? undefined : name}
    >
      {MARKS[platform] ?? [...name][0]}
    </span>
  );
}

/** Mark and name. */
export function Platform({ platform, children }: { platform: string; children?: ReactNode }): ReactNode {
  return (
    <span className="pname">
      <PlatformMark platform={platform} decorative />
      <span className="cut">{children ?? platformName(platform)}</span>
    </span>
  );
}
