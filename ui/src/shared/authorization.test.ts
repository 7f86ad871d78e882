import { describe, expect, it } from 'vitest';
import type { AccountView } from '../api/generated';
import { authorization, byUrgency } from './authorization';

const NOW = Date.parse('2026-11-20T14:00:00+08:00');
const DAY = 86_400_000;
const account = (state: string, days: number | null): AccountView => ({ state, expires_at: days === null ? null : NOW + days * DAY }) as AccountView;

describe('an authorization', () => {
  it('counts whole days that are left and warns from seven', () => {
    expect(authorization(account('valid', 7.5), NOW)).toEqual({ kind: 'soon', days: 7 });
    expect(authorization(account('valid', 8), NOW)).toEqual({ kind: 'good', days: 8 });
    expect(authorization(account('valid', null), NOW)).toEqual({ kind: 'good', days: null });
  });
  it('is dead when its end has passed, and never when only the keychain is locked', () => {
    expect(authorization(account('valid', -0.1), NOW).kind).toBe('dead');
    expect(authorization(account('revoked', 30), NOW).kind).toBe('dead');
    expect(authorization(account('vault_unavailable', -3), NOW).kind).toBe('vault');
  });
  it('sorts dead first, then by days left, lasting ones last', () => {
    const list = [account('valid', null), account('valid', 90), account('valid', 2), account('expired', null), account('none', null)];
    expect(list.toSorted((a, b) => byUrgency(a, b, NOW)).map((one) => `${one.state}${one.expires_at === null ? '' : Math.round((one.expires_at - NOW) / DAY)}`)).toEqual(['expired', 'none', 'valid2', 'valid90', 'valid']);
  });
});
