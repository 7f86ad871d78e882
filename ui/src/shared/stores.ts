/* The stores that the switch in the window head leaves on, for requests that take store ids. */
import { useMemo } from 'react';
import type { StoreView } from '../api/generated';
import { useCall } from '../api/queries';
import { inScope, useScope } from './scope';
import { byPlatformOrder } from './ui';

export interface ScopeStores {
  /** For the api: empty means all. */
  ids: number[];
  everywhere: boolean;
  /** Those inside the scope. */
  stores: readonly StoreView[];
  /** Every store, in the order of platforms. */
  all: readonly StoreView[];
  /** The list has been read. */
  loaded: boolean;
}

const NONE: readonly StoreView[] = [];

/** A request for no store at all must not read as "all stores". */
const NO_STORE = -1;

export function useScopeStores(): ScopeStores {
  const { scope } = useScope();
  const list = useCall('stores_list', {}, ['stores', 'listings', 'bindings']).data?.stores;
  return useMemo(() => {
    const all = list?.toSorted((a, b) => byPlatformOrder(a.platform, b.platform) || a.id - b.id) ?? NONE;
    const stores = all.filter((store) => inScope(scope, { id: String(store.id), platform: store.platform }));
    const everywhere = scope.store === null && scope.platforms.length === 0;
    const ids = stores.map((store) => store.id);
    return { ids: everywhere ? [] : ids.length === 0 ? [NO_STORE] : ids, everywhere, stores, all, loaded: list !== undefined };
  }, [list, scope]);
}
