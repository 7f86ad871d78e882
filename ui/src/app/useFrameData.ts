import { useMemo } from 'react';
import { useCall } from '../api/queries';
import { NO_DATA, type FrameData } from './frameData';

/** Fills the frame from the api; what has not been answered yet stays empty. */
export function useFrameData(): FrameData {
  const stores = useCall('stores_list', {}, ['stores']).data?.stores;
  const nothing = stores?.length === 0;
  const products = useCall('products_list', { search: '', view: 'all', stores: null, sort: null, offset: 0, limit: 1 }, ['products'], { enabled: nothing }).data?.total;
  return useMemo(() => {
    const dead = stores?.filter((store) => store.state === 'expired' || store.state === 'revoked').length ?? 0;
    return {
      ...NO_DATA,
      stores: stores?.map((store) => ({ id: String(store.id), name: store.name, platform: store.platform })) ?? [],
      fresh: nothing && products === 0,
      counts: { stores: { value: dead, tone: 'red' } },
    };
  }, [stores, nothing, products]);
}
