import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import { markChanged, useCall, useVersion } from '../../api/queries';
import { ColumnMenu, DensityMenu, Grid, type Columns, type Edit, type GridHandle, type RowSource, type Sort } from '../../grid';
import { host } from '../../host';
import { errorWords, wordOf } from '../../shared/errors';
import { grouped, parseYuan, yuanInput } from '../../shared/format';
import { useDebounced, useEscape, useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { inScope, useScope } from '../../shared/scope';
import { byPlatformOrder, Button, Empty, PageHead, SearchBox, State, SYNC_STATES, Tabs, toast, Toolbar } from '../../shared/ui';
import { IconDownload, IconRedo2, IconRefreshCw, IconUndo2, IconUpload } from '../../shared/ui/icons';
import { libraryColumns, savedText } from './columns';
import { draft, NO_DRAFTS, redoDraft, undoDraft, type Draft, type Drafts } from './drafts';
import { ImportWizard } from './ImportWizard';
import { l, type LibraryWord } from './messages';
import { rowOf, type Row } from './model';
import { ProductDrawer } from './ProductDrawer';
import './library.css';

const VIEWS = ['all', 'no_barcode', 'no_code', 'no_picture', 'findings', 'unsynced', 'recent'] as const;

interface Search {
  q?: string;
  view?: string;
  open?: number;
  /** The import dialog is up. */
  import?: boolean;
}

function failed(cause: unknown): void {
  const words = errorWords(cause);
  toast.failed(words.title, words.advice === null ? {} : { note: words.advice });
}

export default function LibraryPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const put = (next: Search): void => void navigate({ search: { ...search, ...next } as never, replace: true });
  const view = search.view ?? 'all';
  const [typed, setTyped] = useState(search.q ?? '');
  const query = useDebounced(typed.trim());
  const [sort, setSort] = useState<Sort | null>(null);
  const [drafts, setDrafts] = useState<Drafts>(NO_DRAFTS);
  const [saving, setSaving] = useState(false);
  const [totals, setTotals] = useState({ products: 0, skus: 0 });
  const [columns, setColumns] = useState<Columns<Row> | null>(null);
  const grid = useRef<GridHandle<Row>>(null);
  const client = useQueryClient();
  const { scope } = useScope();
  const storeList = useCall('stores_list', {}, ['stores']);
  const version = useVersion(['products', 'listings', 'bindings', 'findings']);

  const visible = storeList.data?.stores.filter((store) => inScope(scope, { id: String(store.id), platform: store.platform }));
  const everywhere = scope.store === null && scope.platforms.length === 0;
  const stores = everywhere || !visible ? null : visible.map((store) => store.id);
  const storeKey = stores?.join(',') ?? '';
  const views = useCall('library_counts', {}, ['products', 'findings', 'listings']);
  const platformKey = [...new Set(visible?.map((store) => store.platform))].toSorted(byPlatformOrder).join(',');

  const source = useMemo<RowSource<Row>>(
    () => ({
      id: JSON.stringify([query, view, storeKey, sort]),
      version,
      async fetch({ offset, limit }) {
        const within = storeKey === '' ? [] : storeKey.split(',').map(Number);
        const page = await call('library_list', { search: query, category: null, view, stores: within, sort: sort?.column ?? '', descending: sort?.descending ?? false, offset, limit });
        setTotals({ products: page.total, skus: page.total_skus });
        return { total: page.total, rows: page.products.map(rowOf) };
      },
    }),
    [query, view, storeKey, sort, version],
  );
  const shown = useMemo(() => libraryColumns(drafts, platformKey === '' ? [] : platformKey.split(',')), [drafts, platformKey]);

  const edit = (edits: Edit<Row>[]): void => {
    const good: Draft[] = [];
    for (const { row, column, text } of edits) {
      const value = column === 'price' && text.trim() !== '' ? priceText(text) : text.trim();
      if (value === null) toast.failed(l('bad.price', { value: text }));
      else if (column === 'name' && value === '') toast.failed(l('bad.name'));
      else good.push({ product: row.product.id, sku: (row.sku ?? row.product.skus[0])?.id ?? 0, field: column, old: savedText(row, column), value });
    }
    if (good.length > 0) setDrafts((before) => draft(before, good));
  };
  const save = async (): Promise<void> => {
    if (drafts.cells.size === 0 || saving) return;
    setSaving(true);
    try {
      const edits = [...drafts.cells.values()].map(({ sku, field, value }) => ({ sku, field, value }));
      const answer = await call('library_edit', { edits });
      setDrafts(NO_DRAFTS);
      markChanged(client, ['products']);
      const { batch } = answer;
      toast.done(l('saved', { n: grouped(answer.changed) }), batch === null ? {} : { undo: () => void undoSaved(batch) });
      const [refused] = answer.rejected;
      if (refused) toast.failed(l('refused', { n: grouped(answer.rejected.length) }), { note: wordOf([refused.words.code, `errors.${refused.words.code}`], refused.value, refused.words.params) });
    } catch (cause) {
      failed(cause);
    } finally {
      setSaving(false);
    }
  };
  const undoSaved = async (batch: number | null): Promise<void> => {
    try {
      const answer = await call('library_undo', { batch, redo: false });
      markChanged(client, ['products']);
      toast.done(l('undone', { n: grouped(answer.changes) }));
    } catch (cause) {
      failed(cause);
    }
  };
  // Unsaved steps first; when there are none, the last saved change batch.
  const undo = (): void => {
    if (drafts.past.length > 0) setDrafts(undoDraft(drafts));
    else void undoSaved(null);
  };
  const exportAll = async (): Promise<void> => {
    const path = await host().saveFile({ title: l('exporting.title'), name: l('export.name'), extensions: ['xlsx'] });
    if (path === null) return;
    try {
      toast.done(l('exported', { n: grouped((await call('export_run', { path, search: query, category: null, view })).rows) }));
    } catch (cause) {
      failed(cause);
    }
  };
  const reload = (): void => markChanged(client, ['products']);
  useKeys({
    'Mod+KeyS': () => void save(),
    'Mod+KeyZ': undo,
    'Mod+KeyY': () => setDrafts(redoDraft(drafts)),
    F5: reload,
  });
  usePaletteActions([
    { id: 'library.import', label: l('import.title'), words: 'import daoru dr', run: () => put({ import: true }) },
    { id: 'library.export', label: l('exporting.title'), words: 'export daochu dc', run: () => void exportAll() },
  ]);
  useEscape(typed !== '' && search.open === undefined, () => setTyped(''));

  const counts = new Map(Object.entries(views.data?.views ?? {}));
  const filtered = query !== '' || view !== 'all' || !everywhere;
  return (
    <div className="page">
      <PageHead
        title={l('title')}
        actions={
          <>
            <Button icon={IconUpload} onClick={() => put({ import: true })}>
              {l('act.import')}
            </Button>
            <Button icon={IconDownload} onClick={() => void exportAll()}>
              {l('act.export')}
            </Button>
          </>
        }
      >
        <Tabs
          label={l('views')}
          value={view}
          onChange={(id) => put({ view: id })}
          items={VIEWS.filter((id) => id === 'all' || counts.has(id)).map((id) => {
            const count = counts.get(id);
            return count === undefined ? { id, label: l(`view.${id}` as LibraryWord) } : { id, label: l(`view.${id}` as LibraryWord), count: grouped(count) };
          })}
        />
      </PageHead>
      <Toolbar
        tools={
          <>
            <Button kind="text" icon={IconUndo2} label={t('act.undo')} hint="Ctrl Z" className="nohint" onClick={undo} />
            <Button kind="text" icon={IconRedo2} label={t('act.redo')} hint="Ctrl Y" className="nohint" blocked={drafts.future.length === 0 ? t('act.redo') : null} onClick={() => setDrafts(redoDraft(drafts))} />
            <DensityMenu />
            <ColumnMenu columns={columns} />
            <Button kind="text" icon={IconRefreshCw} label={t('act.refresh')} hint="F5" className="nohint" onClick={reload} />
          </>
        }
      >
        <SearchBox main value={typed} placeholder={l('search')} onChange={setTyped} />
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
      <div className="page-row">
        <Grid
          ref={grid}
          columnsRef={setColumns}
          name="library"
          label={l('title')}
          columns={shown}
          source={source}
          rowKey={(row) => row.key}
          childrenOf={(row) => row.children}
          sort={sort}
          onSort={setSort}
          onEdit={edit}
          onOpen={(row) => put({ open: row.product.id })}
          onActive={(row) => {
            if (search.open !== undefined) put({ open: row.product.id });
          }}
          openKey={search.open === undefined ? null : String(search.open)}
          empty={
            filtered ? (
              <Empty title={query === '' ? l('empty.filter') : t('empty.search', { q: query })} />
            ) : (
              <Empty
                title={l('empty')}
                note={l('empty.note')}
                actions={
                  <Button icon={IconUpload} onClick={() => put({ import: true })}>
                    {l('act.import')}
                  </Button>
                }
              />
            )
          }
          foot={
            <>
              <span>{l('foot', { products: grouped(totals.products), skus: grouped(totals.skus) })}</span>
              {drafts.cells.size > 0 ? (
                <>
                  <span className="amber">{l('unsaved', { n: grouped(drafts.cells.size) })}</span>
                  <Button kind="link" hint="Ctrl S" busy={saving ? t('act.save') : null} onClick={() => void save()}>
                    {t('act.save')}
                  </Button>
                  <Button kind="link" onClick={() => setDrafts(NO_DRAFTS)}>
                    {t('act.discard')}
                  </Button>
                </>
              ) : null}
              <span className="grow" />
              {platformKey === '' ? null : SYNC_STATES.map((state) => <State key={state} state={state} />)}
            </>
          }
        />
        {search.open === undefined ? null : <ProductDrawer id={search.open} onClose={() => put({ open: undefined as never })} onStep={(by) => grid.current?.step(by)} onRestore={(batch) => void undoSaved(batch)} />}
      </div>
      {search.import ? (
        <ImportWizard
          onClose={() => put({ import: undefined as never })}
          onUndo={(batch) => void undoSaved(batch)}
        />
      ) : null}
    </div>
  );
}

/** A typed price in its written form, or null when it is no amount. */
function priceText(text: string): string | null {
  const fen = parseYuan(text);
  return fen === null || fen < 0 ? null : yuanInput(fen);
}
