import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { StockPushView, StockRow, StoreBadge, StoreView } from '../../api/generated';
import { markChanged, useVersion } from '../../api/queries';
import { ColumnMenu, DensityMenu, Grid, type Columns, type RowSource } from '../../grid';
import { OfflineBanner } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useAttempt, useDebounced, useEscape, useKeys } from '../../shared/hooks';
import { joined, named, t } from '../../shared/messages';
import { NoStores } from '../../shared/NoStores';
import { usePaletteActions } from '../../shared/palette';
import { useScopeStores } from '../../shared/stores';
import { AgoText, Banner, Button, ConfirmDialog, Empty, PageHead, Platform, SearchBox, SeverityIcon, Tabs, toast, Toolbar } from '../../shared/ui';
import { IconRefreshCw, IconSend } from '../../shared/ui/icons';
import { stockColumns } from './columns';
import { k, type StockWord } from './messages';
import './stock.css';

const VIEWS = ['all', 'different', 'oversold', 'unacknowledged', 'unknown'] as const;
const TOUCHED = ['stock', 'tasks', 'listings', 'stores'] as const;

interface Search {
  view?: string;
  q?: string;
}

function say(view: StockPushView, first?: string): void {
  const parts = first ? [first] : [];
  parts.push(k('done.sent', { n: grouped(view.sent) }));
  if (view.same > 0) parts.push(k('done.same', { n: grouped(view.same) }));
  toast.done(joined(parts));
  if (view.rejected > 0) toast.failed(k('done.rejected', { n: grouped(view.rejected) }));
  if (view.held > 0) toast.failed(k('done.held', { n: grouped(view.held) }));
  for (const error of view.errors) toast.failed(sentence(error));
}

export default function StockPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const view = search.view ?? 'all';
  const [typed, setTyped] = useState(search.q ?? '');
  const query = useDebounced(typed.trim());
  const stores = useScopeStores();
  const storeKey = stores.ids.join(',');
  const version = useVersion(['stock', 'listings', 'bindings', 'products', 'stores']);
  const [counts, setCounts] = useState<Record<string, number>>({});
  const [off, setOff] = useState<readonly StoreBadge[]>([]);
  const [read, setRead] = useState<{ at: number | null; old: boolean }>({ at: null, old: false });
  const [total, setTotal] = useState(0);
  const [columns, setColumns] = useState<Columns<StockRow> | null>(null);
  const [asking, setAsking] = useState<'push' | 'full' | null>(null);
  const { busy, attempt } = useAttempt<'push' | 'switch'>(TOUCHED);

  const source = useMemo<RowSource<StockRow>>(
    () => ({
      id: JSON.stringify([query, view, storeKey]),
      version,
      async fetch({ offset, limit }) {
        const page = await call('stock_list', { stores: storeKey === '' ? [] : storeKey.split(',').map(Number), search: query, view, offset, limit });
        setCounts(page.counts);
        setOff(page.switches_off);
        setTotal(page.total);
        setRead({ at: page.erp_read_at, old: page.erp_old });
        return { total: page.total, rows: page.rows };
      },
    }),
    [query, view, storeKey, version],
  );
  const many = stores.stores.length > 1;
  const shown = useMemo(() => stockColumns(many), [many]);

  // A store whose switch is off is not pushed to; it has its own button.
  const ready = stores.stores.filter((store) => !off.some((one) => one.id === store.id));
  const push = (full: boolean): void =>
    attempt('push', async () => {
      say(await call('stock_push', { stores: ready.map((store) => store.id), full }));
      setAsking(null);
    });
  const switchOn = (): void =>
    attempt('switch', async () => {
      const ids = off.map((store) => store.id);
      for (const store of stores.all.filter((one) => ids.includes(one.id))) await call('store_edit', { id: store.id, switches: { ...store.switches, stock: true } });
      say(await call('stock_push', { stores: ids, full: true }), k('done.switch', { n: grouped(ids.length) }));
    });
  const different = (counts['different'] ?? 0) + (counts['oversold'] ?? 0);
  const blocked = ready.length === 0 ? k('need.off') : different === 0 ? k('need.none') : null;
  const reload = (): void => markChanged(client, ['stock']);
  useKeys({
    F5: reload,
    'Mod+Enter': () => {
      if (blocked === null) setAsking('push');
    },
  });
  usePaletteActions([{ id: 'stock.push', label: k('act.pushNone'), words: 'tuisong kucun ts kc push', run: () => setAsking(different === 0 ? 'full' : 'push') }]);
  useEscape(typed !== '', () => setTyped(''));

  return (
    <div className="page">
      <PageHead
        title={k('title')}
        note={
          <>
            <span>{k('note')}</span>
            {read.at === null ? null : (
              <span className={read.old ? 'amber' : 't3'}>
                {k('read')} <AgoText at={read.at} old={read.old} />
                {read.old ? k('read.old') : null}
              </span>
            )}
          </>
        }
        actions={
          <>
            <Button blocked={ready.length === 0 ? k('need.off') : null} onClick={() => setAsking('full')}>
              {k('act.full')}
            </Button>
            <Button kind="primary" icon={IconSend} hint="Ctrl Enter" busy={busy === 'push' ? k('act.pushing') : null} blocked={blocked} onClick={() => setAsking('push')}>
              {different > 0 ? k('act.push', { n: grouped(different) }) : k('act.pushNone')}
            </Button>
          </>
        }
      />
      <OfflineBanner />
      {off.length > 0 ? (
        <div className="st-off">
          <Banner
            icon={<SeverityIcon severity="warning" />}
            title={k('off.title', { n: grouped(off.length) })}
            action={
              <Button busy={busy === 'switch' ? k('off.busy') : null} onClick={switchOn}>
                {k('off.go')}
              </Button>
            }
          >
            {k('off.note', { names: named(off.map((store) => store.name)) })}
          </Banner>
        </div>
      ) : null}
      <Toolbar
        tools={
          <>
            <DensityMenu />
            <ColumnMenu columns={columns} />
            <Button kind="text" icon={IconRefreshCw} label={t('act.refresh')} hint="F5" className="nohint" onClick={reload} />
          </>
        }
      >
        <SearchBox main value={typed} placeholder={k('search')} onChange={setTyped} width={260} />
        <Tabs look="segment" label={k('views')} value={view} onChange={(id) => void navigate({ search: { ...search, view: id } as never, replace: true })} items={VIEWS.map((id) => ({ id, label: k(`view.${id}` as StockWord), count: grouped(counts[id] ?? 0) }))} />
      </Toolbar>
      <div className="page-row">
        <Grid
          columnsRef={setColumns}
          name="stock"
          label={k('title')}
          columns={shown}
          source={source}
          rowKey={(row) => String(row.listing_sku)}
          tone={(row) => (row.state === 'oversold' ? 'red' : null)}
          empty={stores.loaded && stores.all.length === 0 ? <NoStores /> : query !== '' ? <Empty title={t('empty.search', { q: query })} /> : view === 'all' ? <Empty title={k('empty')} note={k('empty.note')} actions={<Button onClick={() => void navigate({ to: '/matching' as '/' })}>{k('empty.go')}</Button>} /> : <Empty title={k('empty.view')} />}
          foot={<span>{k('foot', { n: grouped(total) })}</span>}
        />
      </div>
      {asking ? <Confirm full={asking === 'full'} stores={ready} busy={busy === 'push'} onRun={() => push(asking === 'full')} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}

function Confirm({ full, stores, busy, onRun, onClose }: { full: boolean; stores: readonly StoreView[]; busy: boolean; onRun: () => void; onClose: () => void }): ReactNode {
  const n = grouped(stores.length);
  return (
    <ConfirmDialog title={k(full ? 'confirm.full' : 'confirm.push', { n })} confirm={k('confirm.go', { n })} busy={busy ? k('act.pushing') : null} blocked={stores.length === 0 ? k('need.off') : null} onConfirm={onRun} onClose={onClose}>
      <div className="st-stores">
        {stores.map((store) => (
          <Platform key={store.id} platform={store.platform}>
            {store.name}
          </Platform>
        ))}
      </div>
      <p className="t2">
        {full ? k('confirm.fullnote') : null}
        {k('confirm.note')}
      </p>
    </ConfirmDialog>
  );
}
