import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useSyncExternalStore, type ReactNode } from 'react';
import type { StockRow, StoreView, SyncState, Workbench } from '../../api/generated';
import { authorization, byUrgency, LONG_DAYS } from '../../shared/authorization';
import { grouped } from '../../shared/format';
import { useNow } from '../../shared/hooks';
import { byPlatformOrder, Button, Empty, Panel, Platform, PlatformMark, TimeText } from '../../shared/ui';
import { joined } from '../../shared/messages';
import { w, type WorkbenchWord } from './messages';

const HoursChart = lazy(() => import('./Hours'));

/** Days left, dead ones first. Days, not dates. */
export function Authorizations({ stores }: { stores: readonly StoreView[] }): ReactNode {
  const now = useNow();
  const navigate = useNavigate();
  const sorted = stores.toSorted((left, right) => byUrgency(left.account, right.account, now) || byPlatformOrder(left.platform, right.platform));
  const kinds = sorted.map((store) => authorization(store.account, now).kind);
  const dead = kinds.filter((kind) => kind === 'dead').length;
  const soon = kinds.filter((kind) => kind === 'soon').length;
  const note = joined([w('auth.note', { n: stores.length }), dead > 0 ? w('auth.dead', { n: dead }) : '', soon > 0 ? w('auth.soon', { n: soon }) : ''].filter((part) => part !== ''));
  const open = (store: StoreView, authorize: boolean): void => void navigate({ to: '/stores' as '/', search: { store: store.id, ...(authorize ? { authorize: true } : {}) } as never });
  return (
    <Panel
      flush
      className="wb-auth"
      title={w('auth.title')}
      note={note}
      actions={
        <Button kind="link" onClick={() => void navigate({ to: '/stores' as '/' })}>
          {w('auth.all')}
        </Button>
      }
    >
      {stores.length === 0 ? (
        <Empty title={w('auth.store.none')} actions={<Button onClick={() => void navigate({ to: '/stores' as '/', search: { add: true } as never })}>{w('auth.connect')}</Button>} />
      ) : (
        <div className="wb-scroll">
          {sorted.map((store) => (
            <AuthRow key={store.id} store={store} now={now} onOpen={open} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function AuthRow({ store, now, onOpen }: { store: StoreView; now: number; onOpen: (store: StoreView, authorize: boolean) => void }): ReactNode {
  const { kind, days } = authorization(store.account, now);
  const word = kind === 'dead' ? w('auth.expired') : kind === 'none' ? w('auth.none') : kind === 'vault' ? w('auth.vault') : days === null ? w('auth.forever') : w('auth.days', { n: days });
  const asks = kind === 'dead' || kind === 'none' || kind === 'soon';
  return (
    <div className="wb-authrow">
      <PlatformMark platform={store.platform} />
      <button type="button" className="wb-open wb-plain cut grow" title={store.name} onClick={() => onOpen(store, false)}>
        {store.name}
      </button>
      {asks ? (
        <Button kind="link" onClick={() => onOpen(store, true)}>
          {kind === 'soon' ? w('auth.renew') : w('auth.again')}
        </Button>
      ) : null}
      {kind === 'good' || kind === 'soon' ? (
        <span className="bar wb-authbar" aria-hidden>
          <span className={kind === 'soon' ? 'bar-amber' : 'bar-dot'} style={{ width: `${days === null ? 100 : Math.max(4, Math.min(100, (days / LONG_DAYS) * 100))}%` }} />
        </span>
      ) : null}
      <span className={`wb-days num ${kind === 'dead' || kind === 'none' ? 'red strong' : kind === 'soon' || kind === 'vault' ? 'amber strong' : 't2'}`}>{word}</span>
    </div>
  );
}

export function SyncPanel({ list }: { list: readonly SyncState[] }): ReactNode {
  const navigate = useNavigate();
  const confirmed = list.reduce((sum, one) => sum + one.confirmed_today, 0);
  return (
    <Panel
      flush
      title={w('sync.title')}
      note={w('sync.note', { n: grouped(confirmed) })}
      actions={
        <Button kind="link" onClick={() => void navigate({ to: '/tasks' as '/' })}>
          {w('sync.tasks')}
        </Button>
      }
    >
      {list.length === 0 ? (
        <Empty title={w('sync.none')} />
      ) : (
        <div className="wb-scroll">
          <table className="wb-small">
            <thead>
              <tr>
                <th>{w('sync.platform')}</th>
                <th className="num">{w('sync.queued')}</th>
                <th className="num">{w('sync.review')}</th>
                <th className="num">{w('sync.rejected')}</th>
                <th className="num">{w('sync.last')}</th>
              </tr>
            </thead>
            <tbody>
              {list
                .toSorted((left, right) => byPlatformOrder(left.platform, right.platform))
                .map((one) => (
                  <tr key={one.platform}>
                    <td>
                      <Platform platform={one.platform} />
                    </td>
                    <td className="num">{grouped(one.queued)}</td>
                    <td className="num">{grouped(one.in_review)}</td>
                    <td className={one.rejected > 0 ? 'num red strong' : 'num'}>{grouped(one.rejected)}</td>
                    <td className="num t2">{one.last_at === null ? '–' : <TimeText at={one.last_at} />}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

export function StockPanel({ rows }: { rows: readonly StockRow[] }): ReactNode {
  const navigate = useNavigate();
  const figure = (value: number | null): string => (value === null ? '–' : grouped(value));
  return (
    <Panel
      flush
      title={w('stock.title')}
      note={w('stock.note', { n: rows.length })}
      actions={
        <Button kind="link" onClick={() => void navigate({ to: '/stock' as '/' })}>
          {w('stock.all')}
        </Button>
      }
    >
      {rows.length === 0 ? (
        <Empty title={w('stock.none')} />
      ) : (
        // Scrolls, so it takes focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="wb-scroll" tabIndex={0} role="region" aria-label={w('stock.title')}>
          <table className="wb-small">
            <thead>
              <tr>
                <th>{w('stock.name')}</th>
                <th className="num">{w('stock.erp')}</th>
                <th className="num">{w('stock.platform')}</th>
                <th className="num">{w('stock.state')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => {
                const soldOut = row.state === 'oversold' && (row.wanted ?? 0) <= 0;
                const key = `stock.${soldOut ? 'soldout' : row.state}`;
                const surplus = (row.platform ?? 0) - (row.wanted ?? 0);
                const word = key in w.tables['zh-CN'] ? w(key as WorkbenchWord, { n: surplus }) : row.state;
                return (
                  <tr key={row.listing_sku}>
                    <td>
                      <span className="pname" title={`${row.store.name}　${row.name}`}>
                        <PlatformMark platform={row.store.platform} />
                        <span className="cut">{row.name}</span>
                      </span>
                    </td>
                    <td className={row.erp === 0 ? 'num red strong' : 'num'}>{figure(row.erp)}</td>
                    <td className="num">{figure(row.platform)}</td>
                    <td className={soldOut ? 'num red' : 'num amber'}>{word}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function subscribeTheme(listener: () => void): () => void {
  const watch = new MutationObserver(listener);
  watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => watch.disconnect();
}

export function HoursPanel({ data, day }: { data: Workbench; day: string }): ReactNode {
  const theme = useSyncExternalStore(subscribeTheme, () => document.documentElement.dataset['theme'] ?? 'light');
  const peak = data.hourly.reduce((best, n, hour) => (n > (data.hourly[best] ?? 0) ? hour : best), 0);
  const most = data.hourly[peak] ?? 0;
  const before = data.hourly_before.reduce((sum, n) => sum + n, 0);
  return (
    <Panel
      className="wb-hours"
      title={w('hours.title')}
      actions={
        <span className="wb-legend small t2">
          <i className="is-now" /> {day}
          <i className="is-before" /> {w('hours.before')}
        </span>
      }
    >
      {most + before === 0 ? (
        <Empty title={w('hours.none')} />
      ) : (
        <>
          <Suspense fallback={<div className="wb-chart" />}>
            <HoursChart now={data.hourly} before={data.hourly_before} theme={theme} label={w('hours.alt', { hour: peak, n: most })} />
          </Suspense>
          <div className="wb-hoursfoot small t2">
            <span>{most > 0 ? w('hours.peak', { hour: peak, n: grouped(most) }) : ''}</span>
            <span>{w('hours.total', { n: grouped(before) })}</span>
          </div>
        </>
      )}
    </Panel>
  );
}
