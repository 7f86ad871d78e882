import type { ReactNode } from 'react';
import { platformName, platformSign } from '../platforms';

export type Tone = 'neutral' | 'red' | 'amber' | 'green' | 'accent';

/** Neutral by default; a colour only when the word itself says blocked, soon or done. */
export function Tag({ tone = 'neutral', outline = false, children }: { tone?: Tone; outline?: boolean; children: ReactNode }): ReactNode {
  return <span className={`tag tag-${outline ? 'outline' : tone}`}>{children}</span>;
}

/** A tinted square with one sign. Stands alone only with its name as accessible label. */
export function PlatformMark({ platform, size = 16, decorative = false }: { platform: string; size?: 16 | 28; decorative?: boolean }): ReactNode {
  const sign = platformSign(platform);
  const name = platformName(platform);
  return (
    <span
      className={size === 28 ? 'pmark pmark-big' : 'pmark'}
      style={sign !== null ? { background: `var(--p-${platform})`, color: `var(--p-${platform}-t)` } : undefined}
      role={decorative ? undefined : 'img'}
      aria-hidden={decorative || undefined}
      aria-label={decorative ? undefined : name}
      title={decorative ? undefined : name}
    >
      {sign ?? [...name][0]}
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
