import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ExceptionGroupView, ExceptionsView } from '../../api/generated';
import { c, causeName } from '../../shared/causes';
import { grouped } from '../../shared/format';
import { byPlatformOrder, Money, PlatformMark, SeverityIcon } from '../../shared/ui';
import { e } from './messages';

/** Causes by urgency; what solved itself stands below in grey, so that silence is explained. */
export function Causes({ view, open, onOpen }: { view: ExceptionsView; open: string | null; onOpen: (cause: string) => void }): ReactNode {
  const navigate = useNavigate();
  const healed = view.healed_today.reduce((sum, one) => sum + one.orders, 0);
  return (
    <nav className="exc-causes" aria-label={e('causes.title')}>
      <div className="exc-head small t2">
        <span className="grow">{e('causes.title')}</span>
        {e('causes.sum')}
      </div>
      <div className="exc-scroll">
        {view.groups.map((group) => (
          <Cause key={group.cause} group={group} open={group.cause === open} onOpen={() => onOpen(group.cause)} />
        ))}
        {healed > 0 ? (
          <button type="button" className="exc-healed" onClick={() => void navigate({ to: '/orders' as '/', search: { view: 'healed' } as never })}>
            <SeverityIcon severity="done" />
            <span className="grow">{e('healed.title', { n: grouped(healed) })}</span>
          </button>
        ) : null}
        {view.healed_today.map((one) => (
          <div key={one.cause} className="exc-healedrow">
            <span className="grow cut" title={causeName(one.cause)}>
              {causeName(one.cause)}
            </span>
            {grouped(one.orders)}
          </div>
        ))}
      </div>
      <p className="exc-foot small t3">{e('foot.note')}</p>
    </nav>
  );
}

function Cause({ group, open, onOpen }: { group: ExceptionGroupView; open: boolean; onOpen: () => void }): ReactNode {
  const platforms = [...new Set(group.stores.map((store) => store.platform))].toSorted(byPlatformOrder);
  const [only] = group.stores;
  const where = group.stores.length === 1 && only ? only.name : c('stores.count', { n: group.stores.length });
  return (
    <button type="button" className={open ? 'exc-cause is-open' : 'exc-cause'} aria-current={open || undefined} onClick={onOpen}>
      <SeverityIcon severity={group.cause === 'UNKNOWN' ? 'warning' : 'error'} />
      <span className="exc-cause-name">
        <b className="grow cut" title={causeName(group.cause)}>
          {causeName(group.cause)}
        </b>
        <b>{grouped(group.orders)}</b>
      </span>
      <span className="exc-cause-where small t2">
        <span className="exc-marks">
          {platforms.map((platform) => (
            <PlatformMark key={platform} platform={platform} />
          ))}
        </span>
        <span className="grow cut">
          {where}
          {group.items > 0 && group.stores.length > 1 && group.cause !== 'UNKNOWN' ? `　${e('causes.items', { n: grouped(group.items) })}` : ''}
        </span>
        <Money fen={group.total_fen} />
      </span>
      {group.stopped > 0 ? <span className="exc-cause-stopped small t3">{e('causes.stopped', { n: grouped(group.stopped) })}</span> : null}
    </button>
  );
}
