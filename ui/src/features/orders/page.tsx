import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { OrderRow, OrdersPulledView, RefundNumberView } from '../../api/generated';
import { markChanged, useVersion } from '../../api/queries';
import { ColumnMenu, DensityMenu, Grid, type Columns, type GridHandle, type RowSource } from '../../grid';
import { failed, OfflineBanner } from '../../shared/causes';
import { grouped, money } from '../../shared/format';
import { useDebounced, useEscape, useKeys, useNow } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { rangeOf, type RangeId } from '../../shared/ranges';
import { NoStores } from '../../shared/NoStores';
import { useScopeStores } from '../../shared/stores';
import { Button, Empty, PageHead, SearchBox, Tabs, Toolbar } from '../../shared/ui';
import { IconRefreshCw } from '../../shared/ui/icons';
import { orderColumns } from './columns';
import { orderPages } from './cursors';
import { r, type OrdersWord } from './messages';
import { OrderDrawer } from './OrderDrawer';
import { PullResult } from './PullResult';
import './orders.css';

const VIEWS = ['all', 'open', 'exception', 'waiting', 'pushed', 'closed', 'late', 'healed', 'by_default'] as const;
const RANGES: readonly RangeId[] = ['today', 'yesterday', 'week', 'month', 'all'];

interface Search {
  q?: string;
  view?: string;
  range?: RangeId;
  open?: number;
}

export default function OrdersPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const put = (next: Search): void => void navigate({ search: { ...search, ...next } as never, replace: true });
  const view = search.view ?? 'all';
  const range = RANGES.find((one) => one === search.range) ?? 'week';
  const [typed, setTyped] = useState(search.q ?? '');
  const query = useDebounced(typed.trim());
  const [sums, setSums] = useState<{ total: number; fen: number; counts: Record<string, number> }>({ total: 0, fen: 0, counts: {} });
  const [refund, setRefund] = useState<RefundNumberView | null>(null);
  const [columns, setColumns] = useState<Columns<OrderRow> | null>(null);
  const [pulled, setPulled] = useState<{ at: number; view: OrdersPulledView } | null>(null);
  const [pulling, setPulling] = useState(false);
  const grid = useRef<GridHandle<OrderRow>>(null);
  const client = useQueryClient();
  const scope = useScopeStores();
  const now = useNow();
  const version = useVersion(['orders', 'exceptions']);
  const storeKey = scope.ids.join(',');
  const { from, to } = rangeOf(range, now);

  const source = useMemo<RowSource<OrderRow>>(() => {
    const stores = storeKey === '' ? [] : storeKey.split(',').map(Number);
    const pages = orderPages({ stores, view, search: query, from, to });
    return {
      id: JSON.stringify([query, view, storeKey, from, to]),
      version,
      async fetch(request) {
        const page = await pages(request);
        setSums({ total: page.total, fen: page.total_fen, counts: page.counts });
        setRefund(page.refund);
        return { total: page.total, rows: page.rows };
      },
    };
  }, [query, view, storeKey, from, to, version, setSums, setRefund]);
  const shown = useMemo(() => orderColumns(now), [now]);

  const pull = async (): Promise<void> => {
    if (pulling) return;
    setPulling(true);
    try {
      setPulled({ view: await call('orders_pull', { stores: scope.ids }), at: Date.now() });
    } catch (cause) {
      failed(cause);
    } finally {
      setPulling(false);
      markChanged(client, ['orders', 'exceptions', 'stores']);
    }
  };
  useKeys({ F5: () => void pull() });
  usePaletteActions([{ id: 'orders.pull', label: r('act.pull'), words: 'pull duqu dq dd', run: () => void pull() }]);
  useEscape(typed !== '' && search.open === undefined, () => setTyped(''));

  const filtered = query !== '' || view !== 'all' || !scope.everywhere;
  return (
    <div className="page">
      <PageHead
        title={r('title')}
        actions={
          <Button icon={IconRefreshCw} hint="F5" busy={pulling ? r('act.pulling') : null} onClick={() => void pull()}>
            {r('act.pull')}
          </Button>
        }
      >
        <Tabs
          label={r('views')}
          value={view}
          onChange={(id) => put({ view: id })}
          items={VIEWS.map((id) => {
            const count = sums.counts[id];
            const label = r(`view.${id}` as OrdersWord);
            return count === undefined || (count === 0 && id !== 'all') ? { id, label } : { id, label, count: grouped(count) };
          })}
        />
      </PageHead>
      <OfflineBanner />
      <Toolbar
        tools={
          <>
            <DensityMenu />
            <ColumnMenu columns={columns} />
          </>
        }
      >
        <SearchBox main value={typed} placeholder={r('search')} onChange={setTyped} />
        <Tabs look="segment" label={r('range.label')} value={range} onChange={(id) => put({ range: id as RangeId })} items={RANGES.map((id) => ({ id, label: r(`range.${id}`) }))} />
        <span className="t3 small">{r('basis')}</span>
        {filtered ? (
          <Button
            kind="link"
            onClick={() => {
              setTyped('');
              put({ view: 'all' });
            }}
          >
            {t('act.reset')}
          </Button>
        ) : null}
      </Toolbar>
      {pulled ? <PullResult at={pulled.at} view={pulled.view} stores={scope.stores} onClose={() => setPulled(null)} /> : null}
      {refund ? (
        <p className="ord-refund t2 small" role="status">
          {r('refund.parts', { platform: refund.platform, order: refund.order })}
        </p>
      ) : null}
      <div className="page-row">
        <Grid
          ref={grid}
          columnsRef={setColumns}
          name="orders"
          label={r('title')}
          columns={shown}
          source={source}
          rowKey={(row) => String(row.id)}
          onOpen={(row) => put({ open: row.id })}
          onActive={(row) => {
            if (search.open !== undefined) put({ open: row.id });
          }}
          openKey={search.open === undefined ? null : String(search.open)}
          empty={scope.loaded && scope.all.length === 0 ? <NoStores /> : filtered ? <Empty title={query === '' ? r('empty.filter') : t('empty.search', { q: query })} /> : <Empty title={r('empty.title')} note={r('empty.note')} actions={<Button onClick={() => void pull()}>{r('act.pull')}</Button>} />}
          foot={
            <>
              <span>{r('foot.total', { n: grouped(sums.total) })}</span>
              <span>{r('foot.money', { money: money(sums.fen) })}</span>
              <span className="grow" />
            </>
          }
        />
        {search.open === undefined ? null : <OrderDrawer id={search.open} onClose={() => put({ open: undefined as never })} onStep={(by) => grid.current?.step(by)} />}
      </div>
    </div>
  );
}
