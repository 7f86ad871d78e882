import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { BindReport, ListingRow, PullView, StoreView } from '../../api/generated';
import { markChanged, useVersion } from '../../api/queries';
import { ColumnMenu, DensityMenu, Grid, isTicked, NOTHING, tickAll, type Columns, type GridHandle, type RowSource, type Selection } from '../../grid';
import { failed, OfflineBanner } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useDebounced, useEscape, useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { StorePick } from '../../shared/StorePick';
import { useScopeStores } from '../../shared/stores';
import { BatchBar, Button, ConfirmDialog, Dialog, Empty, PageHead, Platform, SearchBox, Tabs, TimeText, toast, Toolbar } from '../../shared/ui';
import { IconArrowUpDown, IconLink, IconLink2Off, IconPackage, IconRefreshCw, IconTrash2 } from '../../shared/ui/icons';
import { listingColumns } from './columns';
import { DeleteDialog, productsOf } from './DeleteDialog';
import { GroupOrder } from './GroupOrder';
import { g, type ListingsWord } from './messages';
import { WhyDialog } from './WhyDialog';
import './listings.css';

const VIEWS = ['all', 'unbound', 'no_code', 'duplicate', 'review', 'changed', 'bound', 'off', 'gone'] as const;
/** Shown even when there is none of them. */
const ALWAYS = new Set<string>(['all', 'unbound', 'no_code', 'duplicate', 'review', 'changed']);

interface Search {
  view?: string;
  store?: number;
  q?: string;
}

const TOUCHED = ['listings', 'bindings', 'products', 'orders', 'exceptions', 'stores', 'stock', 'findings'] as const;

export default function ListingsPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const put = (next: Search): void => void navigate({ search: { ...search, ...next } as never, replace: true });
  const view = search.view ?? 'all';
  const [typed, setTyped] = useState(search.q ?? '');
  const query = useDebounced(typed.trim());
  const stores = useScopeStores();
  const store = stores.all.find((one) => one.id === search.store) ?? null;
  const ids = store ? [store.id] : stores.ids;
  const here = store ? [store] : stores.stores;
  const storeKey = ids.join(',');
  const version = useVersion(['listings', 'bindings', 'products']);
  const [counts, setCounts] = useState<Record<string, number>>({});
  const [total, setTotal] = useState(0);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [columns, setColumns] = useState<Columns<ListingRow> | null>(null);
  const [reading, setReading] = useState(false);
  const [reports, setReports] = useState<readonly PullView[] | null>(null);
  const [asking, setAsking] = useState<'unbind' | 'adopt' | 'delete' | null>(null);
  const [busy, setBusy] = useState(false);
  const [why, setWhy] = useState<ListingRow | null>(null);
  const [ordering, setOrdering] = useState(false);
  const grid = useRef<GridHandle<ListingRow>>(null);

  const source = useMemo<RowSource<ListingRow>>(
    () => ({
      id: JSON.stringify([query, view, storeKey]),
      version,
      async fetch({ offset, limit }) {
        const page = await call('listings_list', { stores: storeKey === '' ? [] : storeKey.split(',').map(Number), search: query, view, offset, limit });
        setCounts(page.counts);
        setTotal(page.total);
        return { total: page.total, rows: page.rows };
      },
    }),
    [query, view, storeKey, version],
  );
  const open = (row: ListingRow): void => {
    if (row.product === null) void navigate({ to: '/matching' as '/', search: { store: row.store.id, listing_sku: row.id } as never });
    else void navigate({ to: '/library' as '/', search: { open: row.product } as never });
  };
  const many = store === null && stores.stores.length > 1;
  const shown = useMemo(
    () => listingColumns(many, open, setWhy),
    // `open` only navigates.
    // oxlint-disable-next-line react/exhaustive-deps
    [many],
  );

  const pull = async (): Promise<void> => {
    if (reading || here.length === 0) return;
    setReading(true);
    try {
      setReports((await call('listings_pull', { stores: ids })).stores);
    } catch (cause) {
      failed(cause);
    } finally {
      setReading(false);
      markChanged(client, TOUCHED);
    }
  };
  const picked = (): ListingRow[] => (selection.mode === 'all' && selection.keys.size === 0 && total > (grid.current?.loaded().length ?? 0) ? [] : (grid.current?.loaded().filter((row) => isTicked(selection, String(row.id))) ?? []));
  const count = selection.mode === 'some' ? selection.keys.size : Math.max(0, total - selection.keys.size);
  const rows = count > 0 ? picked() : [];
  const bound = rows.filter((row) => row.sku !== null);
  const free = rows.filter((row) => row.sku === null);
  const there = view === 'gone' ? [] : rows;
  const undeletable = stores.all.find((one) => !one.can.delete && there.some((row) => row.store.id === one.id));
  const incomplete = rows.length < count ? g('need.loaded') : null;
  const undo = (batch: number): void =>
    void call('library_undo', { batch, redo: false }).then(() => {
      toast.done(g('done.undone'));
      markChanged(client, TOUCHED);
    }, failed);
  const say = (report: BindReport, title: string): void => {
    const { batch, refused } = report;
    toast.done(title, {
      ...(report.repushed > 0 ? { note: g('done.repushed', { n: grouped(report.repushed) }) } : {}),
      ...(batch === null ? {} : { undo: () => undo(batch) }),
    });
    const [first] = refused;
    if (first) toast.failed(g('done.refused', { n: grouped(refused.length) }), { note: sentence(first.words) });
  };
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      if (asking === 'unbind') {
        const report = await call('matching_unbind', { listing_skus: bound.map((row) => row.id) });
        say(report, g('done.unbound', { n: grouped(bound.length - report.refused.length) }));
      } else {
        const report = await call('matching_adopt', { listing_skus: free.map((row) => row.id) });
        say(report, g('done.adopted', { n: grouped(report.bound) }));
      }
      setSelection(NOTHING);
      setAsking(null);
    } catch (cause) {
      failed(cause);
    } finally {
      setBusy(false);
      markChanged(client, TOUCHED);
    }
  };
  const match = (): void => {
    const [first] = free;
    if (first) void navigate({ to: '/matching' as '/', search: { store: first.store.id, listing_sku: first.id } as never });
  };
  useKeys({
    F5: () => void pull(),
    // First what is loaded, again everything that matches.
    'Mod+KeyA': () => setSelection(tickAll(selection, grid.current?.loaded().map((row) => String(row.id)) ?? [])),
  });
  usePaletteActions([{ id: 'listings.pull', label: pullLabel(here), words: 'duqu dq read', run: () => void pull() }]);
  useEscape(typed !== '', () => setTyped(''));

  const filtered = query !== '' || view !== 'all';
  const unbound = counts['unbound'] ?? 0;
  return (
    <div className="page">
      <PageHead
        title={g('title')}
        actions={
          <>
            {store?.can.order_groups ? (
              <Button icon={IconArrowUpDown} onClick={() => setOrdering(true)}>
                {g('groups.act')}
              </Button>
            ) : null}
            {unbound > 0 && count === 0 ? (
              <Button icon={IconLink} onClick={() => void navigate({ to: '/matching' as '/', search: (store ? { store: store.id } : {}) as never })}>
                {g('act.match', { n: grouped(unbound) })}
              </Button>
            ) : null}
            <Button kind={count === 0 ? 'primary' : 'default'} icon={IconRefreshCw} hint="F5" busy={reading ? g('act.pulling') : null} blocked={here.length === 0 ? g('empty.stores') : null} onClick={() => void pull()}>
              {pullLabel(here)}
            </Button>
          </>
        }
      >
        <StorePick all stores={stores.stores} value={store?.id ?? null} onChange={(id) => put({ store: id ?? (undefined as never) })} note={(one) => (one.listings_read_at === null ? g('head.never') : grouped(one.listings))} />
        <ReadNote stores={here} />
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
        <SearchBox main value={typed} placeholder={g('search')} onChange={setTyped} width={260} />
        <Tabs
          look="segment"
          label={g('views')}
          value={view}
          onChange={(id) => {
            setSelection(NOTHING);
            put({ view: id });
          }}
          items={VIEWS.filter((id) => ALWAYS.has(id) || id === view || (counts[id] ?? 0) > 0).map((id) => ({ id, label: g(`view.${id}` as ListingsWord), count: grouped(counts[id] ?? 0) }))}
        />
      </Toolbar>
      <div className="page-row">
        <Grid
          ref={grid}
          columnsRef={setColumns}
          name="listings"
          label={g('title')}
          columns={shown}
          source={source}
          rowKey={(row) => String(row.id)}
          selection={selection}
          onSelection={setSelection}
          onOpen={open}
          empty={
            filtered ? (
              <Empty
                title={query === '' ? g('empty.view') : t('empty.search', { q: query })}
                actions={
                  <Button
                    onClick={() => {
                      setTyped('');
                      put({ view: 'all' });
                    }}
                  >
                    {t('act.clearFilter')}
                  </Button>
                }
              />
            ) : stores.all.length === 0 ? (
              <Empty title={g('empty.stores')} actions={<Button onClick={() => void navigate({ to: '/stores' as '/' })}>{g('empty.stores.go')}</Button>} />
            ) : (
              <Empty title={g('empty')} note={g('empty.note')} />
            )
          }
          foot={<span>{g('foot', { n: grouped(total) })}</span>}
        />
        {count > 0 ? (
          <BatchBar count={grouped(count)} onClose={() => setSelection(NOTHING)}>
            <Button kind="text" icon={IconTrash2} blocked={incomplete ?? (there.length === 0 ? g('need.there') : undeletable ? g('need.delete', { name: undeletable.name }) : null)} onClick={() => setAsking('delete')}>
              {g('act.delete', { n: grouped(productsOf(there).length) })}
            </Button>
            <Button kind="text" icon={IconLink2Off} blocked={incomplete ?? (bound.length === 0 ? g('need.bound') : null)} onClick={() => setAsking('unbind')}>
              {g('act.unbind', { n: grouped(bound.length) })}
            </Button>
            <Button kind="text" icon={IconPackage} blocked={incomplete ?? (free.length === 0 ? g('need.unbound') : null)} onClick={() => setAsking('adopt')}>
              {g('act.adopt', { n: grouped(free.length) })}
            </Button>
            <Button kind="primary" icon={IconLink} blocked={incomplete ?? (free.length === 0 ? g('need.unbound') : null)} onClick={match}>
              {g('act.match', { n: grouped(free.length) })}
            </Button>
          </BatchBar>
        ) : null}
      </div>
      {reports ? <Reports reports={reports} stores={stores.all} onClose={() => setReports(null)} /> : null}
      {why ? <WhyDialog row={why} onClose={() => setWhy(null)} /> : null}
      {ordering && store ? <GroupOrder store={store} onClose={() => setOrdering(false)} /> : null}
      {asking === 'delete' ? (
        <DeleteDialog
          rows={there}
          stores={stores.all}
          onClose={() => setAsking(null)}
          onJob={(job) => {
            setSelection(NOTHING);
            setAsking(null);
            void navigate({ to: '/tasks' as '/', search: { open: job } as never });
          }}
        />
      ) : asking ? <Confirm what={asking} rows={asking === 'unbind' ? bound : free} busy={busy} onRun={() => void run()} onClose={() => setAsking(null)} /> : null}
    </div>
  );
}

function pullLabel(stores: readonly StoreView[]): string {
  const [only] = stores;
  return stores.length === 1 && only ? g('act.pullOne', { name: only.name }) : g('act.pullAll', { n: grouped(stores.length) });
}

/** Age of what is shown: of the one store, or of the store that was read longest ago. */
function ReadNote({ stores }: { stores: readonly StoreView[] }): ReactNode {
  const reads = stores.map((store) => store.listings_read_at);
  const oldest = reads.includes(null) || reads.length === 0 ? null : Math.min(...reads.filter((at) => at !== null));
  if (oldest === null) return <div className="pagehead-note">{g('head.never')}</div>;
  const [before, after] = g(stores.length > 1 ? 'head.oldest' : 'head.read', { time: '\n' }).split('\n');
  return (
    <div className="pagehead-note">
      <span>
        {before}
        <TimeText at={oldest} />
        {after}
      </span>
    </div>
  );
}

/** What a reading brought, store by store. */
function Reports({ reports, stores, onClose }: { reports: readonly PullView[]; stores: readonly StoreView[]; onClose: () => void }): ReactNode {
  const bad = reports.filter((report) => report.error !== null).length;
  const number = (value: number): ReactNode => <td className={value === 0 ? 'num t3' : 'num'}>{grouped(value)}</td>;
  return (
    <Dialog
      title={g('report.title')}
      width={680}
      onClose={onClose}
      onConfirm={onClose}
      actions={
        <Button kind="primary" autoFocus onClick={onClose}>
          {t('act.done')}
        </Button>
      }
    >
      {bad > 0 ? <p className="amber ls-bad">{g('report.failed', { n: grouped(bad) })}</p> : null}
      <table className="plain">
        <thead>
          <tr>
            <th>{g('col.store')}</th>
            <th className="num">{g('report.listings')}</th>
            <th className="num">{g('report.new')}</th>
            <th className="num">{g('report.changed')}</th>
            <th className="num">{g('report.gone')}</th>
            <th className="num">{g('report.healed')}</th>
            <th className="num">{g('report.repushed')}</th>
          </tr>
        </thead>
        <tbody>
          {reports.map((report) => {
            const store = stores.find((one) => one.id === report.store);
            return (
              <tr key={report.store}>
                <td>
                  <Platform platform={store?.platform ?? ''}>{store?.name ?? String(report.store)}</Platform>
                </td>
                {report.error ? (
                  <td colSpan={6} className="red">
                    {sentence(report.error)}
                  </td>
                ) : (
                  <>
                    {number(report.listings)}
                    {number(report.new)}
                    {number(report.changed)}
                    {number(report.gone)}
                    {number(report.healed)}
                    {number(report.repushed)}
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Dialog>
  );
}

function Confirm({ what, rows, busy, onRun, onClose }: { what: 'unbind' | 'adopt'; rows: readonly ListingRow[]; busy: boolean; onRun: () => void; onClose: () => void }): ReactNode {
  const sums = new Map<number, { store: ListingRow['store']; n: number }>();
  for (const row of rows) sums.set(row.store.id, { store: row.store, n: (sums.get(row.store.id)?.n ?? 0) + 1 });
  return (
    <ConfirmDialog
      title={g(what === 'unbind' ? 'confirm.unbind' : 'confirm.adopt', { n: grouped(rows.length) })}
      confirm={g(what === 'unbind' ? 'act.unbind' : 'act.adopt', { n: grouped(rows.length) })}
      busy={busy ? g(what === 'unbind' ? 'act.unbinding' : 'act.adopting') : null}
      onConfirm={onRun}
      onClose={onClose}
    >
      <table className="plain">
        <thead>
          <tr>
            <th>{g('confirm.col.store')}</th>
            <th className="num">{g('confirm.col.n')}</th>
          </tr>
        </thead>
        <tbody>
          {[...sums.values()].map(({ store, n }) => (
            <tr key={store.id}>
              <td>
                <Platform platform={store.platform}>{store.name}</Platform>
              </td>
              <td className="num">{grouped(n)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="t2 ls-note">{g(what === 'unbind' ? 'confirm.unbind.note' : 'confirm.adopt.note')}</p>
    </ConfirmDialog>
  );
}
