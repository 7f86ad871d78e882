/* The stores that the switch in the window head leaves on, for requests that take store ids. */
import { useMemo } from 'react';
import type { StoreView } from '../api/generated';
import { useCall } from '../api/queries';
import { inScope, useScope } from './scope';

export interface ScopeStores {
  /** For the api: empty means all. */
  ids: number[];
  everywhere: boolean;
  /** Those inside the scope. */
  stores: readonly StoreView[];
}

const NONE: readonly StoreView[] = [];

/** A request for no store at all must not read as "all stores". */
const NO_STORE = -1;

export function useScopeStores(): ScopeStores {
  const { scope } = useScope();
  const list = useCall('stores_list', {}, ['stores']).data?.stores;
  return useMemo(() => {
    const stores = list?.filter((store) => inScope(scope, { id: String(store.id), platform: store.platform })) ?? NONE;
    const everywhere = scope.store === null && scope.platforms.length === 0;
    const ids = stores.map((store) => store.id);
    return { ids: everywhere ? [] : ids.length === 0 ? [NO_STORE] : ids, everywhere, stores };
  }, [list, scope]);
}
