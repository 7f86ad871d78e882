/*
 * The store and platform switch in the window head. It filters every page, and a page says
 * so in its subtitle. Kept here because pages may not import from app/.
 */
import { useMemo } from 'react';
import { useStored } from './hooks';

export interface Scope {
  /** One store, or null for all. */
  store: string | null;
  /** Platforms that are on; empty means all. */
  platforms: string[];
}

const EVERYWHERE: Scope = { store: null, platforms: [] };

export function useScope(): { scope: Scope; setScope: (next: Scope) => void } {
  const [scope, setScope] = useStored<Scope>('scope', EVERYWHERE);
  return useMemo(() => ({ scope, setScope }), [scope, setScope]);
}

/** A click leaves only this platform on, Ctrl+click adds or takes away, the last one off means all. */
export function togglePlatform(scope: Scope, platform: string, add: boolean): Scope {
  const on = scope.platforms.includes(platform);
  if (!add) return { store: null, platforms: on && scope.platforms.length === 1 ? [] : [platform] };
  return { store: null, platforms: on ? scope.platforms.filter((one) => one !== platform) : [...scope.platforms, platform] };
}

/** Whether a store is inside the scope. */
export function inScope(scope: Scope, store: { id: string; platform: string }): boolean {
  if (scope.store !== null) return scope.store === store.id;
  return scope.platforms.length === 0 || scope.platforms.includes(store.platform);
}
