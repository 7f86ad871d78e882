import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { AttributeView, CategoriesView, CategoryTarget } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { failed } from '../causes';
import { errorWords } from '../errors';
import { fullTime, grouped } from '../format';
import { composing, isTextField, useDebounced } from '../hooks';
import { t } from '../messages';
import { Button, Dialog, Empty, ErrorPanel, Platform, SearchBox, Skeleton, Tag, toast } from '../ui';
import { IconChevronDown, IconChevronRight, IconRefreshCw } from '../ui/icons';
import { k } from './messages';
import { above, inSight, treeOf, type Line } from './model';
import './categories.css';

const TOUCHED = ['products', 'listings', 'findings', 'tasks'] as const;

export interface CategoryPickerProps {
  /** Products of one store or of several of one platform; the first names the store that is asked. */
  targets: readonly CategoryTarget[];
  /** The product that is ticked at first; the only one where there is no other. */
  initial?: number;
  /** The sync of the products has started. */
  onJob: (job: number) => void;
  onClose: () => void;
}

/** Chooses one of the platform's own 类目 for products, with what it asks for, and syncs them again. */
export function CategoryPicker({ targets, initial, onJob, onClose }: CategoryPickerProps): ReactNode {
  const client = useQueryClient();
  const [left, setLeft] = useState(targets);
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set(initial !== undefined ? [initial] : targets.length === 1 ? targets.map((one) => one.product) : []));
  // One tree at a time: what is meant in other stores follows once this one is done.
  const first = left[0];
  const store = first?.store ?? 0;
  const here = left.filter((one) => one.store === store);
  const only = here.length === 1 ? (first?.product ?? null) : null;
  const shop = useCall('stores_list', {}, ['stores']).data?.stores.find((one) => one.id === store);
  const query = useCall('categories_list', { store, fresh: false, product: only }, []);
  const [fresh, setFresh] = useState<CategoriesView | null>(null);
  const [reading, setReading] = useState(false);
  const view = fresh ?? (query.isPlaceholderData ? undefined : query.data);
  const tree = useMemo(() => treeOf(view?.categories ?? []), [view]);
  const now = view?.chosen ?? '';
  const [picked, setPicked] = useState<string | null>(null);
  const chosen = tree.byId.get(picked ?? now);
  const able = chosen?.category.leaf === true && !chosen.category.forbidden;
  const asking = able && view?.asks === true;
  const asks = useCall('category_asks', { store, category: chosen?.category.id ?? '' }, [], { enabled: asking });
  const attributes = asking ? (asks.data?.attributes ?? []) : [];
  const [given, setGiven] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const value = (key: string): string => given[key] ?? (chosen?.category.id === now ? (view?.attributes[key] ?? '') : '');

  const again = async (): Promise<void> => {
    setReading(true);
    try {
      setFresh(await call('categories_list', { store, fresh: true, product: only }));
    } catch (cause) {
      failed(cause);
    } finally {
      setReading(false);
    }
  };
  const products = here.filter((one) => ticked.has(one.product));
  const missing = attributes.find((one) => one.required && value(one.key).trim() === '');
  const blocked = products.length === 0 ? k('need.product') : !able ? k('need.category') : asking && asks.isPending ? k('asks.reading') : missing ? k('need.attribute', { name: missing.name }) : null;
  const run = async (): Promise<void> => {
    if (!chosen || blocked !== null || busy) return;
    setBusy(true);
    try {
      const filled = Object.fromEntries(attributes.map((one) => [one.key, value(one.key).trim()]).filter(([, text]) => text !== ''));
      const answer = await call('category_change', { store, products: [...new Set(products.map((one) => one.product))], category: chosen.category.id, attributes: filled });
      const { batch } = answer;
      toast.done(k('done'), batch === null ? {} : { undo: () => void call('library_undo', { batch, redo: false }).then(() => toast.done(k('undone')), failed) });
      onJob(answer.job);
      const rest = left.filter((one) => !ticked.has(one.product));
      if (rest.length === 0) {
        onClose();
        return;
      }
      setLeft(rest);
      if (rest[0]?.store !== store) setFresh(null);
      setTicked(new Set(rest.length === 1 ? rest.map((one) => one.product) : []));
      setPicked(null);
      setGiven({});
    } catch (cause) {
      failed(cause);
    } finally {
      setBusy(false);
      markChanged(client, TOUCHED);
    }
  };
  const failure = query.error && !view ? errorWords(query.error) : null;
  return (
    <Dialog
      title={targets.length === 1 ? k('title.one', { name: targets[0]?.name ?? '' }) : k('title.many', { n: grouped(here.length) })}
      width={640}
      onClose={onClose}
      onConfirm={() => void run()}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? k('busy') : null} blocked={blocked} onClick={() => void run()}>
            {targets.length === 1 ? k('confirm') : k('confirm.many', { n: grouped(products.length) })}
          </Button>
        </>
      }
    >
      {shop ? (
        <div className="cat-shop">
          <Platform platform={shop.platform}>{shop.name}</Platform>
        </div>
      ) : null}
      {targets.length > 1 ? <Targets all={here} ticked={ticked} onTicked={setTicked} /> : null}
      {failure ? (
        <ErrorPanel title={failure.title} note={failure.advice} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />
      ) : view ? (
        <>
          <Choice key={store} lines={tree} picked={chosen?.category.id ?? null} now={now} onPick={setPicked} />
          <div className="cat-age t3 small">
            <span className="grow">{k('read', { time: fullTime(view.read_at) })}</span>
            <Button kind="link" icon={IconRefreshCw} busy={reading ? k('again.busy') : null} onClick={() => void again()}>
              {k('again')}
            </Button>
          </div>
          <div className="cat-chosen" aria-live="polite">
            <span className="t2">{k('chosen')}</span>
            {chosen && able ? <b className="cut">{chosen.path.join(' / ')}</b> : <span className="t3">{k('chosen.none')}</span>}
          </div>
          {asking ? <Asks attributes={attributes} reading={asks.isPending} error={asks.error} value={value} onChange={(key, text) => setGiven({ ...given, [key]: text })} /> : null}
        </>
      ) : (
        <>
          <p className="t2">{k('reading')}</p>
          <Skeleton rows={8} />
        </>
      )}
      <p className="t3 small cat-note">{k('note')}</p>
    </Dialog>
  );
}

function Targets({ all, ticked, onTicked }: { all: readonly CategoryTarget[]; ticked: ReadonlySet<number>; onTicked: (next: ReadonlySet<number>) => void }): ReactNode {
  const every = all.every((one) => ticked.has(one.product));
  const toggle = (product: number): void => {
    const next = new Set(ticked);
    if (!next.delete(product)) next.add(product);
    onTicked(next);
  };
  return (
    <fieldset className="cat-targets">
      <legend className="t2">{k('products')}</legend>
      <label>
        <input type="checkbox" checked={every} onChange={() => onTicked(every ? new Set() : new Set(all.map((one) => one.product)))} />
        <b>{k('all', { n: grouped(all.length) })}</b>
      </label>
      {all.map((one) => (
        <label key={`${one.store}-${one.product}`}>
          <input type="checkbox" checked={ticked.has(one.product)} onChange={() => toggle(one.product)} />
          <span className="cut">{one.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Lines shown at once; a search that finds more asks for another word. */
const SHOWN = 400;

/** The tree with its search box. Arrows move, right and left unfold and fold, Space or Enter chooses. */
function Choice({ lines: tree, picked, now, onPick }: { lines: ReturnType<typeof treeOf>; picked: string | null; now: string; onPick: (id: string) => void }): ReactNode {
  const [typed, setTyped] = useState('');
  const query = useDebounced(typed.trim());
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(above(tree, now)));
  const [current, setCurrent] = useState<string | null>(now === '' ? null : now);
  const hits = useMemo(() => inSight(tree, open, query), [tree, open, query]);
  const shown = hits.slice(0, SHOWN);
  const at = shown.findIndex((line) => line.category.id === current);
  const flat = query !== '';
  const fold = (line: Line, wide: boolean): void => {
    const next = new Set(open);
    if (wide) next.add(line.category.id);
    else next.delete(line.category.id);
    setOpen(next);
  };
  const act = (line: Line): void => {
    setCurrent(line.category.id);
    if (!line.category.leaf) fold(line, !open.has(line.category.id));
    else if (!line.category.forbidden) onPick(line.category.id);
  };
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current, shown.length]);
  const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), PageDown: at + 9, PageUp: Math.max(0, at - 9) };
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = shown[at];
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = isTextField(event.target);
    const to = moves[event.code] ?? (typing ? undefined : { Home: 0, End: shown.length - 1 }[event.code]);
    const parent = line && tree.byId.get(line.category.parent);
    if (to !== undefined) setCurrent(shown[Math.min(shown.length - 1, to)]?.category.id ?? null);
    // From the search box Enter takes the first that can be taken.
    else if (event.code === 'Enter' || (event.code === 'Space' && !typing)) {
      const hit = line ?? shown.find((one) => one.category.leaf && !one.category.forbidden);
      if (hit) act(hit);
    } else if (typing || flat || !line) return;
    else if (event.code === 'ArrowRight' && !line.category.leaf) fold(line, true);
    else if (event.code === 'ArrowLeft' && open.has(line.category.id)) fold(line, false);
    else if (event.code === 'ArrowLeft' && parent) setCurrent(parent.category.id);
    else return;
    event.preventDefault();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="cat-choice" onKeyDown={onKeyDown}>
      <SearchBox
        value={typed}
        placeholder={k('search')}
        width={600}
        onChange={(next) => {
          setTyped(next);
          setCurrent(null);
        }}
      />
      <div ref={box} className="cat-tree" role="tree" aria-label={k('tree')} tabIndex={0} aria-activedescendant={at >= 0 ? `category-${at}` : undefined}>
        {shown.length === 0 ? flat ? <Empty title={k('none', { q: query })} note={k('none.note')} /> : <Empty title={k('empty')} /> : null}
        {shown.map((line, index) => (
          <Row key={line.category.id} id={`category-${index}`} line={line} flat={flat} open={open.has(line.category.id)} current={index === at} picked={line.category.id === picked} now={line.category.id === now} onAct={() => act(line)} />
        ))}
        {hits.length > shown.length ? <p className="t3 small cat-more">{k('more', { n: hits.length - shown.length })}</p> : null}
      </div>
    </div>
  );
}

function Row({ id, line, flat, open, current, picked, now, onAct }: { id: string; line: Line; flat: boolean; open: boolean; current: boolean; picked: boolean; now: boolean; onAct: () => void }): ReactNode {
  const { category, path, depth } = line;
  const fold = open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />;
  const classes = ['cat-row', current ? 'is-current' : '', category.forbidden ? 'is-off' : ''];
  return (
    // The tree has the keys (aria-activedescendant); a click does the same.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      className={classes.filter(Boolean).join(' ')}
      role="treeitem"
      aria-level={flat ? 1 : depth + 1}
      aria-expanded={category.leaf || flat ? undefined : open}
      aria-selected={current}
      aria-checked={category.leaf ? picked : undefined}
      aria-disabled={category.forbidden || undefined}
      style={{ paddingLeft: flat ? 12 : 12 + depth * 18 }}
      onClick={onAct}
    >
      <span className="cat-mark">{category.leaf ? <i className={picked ? 'cat-dot is-on' : 'cat-dot'} /> : fold}</span>
      <span className={category.leaf ? 'cut' : 'cut t2'}>
        {flat && path.length > 1 ? <span className="t3">{`${path.slice(0, -1).join(' / ')} / `}</span> : null}
        {category.name}
      </span>
      <span className="grow" />
      {now ? <Tag outline>{k('now')}</Tag> : null}
      {category.forbidden ? <span className="small">{k('forbidden')}</span> : null}
    </div>
  );
}

function Asks({ attributes, reading, error, value, onChange }: { attributes: readonly AttributeView[]; reading: boolean; error: unknown; value: (key: string) => string; onChange: (key: string, text: string) => void }): ReactNode {
  if (error) return <ErrorPanel title={errorWords(error).title} note={errorWords(error).advice} />;
  if (reading) return <p className="t3 small">{k('asks.reading')}</p>;
  if (attributes.length === 0) return <p className="t3 small">{k('asks.none')}</p>;
  return (
    <fieldset className="cat-asks">
      <legend className="t2">{k('asks')}</legend>
      {attributes.map((one) => (
        <label key={one.key}>
          <span className="cut">
            {one.name}
            {one.required ? <span className="amber small">{`　${k('required')}`}</span> : null}
          </span>
          {one.values.length > 0 ? (
            <select className="field" value={value(one.key)} onChange={(event) => onChange(one.key, event.target.value)}>
              <option value="">{k('pick')}</option>
              {one.values.map((text) => (
                <option key={text}>{text}</option>
              ))}
            </select>
          ) : (
            <input className="field" value={value(one.key)} aria-required={one.required} onChange={(event) => onChange(one.key, event.target.value)} />
          )}
        </label>
      ))}
    </fieldset>
  );
}
