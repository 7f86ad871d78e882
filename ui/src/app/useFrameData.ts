import { useMemo } from 'react';
import { useCall } from '../api/queries';
import { NO_DATA, type FrameData } from './frameData';

/** How often the frame looks again without being told, in milliseconds. */
const EVERY = 15_000;

/** Fills the frame from the api; what has not been answered yet stays empty. */
export function useFrameData(): FrameData {
  const stores = useCall('stores_list', {}, ['stores']).data?.stores;
  const status = useCall('app_status', {}, ['products', 'listings', 'bindings', 'orders', 'exceptions', 'stores', 'tasks', 'findings', 'settings', 'printing'], { every: EVERY });
  const app = status.data;
  const seen = status.dataUpdatedAt;
  return useMemo(() => {
    const list = stores?.map((store) => ({ id: String(store.id), name: store.name, platform: store.platform })) ?? [];
    if (!app) return { ...NO_DATA, stores: list };
    const reads = [app.orders_read_at, app.listings_read_at].filter((at) => at !== null);
    return {
      stores: list,
      counts: {
        listings: { value: app.listings, tone: 'plain' },
        matching: { value: app.unbound, tone: 'plain' },
        sync: { value: app.blocks, tone: 'amber' },
        exceptions: { value: app.exceptions, tone: 'red' },
        printing: { value: app.slips_asking, tone: 'amber' },
        stores: { value: app.dead_authorizations, tone: 'red' },
      },
      online: app.online,
      runningTasks: app.running_jobs,
      waitingToSend: app.outbox,
      lastReadAt: reads.length > 0 ? Math.max(...reads) : null,
      wait: app.throttled && app.throttled_ms > 0 ? { who: app.throttled.name, until: seen + app.throttled_ms } : null,
      printing: { printers: app.printers, down: app.printers_down, asks: app.slips_asking },
      backupAt: app.backup_at,
      fresh: app.stores === 0 && app.products === 0,
      begun: app.stores > 0 || app.products > 0,
    };
  }, [stores, app, seen]);
}
