import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { MatchCandidate, MatchRow, MatchView, StoreView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { List } from '../../grid';
import { failed, OfflineBanner } from '../../shared/causes';
import { errorWords, sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { StorePick } from '../../shared/StorePick';
import { useScopeStores } from '../../shared/stores';
import { Button, Empty, ErrorPanel, Kbd, PageHead, ProgressBar, SearchBox, Skeleton, Tabs, TimeText, toast } from '../../shared/ui';
import { IconArrowUpDown, IconRefreshCw } from '../../shared/ui/icons';
import { BindingSheet } from './BindingSheet';
import { FindDialog } from './FindDialog';
import { m, type MatchWord } from './messages';
import { itemsOf, keyOf, KINDS, sumsOf, withDecided, type Item, type Kind } from './model';
import { Row } from './Rows';
import { Side } from './Side';
import { Sums } from './Sums';
import { useDecisions } from './useDecisions';
import './matching.css';

type Filter = Kind | 'code' | 'left';

interface Search {
  store?: number;
  kind?: Filter;
  /** Comes from a remedy: show this listing. */
  listing_sku?: number;
}

/** The store asked for, else the first one in sight with something left to bind. */
function storeOf(wanted: number | undefined, shown: readonly StoreView[]): StoreView | null {
  return shown.find((store) => store.id === wanted) ?? shown.find((store) => store.listings > store.bound) ?? shown[0] ?? null;
}

export default function MatchingPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const stores = useScopeStores();
  const wanted = search.listing_sku;
  const put = (next: Search): void => void navigate({ search: { ...search, listing_sku: undefined, ...next } as never, replace: true });

  // A remedy names the listing, not its store: look where it is.
  const list = stores.all;
  useEffect(() => {
    if (wanted === undefined || search.store !== undefined || list.length === 0) return undefined;
    let live = true;
    const look = async (): Promise<void> => {
      for (const store of list) {
        const view = await call('matching_get', { store: store.id });
        if (!live) return;
        if (view.rows.some((row) => row.listing_sku === wanted)) {
          void navigate({ search: { store: store.id, listing_sku: wanted } as never, replace: true });
          return;
        }
      }
    };
    look().catch(failed);
    return () => {
      live = false;
    };
  }, [wanted, search.store, list, navigate]);

  const store = storeOf(search.store, search.store === undefined ? stores.stores : stores.all);
  const query = useCall('matching_get', { store: store?.id ?? 0 }, ['bindings', 'listings', 'products'], { enabled: store !== null });
  const view = query.data?.store.id === store?.id ? query.data : undefined;

  if (stores.loaded && stores.all.length === 0) {
    return (
      <div className="page">
        <PageHead title={m('title')} />
        <Empty title={m('empty.stores')} note={m('empty.stores.note')} actions={<Button onClick={() => void navigate({ to: '/stores' as '/' })}>{m('empty.stores.go')}</Button>} />
      </div>
    );
  }
  const pick = (
    <StorePick
      stores={stores.stores.length > 0 ? stores.stores : stores.all}
      value={store?.id ?? null}
      onChange={(id) => {
        if (id !== null) put({ store: id });
      }}
      note={(one) => grouped(one.listings - one.bound)}
    />
  );
  if (!store || !view) {
    return (
      <div className="page">
        <PageHead title={m('title')}>{pick}</PageHead>
        <OfflineBanner />
        {query.error ? <ErrorPanel title={errorWords(query.error).title} note={errorWords(query.error).advice} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} /> : <Skeleton rows={10} />}
      </div>
    );
  }
  return <Desk key={store.id} view={view} pick={pick} filter={search.kind ?? null} wanted={wanted ?? null} onFilter={(kind) => put({ store: store.id, kind })} onBound={() => void navigate({ to: '/listings' as '/', search: { view: 'bound', store: store.id } as never })} />;
}

interface DeskProps {
  view: MatchView;
  pick: ReactNode;
  filter: Filter | null;
  wanted: number | null;
  onFilter: (kind: Filter) => void;
  onBound: () => void;
}

/** The desk for one store: sums, tabs, rows, and the current row field by field. */
function Desk({ view, pick, filter, wanted, onFilter, onBound }: DeskProps): ReactNode {
  const client = useQueryClient();
  const storeId = view.store.id;
  const deciding = useDecisions(storeId);
  const { decided } = deciding;
  const [rising, setRising] = useState(false);
  const [typed, setTyped] = useState('');
  const [current, setCurrent] = useState<string | null>(wanted === null ? null : String(wanted));
  const [chosen, setChosen] = useState<ReadonlyMap<number, number>>(new Map());
  const [ticks, setTicks] = useState<ReadonlySet<number>>(new Set());
  const [finding, setFinding] = useState(false);
  const [reading, setReading] = useState(false);

  const rows = useMemo(() => withDecided(view.rows, decided), [view.rows, decided]);
  const sums = useMemo(() => sumsOf(view.total, rows, decided), [view.total, rows, decided]);
  const first = KINDS.find((kind) => kind !== 'without' && rows.some((row) => row.kind === kind)) ?? 'without';
  // The tab on arrival stays, even when its last row has been decided.
  const arrival = useRef<Filter>(wanted === null ? (sums.kinds.look > 0 ? 'look' : first) : 'left');
  const kind = filter ?? arrival.current;
  const items = useMemo(() => itemsOf(rows, { kind, search: typed, rising }), [rows, kind, typed, rising]);
  const found = current === null ? -1 : items.findIndex((item) => keyOf(item) === current);
  const index = found >= 0 ? found : items.findIndex((item) => item.head === undefined && !decided.has(item.row.listing_sku));
  const item = items[index];
  const row = item?.head === undefined ? (item?.row ?? null) : null;
  const candidateOf = (one: MatchRow): MatchCandidate | null => one.candidates.find((each) => each.sku === chosen.get(one.listing_sku)) ?? one.candidates[0] ?? null;
  const pairsOf = (list: readonly MatchRow[]): { row: MatchRow; sku: number }[] =>
    list.flatMap((one) => {
      const sku = candidateOf(one)?.sku;
      return sku === undefined ? [] : [{ row: one, sku }];
    });
  const candidate = row ? candidateOf(row) : null;
  const open = row !== null && decided.get(row.listing_sku)?.what !== 'bound';

  const next = (): void => {
    const after = [...items.slice(index + 1), ...items.slice(0, index)].find((one) => one.head === undefined && !decided.has(one.row.listing_sku));
    if (after) setCurrent(keyOf(after));
  };
  const bindTo = async (sku: number, rebind: boolean): Promise<void> => {
    if (!row || !open) return;
    if (await deciding.bind([{ row, sku }], rebind)) next();
  };
  const bind = (): void => {
    if (candidate) void bindTo(candidate.sku, candidate.bound_elsewhere !== '');
  };
  const refuse = (): void => {
    if (!row || !open || !candidate) return;
    deciding.refuse(row, candidate.sku);
    next();
  };
  const later = (): void => {
    if (!row || !open) return;
    deciding.later(row);
    next();
  };
  const choose = (sku: number): void => {
    if (row) setChosen(new Map(chosen).set(row.listing_sku, sku));
  };
  const undo = async (one?: MatchRow): Promise<void> => {
    const back = await deciding.undo(one);
    if (back !== null) setCurrent(String(back));
  };
  const adopt = async (): Promise<void> => {
    if (row && open && (await deciding.adopt(row))) next();
  };
  // Rows that were decided otherwise are left out.
  const sure = pairsOf(rows.filter((one) => one.kind === 'sure' && !decided.has(one.listing_sku)));
  const bindSure = (): void => {
    if (sure.length > 0) void deciding.bindSure(sure);
  };
  const ticked = rows.filter((one) => ticks.has(one.listing_sku) && decided.get(one.listing_sku)?.what !== 'bound' && candidateOf(one) !== null);
  const bindTicked = async (): Promise<void> => {
    if (await deciding.bind(pairsOf(ticked), false)) setTicks(new Set());
  };
  const tick = (one: MatchRow): void => {
    const after = new Set(ticks);
    if (!after.delete(one.listing_sku)) after.add(one.listing_sku);
    setTicks(after);
  };
  const reread = async (): Promise<void> => {
    if (reading) return;
    setReading(true);
    try {
      const [report] = (await call('listings_pull', { stores: [storeId] })).stores;
      if (report?.error) toast.failed(sentence(report.error));
      else if (report) toast.done(m('done.read', { n: grouped(report.listings), created: grouped(report.new), changed: grouped(report.changed), healed: grouped(report.healed) }), report.repushed > 0 ? { note: m('done.repushed', { n: grouped(report.repushed) }) } : {});
    } catch (cause) {
      failed(cause);
    } finally {
      setReading(false);
      markChanged(client, ['listings', 'bindings', 'orders', 'exceptions', 'stores']);
    }
  };
  const digits = Object.fromEntries(
    [1, 2, 3, 4, 5].map((n) => [
      `Digit${n}`,
      () => {
        const sku = row?.candidates[n - 1]?.sku;
        if (sku !== undefined) choose(sku);
      },
    ]),
  );
  useKeys({
    ...digits,
    KeyY: bind,
    KeyN: refuse,
    KeyS: later,
    KeyF: () => {
      if (open) setFinding(true);
    },
    KeyC: () => void adopt(),
    KeyU: () => void undo(),
    'Mod+KeyZ': () => void undo(),
    'Shift+KeyY': bindSure,
    'Shift+KeyR': () => void reread(),
    F5: () => void reread(),
  });
  usePaletteActions([
    { id: 'matching.sure', label: m('act.bindSure', { n: grouped(sure.length) }), words: 'bangding bd bind', run: bindSure },
    { id: 'matching.read', label: m('act.reread'), words: 'duqu dq read', run: () => void reread() },
  ]);

  const here = rows.filter((one) => kind === 'left' || kind === 'code' || one.kind === kind);
  const of = (what: 'bound' | 'refused' | 'later'): number => here.filter((one) => decided.get(one.listing_sku)?.what === what).length;
  const seen = of('bound') + of('refused') + of('later');
  const tabs: Filter[] = [...KINDS, ...(kind === 'code' ? (['code'] as const) : []), 'left'];
  const countOf = (id: Filter): number => (id === 'left' ? sums.left : id === 'code' ? sums.ready + sums.kinds.surplus : sums.kinds[id]);
  const none =
    view.total === 0 ? (
      <Empty
        title={m('empty.read')}
        note={m('empty.read.note')}
        actions={
          <Button busy={reading ? m('act.rereading') : null} onClick={() => void reread()}>
            {m('act.reread')}
          </Button>
        }
      />
    ) : sums.left === 0 ? (
      <Empty title={m('empty.done')} note={m('empty.done.note', { n: grouped(view.total) })} />
    ) : (
      <Empty title={typed === '' ? m('empty.kind') : t('empty.search', { q: typed })} actions={typed === '' ? null : <Button onClick={() => setTyped('')}>{t('act.clearFilter')}</Button>} />
    );
  const primary = candidate !== null && open;
  return (
    <div className="page">
      <PageHead
        title={m('title')}
        actions={
          <>
            <BindingSheet store={view.store} />
            <Button icon={IconRefreshCw} hint="F5" busy={reading ? m('act.rereading') : null} onClick={() => void reread()}>
              {m('act.reread')}
            </Button>
            <Button hint="Shift Y" busy={deciding.busy === 'sure' ? m('act.bindingSure') : null} blocked={sure.length === 0 ? m('empty.kind') : null} onClick={bindSure}>
              {m('act.bindSure', { n: grouped(sure.length) })}
            </Button>
          </>
        }
      >
        {pick}
        <div className="pagehead-note">
          <span>{m('head.note', { n: grouped(view.total) })}</span>
          <span>{view.read_at === null ? m('head.never') : <ReadAt at={view.read_at} />}</span>
        </div>
      </PageHead>
      <OfflineBanner />
      <Sums sums={sums} onFilter={onFilter} onBound={onBound} />
      <div className="mt-tabs" data-region="toolbar">
        <Tabs look="segment" label={m('tabs')} value={kind} onChange={(id) => onFilter(id as Filter)} items={tabs.map((id) => ({ id, label: m(`tab.${id}` as MatchWord), count: grouped(countOf(id)) }))} />
        <SearchBox main value={typed} placeholder={m('search')} onChange={setTyped} width={240} />
        <span className="grow" />
        {seen > 0 ? (
          <>
            <span className="t2 small">{m('seen', { seen: grouped(seen), all: grouped(here.length), bound: grouped(of('bound')), refused: grouped(of('refused')) })}</span>
            <span className="mt-progress">
              <ProgressBar total={here.length} segments={[{ value: seen, tone: 'accent' }]} label={m('seen', { seen, all: here.length, bound: of('bound'), refused: of('refused') })} />
            </span>
          </>
        ) : null}
        <Button kind="text" icon={IconArrowUpDown} onClick={() => setRising(!rising)}>
          {m(rising ? 'sort.up' : 'sort.down')}
        </Button>
      </div>
      <div className="page-row">
        <div className="mt-main">
          <div className="mt-row mt-head" aria-hidden>
            <span className="mt-tick" />
            <span className="mt-theirs">{m('col.theirs')}</span>
            <span className="mt-score">{m('col.score')}</span>
            <span className="mt-ours">{m('col.ours')}</span>
            <span className="mt-reasons">{m('col.why')}</span>
          </div>
          <List<Item>
            name="matching"
            label={m('title')}
            rows={items}
            rowKey={keyOf}
            height={(one) => (one.head === undefined ? 48 : 32)}
            skips={(one) => one.head !== undefined}
            className={(one) => (one.head === undefined ? '' : 'mt-group')}
            current={index}
            onCurrent={(at) => {
              const one = items[at];
              if (one) setCurrent(keyOf(one));
            }}
            onSpace={(one) => {
              if (one.head === undefined) tick(one.row);
            }}
            pageKeys
            empty={none}
            render={(one) =>
              one.head === undefined ? (
                <Row
                  row={one.row}
                  candidate={candidateOf(one.row)}
                  decision={decided.get(one.row.listing_sku) ?? null}
                  ticked={ticks.has(one.row.listing_sku)}
                  onTick={() => tick(one.row)}
                  onUndo={deciding.canUndo(one.row) ? () => void undo(one.row) : null}
                />
              ) : (
                <span className="mt-grouphead">
                  <b>{m('group.head', { code: one.code })}</b>
                  <span className="t3 small">{m('group.note', { n: grouped(one.rows) })}</span>
                </span>
              )
            }
          />
          {view.total === 0 || items.length === 0 ? null : (
            <div className="mt-foot">
              {ticked.length > 0 ? (
                <Button kind="primary" size="lg" busy={deciding.busy === 'bind' ? m('act.bindingSure') : null} onClick={() => void bindTicked()}>
                  {m('act.bindTicked', { n: grouped(ticked.length) })}
                </Button>
              ) : (
                <Button kind="primary" size="lg" hint="Y" blocked={primary ? null : m('side.free')} onClick={bind}>
                  {m(candidate && candidate.bound_elsewhere !== '' ? 'act.rebind' : 'act.bind')}
                </Button>
              )}
              <Button size="lg" hint="N" blocked={primary ? null : m('side.free')} onClick={refuse}>
                {m('act.refuse')}
              </Button>
              <Button size="lg" hint="S" blocked={open ? null : m('row.bound')} onClick={later}>
                {m('act.later')}
              </Button>
              <span className="mt-hints small t2">
                <Kbd>↑</Kbd> <Kbd>↓</Kbd> {m('keys.move')}
                <Kbd>1</Kbd> − <Kbd>5</Kbd> {m('keys.candidate')}
                <Kbd>U</Kbd> {m('keys.undo')}
              </span>
            </div>
          )}
        </div>
        {row ? <Side store={view.store} row={row} nth={index + 1 - items.slice(0, index).filter((one) => one.head !== undefined).length} candidate={candidate} onChoose={choose} onFind={() => setFinding(true)} onAdopt={() => void adopt()} busy={deciding.busy === 'adopt'} /> : null}
      </div>
      {finding && row ? (
        <FindDialog
          row={row}
          onClose={() => setFinding(false)}
          onPick={(sku) => {
            setFinding(false);
            const known = row.candidates.find((one) => one.sku === sku);
            void bindTo(sku, known !== undefined && known.bound_elsewhere !== '');
          }}
        />
      ) : null}
    </div>
  );
}

function ReadAt({ at }: { at: number }): ReactNode {
  const [before, after] = m('head.read', { time: '\n' }).split('\n');
  return (
    <>
      {before}
      <TimeText at={at} />
      {after}
    </>
  );
}
