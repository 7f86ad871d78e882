import { Dropdown } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import { markChanged, useCall, useVersion } from '../../api/queries';
import type { CategoryNode, PicturesReport } from '../../api/generated';
import { ColumnMenu, DensityMenu, EVERYTHING, Grid, NOTHING, tickAll, type Columns, type Edit, type GridHandle, type RowSource, type Selection, type Sort } from '../../grid';
import { host } from '../../host';
import { failed } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { grouped, parseYuan, yuanInput } from '../../shared/format';
import { useDebounced, useEscape, useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { useScopeStores } from '../../shared/stores';
import { byPlatformOrder, Button, Empty, PageHead, SearchBox, State, SYNC_STATES, Tabs, toast, Toolbar } from '../../shared/ui';
import { IconDownload, IconPlus, IconRedo2, IconRefreshCw, IconUndo2, IconUpload } from '../../shared/ui/icons';
import { Batch } from './Batch';
import { CategoryFilter, pathOf } from './CategoryFilter';
import { libraryColumns, savedText } from './columns';
import { draft, NO_DRAFTS, redoDraft, undoDraft, type Draft, type Drafts } from './drafts';
import { PriceFilter, StateFilter } from './Filters';
import { ImportWizard } from './ImportWizard';
import { l, type LibraryWord } from './messages';
import { rowOf, type Row } from './model';
import { NewProduct } from './NewProduct';
import { PictureImport } from './PictureImport';
import { ProductDrawer } from './ProductDrawer';
import { narrowingOf, type Narrowing } from './narrowing';
import { SavedViews } from './SavedViews';
import { gather, tickedCount } from './ticked';
import './library.css';

/** Nothing read yet. */
const NO_NODES: readonly CategoryNode[] = [];
const VIEWS = ['all', 'no_barcode', 'no_code', 'no_picture', 'findings', 'unsynced', 'recent'] as const;

interface Search extends Narrowing {
  open?: number;
  /** The dialog for a new product is up. */
  create?: boolean;
  /** The import dialog is up. */
  import?: boolean;
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
  const scoped = useScopeStores();
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [pictures, setPictures] = useState<PicturesReport | null>(null);
  const [importing, setImporting] = useState(false);
  const category = search.category ?? null;
  const state = search.state ?? '';
  const from = search.from ?? null;
  const to = search.to ?? null;
  const version = useVersion(['products', 'listings', 'bindings', 'findings']);

  const { everywhere } = scoped;
  const storeKey = scoped.ids.join(',');
  const views = useCall('library_counts', {}, ['products', 'findings', 'listings']);
  const platformKey = [...new Set(scoped.stores.map((store) => store.platform))].toSorted(byPlatformOrder).join(',');

  const asked = useMemo(
    () => ({ search: query, category, view, state, price_from_fen: from, price_to_fen: to, stores: storeKey === '' ? [] : storeKey.split(',').map(Number), sort: sort?.column ?? '', descending: sort?.descending ?? false }),
    [query, category, view, state, from, to, storeKey, sort],
  );
  const source = useMemo<RowSource<Row>>(
    () => ({
      id: JSON.stringify(asked),
      version,
      async fetch({ offset, limit }) {
        const page = await call('library_list', { ...asked, offset, limit });
        setTotals({ products: page.total, skus: page.total_skus });
        return { total: page.total, rows: page.products.map(rowOf) };
      },
    }),
    [asked, version],
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
      if (refused) toast.failed(l('refused', { n: grouped(answer.rejected.length) }), { note: sentence(refused.words, refused.value) });
      for (const warning of answer.warnings) toast.failed(sentence(warning));
    } catch (cause) {
      failed(cause);
    } finally {
      setSaving(false);
    }
  };
  const undoSaved = async (batch: number | null, redo = false): Promise<void> => {
    try {
      const answer = await call('library_undo', { batch, redo });
      markChanged(client, ['products', 'listings', 'bindings', 'findings']);
      toast.done(l(redo ? 'redone' : 'undone', { n: grouped(answer.changes) }), { note: sentence(answer.title) });
    } catch (cause) {
      failed(cause);
    }
  };
  // Unsaved steps first, then what a toast still offers, then the last saved change batch.
  const undo = (): void => {
    if (drafts.past.length > 0) setDrafts(undoDraft(drafts));
    else if (!toast.undo()) void undoSaved(null);
  };
  // The same the other way round: what was undone here first, then the last undone batch.
  const redo = (): void => {
    if (drafts.future.length > 0) setDrafts(redoDraft(drafts));
    else void undoSaved(null, true);
  };
  const restore = (batch: number): void => void undoSaved(batch);
  const importPictures = async (): Promise<void> => {
    try {
      const folder = await host().pickFolder(l('pictures.folder'));
      if (folder === null) return;
      setImporting(true);
      setPictures(await call('pictures_import', { folder }));
    } catch (cause) {
      failed(cause);
    } finally {
      setImporting(false);
      markChanged(client, ['products', 'findings']);
    }
  };
  const exportAll = async (): Promise<void> => {
    const path = await host().saveFile({ title: l('exporting.title'), name: l('export.name'), extensions: ['xlsx'] });
    if (path === null) return;
    try {
      toast.done(l('exported', { n: grouped((await call('export_run', { path, search: asked.search, category, view, state, stores: asked.stores, price_from_fen: from, price_to_fen: to })).rows) }));
    } catch (cause) {
      failed(cause);
    }
  };
  const reload = (): void => markChanged(client, ['products']);
  useKeys({
    'Mod+KeyS': () => void save(),
    'Mod+KeyZ': undo,
    'Mod+KeyY': redo,
    'Mod+Shift+KeyZ': redo,
    KeyN: () => put({ create: true }),
    // First what is loaded, again everything that matches.
    'Mod+KeyA': () => setSelection(tickAll(selection, grid.current?.loaded().map((row) => row.key) ?? [])),
    F5: reload,
  });
  usePaletteActions([
    { id: 'library.new', label: l('new.title'), words: 'new xinjian xj', hint: 'N', run: () => put({ create: true }) },
    { id: 'library.pictures', label: l('act.importPictures'), words: 'tupian tp pictures', run: () => void importPictures() },
    { id: 'library.import', label: l('import.title'), words: 'import daoru dr', run: () => put({ import: true }) },
    { id: 'library.export', label: l('exporting.title'), words: 'export daochu dc', run: () => void exportAll() },
  ]);
  useEscape(typed !== '' && search.open === undefined, () => setTyped(''));

  const counts = new Map(Object.entries(views.data?.views ?? {}));
  const now = narrowingOf({ ...search, q: query });
  const filtered = Object.keys(now).length > 0 || !everywhere;
  const nodes = views.data?.categories ?? NO_NODES;
  const paths = useMemo(() => nodes.map((node) => pathOf(nodes, node.id)), [nodes]);
  const ticked = tickedCount(selection, totals.products);
  const narrow = (next: Search): void => {
    setSelection(NOTHING);
    put(next);
  };
  /** Exactly this and nothing else; an empty one shows everything again. */
  const show = (next: Narrowing): void => {
    setTyped(next.q ?? '');
    setSelection(NOTHING);
    const { open } = search;
    void navigate({ search: { ...(open === undefined ? {} : { open }), ...narrowingOf({ ...next }) } as never, replace: true });
  };
  return (
    <div className="page">
      <PageHead
        title={l('title')}
        actions={
          <>
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'sheet', label: l('act.importSheet'), onClick: () => put({ import: true }) },
                  { key: 'pictures', label: l('act.importPictures'), onClick: () => void importPictures() },
                ],
              }}
            >
              <Button icon={IconUpload} busy={importing ? l('pictures.importing') : null}>
                {l('act.import')}
              </Button>
            </Dropdown>
            <Button icon={IconDownload} onClick={() => void exportAll()}>
              {l('act.export')}
            </Button>
            <Button icon={IconPlus} hint="N" onClick={() => put({ create: true })}>
              {l('act.new')}
            </Button>
          </>
        }
      >
        <Tabs
          label={l('views')}
          value={view}
          onChange={(id) => narrow({ view: id })}
          items={VIEWS.filter((id) => id === 'all' || counts.has(id)).map((id) => {
            const count = counts.get(id);
            return count === undefined ? { id, label: l(`view.${id}` as LibraryWord) } : { id, label: l(`view.${id}` as LibraryWord), count: grouped(count) };
          })}
        />
        <SavedViews now={now} onPick={show} />
      </PageHead>
      <Toolbar
        tools={
          <>
            <Button kind="text" icon={IconUndo2} label={t('act.undo')} hint="Ctrl Z" className="nohint" onClick={undo} />
            <Button kind="text" icon={IconRedo2} label={t('act.redo')} hint="Ctrl Y" className="nohint" onClick={redo} />
            <DensityMenu />
            <ColumnMenu columns={columns} />
            <Button kind="text" icon={IconRefreshCw} label={t('act.refresh')} hint="F5" className="nohint" onClick={reload} />
          </>
        }
      >
        <SearchBox main value={typed} placeholder={l('search')} onChange={setTyped} />
        <CategoryFilter nodes={nodes} value={category} onChange={(id) => narrow({ category: id ?? (undefined as never) })} />
        <StateFilter value={state === '' ? null : state} onChange={(next) => narrow({ state: next ?? (undefined as never) })} />
        <PriceFilter value={{ from, to }} onChange={(next) => narrow({ from: next.from ?? (undefined as never), to: next.to ?? (undefined as never) })} />
        {filtered ? (
          <Button
            kind="link"
            onClick={() => show({})}
          >
            {t('act.reset')}
          </Button>
        ) : null}
      </Toolbar>
      <div className="page-row">
        <div className="lib-grid">
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
          selection={selection}
          onSelection={setSelection}
          onOpen={(row) => put({ open: row.product.id })}
          onActive={(row) => {
            if (search.open !== undefined) put({ open: row.product.id });
          }}
          openKey={search.open === undefined ? null : String(search.open)}
          empty={
            filtered ? (
              <Empty title={query === '' ? l('empty.filter') : t('empty.search', { q: query })} actions={Object.keys(now).length === 0 ? null : <Button onClick={() => show({})}>{t('act.reset')}</Button>} />
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
        {ticked > 0 ? (
          <Batch
            count={ticked}
            matching={selection.mode === 'all' || totals.products <= ticked ? null : totals.products}
            onMatching={() => setSelection(EVERYTHING)}
            onClose={() => setSelection(NOTHING)}
            gather={() => gather(selection, grid.current?.loaded().map((row) => row.product) ?? [], asked)}
            stores={scoped.stores}
            categories={paths}
            onUndo={restore}
            onSync={(products) => void navigate({ to: '/sync' as '/', search: { products } as never })}
            onChecked={(bad) => {
              if (bad) put({ view: 'findings' });
            }}
          />
        ) : null}
        </div>
        {search.open === undefined ? null : <ProductDrawer id={search.open} onClose={() => put({ open: undefined as never })} onStep={(by) => grid.current?.step(by)} onRestore={restore} stores={scoped.stores} />}
      </div>
      {search.import ? (
        <ImportWizard
          onClose={() => put({ import: undefined as never })}
          onUndo={restore}
        />
      ) : null}
      {search.create ? (
        <NewProduct
          name={typed}
          categories={paths}
          onUndo={restore}
          onClose={() => put({ create: undefined as never })}
          onDone={(name) => {
            setTyped(name);
            narrow({ create: undefined as never, view: 'all', category: undefined as never });
          }}
        />
      ) : null}
      {pictures ? <PictureImport report={pictures} onUndo={restore} onClose={() => setPictures(null)} /> : null}
    </div>
  );
}

/** A typed price in its written form, or null when it is no amount. */
function priceText(text: string): string | null {
  const fen = parseYuan(text);
  return fen === null || fen < 0 ? null : yuanInput(fen);
}
