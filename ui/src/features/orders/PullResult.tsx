import type { ReactNode } from 'react';
import type { OrdersPulledView, StoreView } from '../../api/generated';
import { sentence } from '../../shared/errors';
import { clock, grouped } from '../../shared/format';
import { t } from '../../shared/messages';
import { Button, PlatformMark, SeverityIcon } from '../../shared/ui';
import { IconX } from '../../shared/ui/icons';
import { r } from './messages';

/** What a reading brought, store by store; stores that failed stand first and say why. */
export function PullResult({ at, view, stores, onClose }: { at: number; view: OrdersPulledView; stores: readonly StoreView[]; onClose: () => void }): ReactNode {
  const sum = (pick: 'new' | 'changed'): number => view.stores.reduce((total, store) => total + store[pick], 0);
  const list = view.stores.toSorted((left, right) => Number(right.error !== null) - Number(left.error !== null));
  const lost = list.some((store) => store.error !== null);
  return (
    <section className={lost ? 'ord-pulled is-bad' : 'ord-pulled'} role="status">
      <div className="ord-pulled-head">
        <SeverityIcon severity={lost ? 'warning' : 'done'} />
        <b>{r('pull.title', { time: clock(at, true) })}</b>
        <span className="t2 grow">{r('pull.sum', { new: grouped(sum('new')), changed: grouped(sum('changed')), pushed: grouped(view.pushed), exceptions: grouped(view.exceptions) })}</span>
        <Button kind="text" size="row" icon={IconX} label={t('act.close')} onClick={onClose} />
      </div>
      <div className="ord-pulled-list">
        {list.map((one) => {
          const store = stores.find((candidate) => candidate.id === one.store);
          return (
            <span key={one.store} className="pname small">
              {store ? <PlatformMark platform={store.platform} /> : null}
              <span>{store?.name ?? one.store}</span>
              <span className={one.error ? 'red' : 't3'}>{one.error ? sentence(one.error) : one.new + one.changed === 0 ? r('pull.none') : r('pull.store', { new: grouped(one.new), changed: grouped(one.changed) })}</span>
            </span>
          );
        })}
      </div>
    </section>
  );
}
