/* The stores of the head's switch, as pages and the api need them. */
import { useMemo } from 'react';
import type { StoreView } from '../api/generated';
import { useCall } from '../api/queries';
import { inScope, useScope } from './scope';
import { byPlatformOrder } from './ui';

/** No store has this id: asks for nothing where an empty list would mean all. */
const NOWHERE = 0;

export interface ScopedStores {
  /** All of them, in the order of platforms. */
  all: readonly StoreView[];
  /** Those inside the switch. */
  shown: readonly StoreView[];
  /** Row ids for a request; empty means all. */
  ids: number[];
  /** The switch lets everything through. */
  everywhere: boolean;
  loaded: boolean;
}

const NO_STORES: readonly StoreView[] = [];

/** Stores inside the switch of the window head. */
export function useScopedStores(): ScopedStores {
  const { scope } = useScope();
  const list = useCall('stores_list', {}, ['stores', 'listings', 'bindings']).data?.stores;
  return useMemo(() => {
    const all = list ? list.toSorted((a, b) => byPlatformOrder(a.platform, b.platform) || a.id - b.id) : NO_STORES;
    const shown = all.filter((store) => inScope(scope, { id: String(store.id), platform: store.platform }));
    const everywhere = shown.length === all.length;
    return { all, shown, everywhere, ids: everywhere ? [] : shown.length > 0 ? shown.map((store) => store.id) : [NOWHERE], loaded: list !== undefined };
  }, [list, scope]);
}
