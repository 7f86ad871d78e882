import type { ReactNode } from 'react';
import { t } from '../messages';

/** State of one item on one platform. */
export type SyncState = 'synced' | 'pending' | 'review' | 'warning' | 'rejected' | 'off' | 'none';

export const SYNC_STATES: readonly SyncState[] = ['synced', 'pending', 'review', 'warning', 'rejected', 'off', 'none'];

const DRAWINGS: Record<SyncState, ReactNode> = {
  synced: <circle cx="6" cy="6" r="2.25" fill="var(--dot)" />,
  pending: (
    <>
      <circle cx="6" cy="6" r="3.75" fill="none" stroke="var(--accent-text)" strokeWidth="1.5" />
      <path d="M6 2.25a3.75 3.75 0 0 1 0 7.5z" fill="var(--accent-text)" />
    </>
  ),
  review: (
    <g fill="none" stroke="var(--text3)" strokeWidth="1.3" strokeLinecap="round" strokeLinejoin="round">
      <circle cx="6" cy="6" r="4.4" />
      <path d="M6 3.6V6l1.7 1" />
    </g>
  ),
  warning: <path d="M6 1.2 11.2 10.6H.8z" fill="var(--amber-solid)" stroke="var(--amber-solid)" strokeWidth=".8" strokeLinejoin="round" />,
  rejected: (
    <>
      <rect x="1" y="1" width="10" height="10" rx="2" fill="var(--red-solid)" />
      <path d="M6 3.2v3.2M6 8.4v.3" stroke="#fff" strokeWidth="1.6" strokeLinecap="round" />
    </>
  ),
  off: <circle cx="6" cy="6" r="3.4" fill="none" stroke="var(--control3)" strokeWidth="1.5" />,
  none: <path d="M4 6h4" stroke="var(--control3)" strokeWidth="1.4" strokeLinecap="round" />,
};

export function stateName(state: SyncState): string {
  return t(`state.${state}`);
}

/** A 12 px drawing, shape before colour. `detail` follows the state's name in the label, e.g. 自 11:02. */
export function StateMark({ state, detail, decorative = false }: { state: SyncState; detail?: string; decorative?: boolean }): ReactNode {
  const name = detail ? `${stateName(state)} ${detail}` : stateName(state);
  return (
    <svg className="smark" width="12" height="12" viewBox="0 0 12 12" role={decorative ? undefined : 'img'} aria-hidden={decorative || undefined} aria-label={decorative ? undefined : name}>
      {decorative ? null : <title>{name}</title>}
      {DRAWINGS[state]}
    </svg>
  );
}

/** Drawing and word. */
export function State({ state, detail }: { state: SyncState; detail?: string }): ReactNode {
  return (
    <span className="state">
      <StateMark state={state} decorative />
      <span>{detail ?? stateName(state)}</span>
    </span>
  );
}
