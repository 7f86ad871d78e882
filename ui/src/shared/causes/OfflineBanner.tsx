import { useNavigate } from '@tanstack/react-router';
import { useSyncExternalStore, type ReactNode } from 'react';
import { useCall } from '../../api/queries';
import { grouped } from '../format';
import { Banner, Button } from '../ui';
import { c } from './messages';
import './causes.css';

function subscribe(listener: () => void): () => void {
  globalThis.addEventListener('online', listener);
  globalThis.addEventListener('offline', listener);
  return () => {
    globalThis.removeEventListener('online', listener);
    globalThis.removeEventListener('offline', listener);
  };
}

/** Whether nothing can be reached: the machine has no network, or the last call did not get through. */
export function useOffline(): { offline: boolean; waiting: number } {
  const line = useSyncExternalStore(subscribe, () => navigator.onLine);
  const status = useCall('app_status', {}, ['orders', 'tasks', 'stores']).data;
  // The demo shop lives on this machine and needs no network.
  return { offline: status ? !status.online || (!line && !status.demo) : false, waiting: status?.outbox ?? 0 };
}

/** Stands above the body of pages that need the network, and nowhere else. */
export function OfflineBanner(): ReactNode {
  const { offline, waiting } = useOffline();
  const navigate = useNavigate();
  if (!offline) return null;
  return (
    <div className="page-banner">
      <Banner
        title={c('offline.title')}
        action={
          waiting > 0 ? (
            <Button kind="link" onClick={() => void navigate({ to: '/tasks' as '/' })}>
              {c('offline.look', { n: grouped(waiting) })}
            </Button>
          ) : null
        }
      >
        {c('offline.note', { n: grouped(waiting) })}
      </Banner>
    </div>
  );
}
