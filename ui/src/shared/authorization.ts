/* How long an authorization still holds, and which of them asks for a hand first. */
import type { AccountView } from '../api/generated';

const DAY = 86_400_000;
/** From here on a store's end is told in amber. */
export const SOON_DAYS = 7;
/** A full bar. */
export const LONG_DAYS = 180;

export interface Authorization {
  /** `vault`: the keychain is closed, so nothing is known; that is never a reason to authorize again. */
  kind: 'dead' | 'none' | 'vault' | 'soon' | 'good';
  /** Whole days left; null when it does not end. */
  days: number | null;
}

export function authorization(account: AccountView, now: number): Authorization {
  const days = account.expires_at === null ? null : Math.floor((account.expires_at - now) / DAY);
  if (account.state === 'vault_unavailable') return { kind: 'vault', days };
  if (account.state === 'none') return { kind: 'none', days };
  if (account.state !== 'valid' || (account.expires_at !== null && account.expires_at <= now)) return { kind: 'dead', days };
  return { kind: days !== null && days <= SOON_DAYS ? 'soon' : 'good', days };
}

const ORDER: Record<Authorization['kind'], number> = { dead: 0, none: 1, vault: 2, soon: 3, good: 3 };

/** Dead first, then by days left; what lasts comes last. */
export function byUrgency(left: AccountView, right: AccountView, now: number): number {
  const a = authorization(left, now);
  const b = authorization(right, now);
  return ORDER[a.kind] - ORDER[b.kind] || (a.days ?? Infinity) - (b.days ?? Infinity) || 0;
}
