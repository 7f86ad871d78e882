import { AutoComplete, Checkbox, Dropdown, Segmented } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { EditReport, StoreView } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { failed } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { grouped, money, yuanInput } from '../../shared/format';
import { useAttempt } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { BatchBar, Button, ConfirmDialog, Platform, toast } from '../../shared/ui';
import { IconArrowUpDown, IconEllipsis, IconJapaneseYen, IconListChecks, IconTags } from '../../shared/ui/icons';
import { applyFormula, parseFormula } from './formula';
import { l } from './messages';
import { sayPictures } from './pictureReport';
import type { Ticked } from './ticked';

export interface BatchProps {
  count: number;
  /** All that match, when more can be ticked. */
  matching: number | null;
  onMatching: () => void;
  onClose: () => void;
  gather: () => Promise<Ticked>;
  stores: readonly StoreView[];
  categories: readonly string[];
  onUndo: (batch: number) => void;
  onSync: (products: number[]) => void;
  onChecked: (bad: boolean) => void;
}

type Open = 'price' | 'category' | 'shelf' | 'offer' | 'delete' | null;
const TOUCHED = ['products', 'listings', 'findings', 'stock'] as const;

/** The bar of what can be done with all ticked products, and its dialogs. */
export function Batch({ count, matching, onMatching, onClose, gather, stores, categories, onUndo, onSync, onChecked }: BatchProps): ReactNode {
  const [open, setOpen] = useState<Open>(null);
  const [ticked, setTicked] = useState<Ticked | null>(null);
  const { busy, attempt } = useAttempt<string>(TOUCHED);

  const show = (what: Exclude<Open, null>): void =>
    attempt(what, async () => {
      setTicked(await gather());
      setOpen(what);
    });
  const say = (report: EditReport, title: string): void => {
    const { batch } = report;
    if (report.changed > 0) toast.done(title, batch === null ? {} : { undo: () => onUndo(batch) });
    else if (report.rejected.length === 0) toast.done(l('batch.same'));
    const [refused] = report.rejected;
    if (refused) toast.failed(l('refused', { n: grouped(report.rejected.length) }), { note: sentence(refused.words, refused.value) });
    const [warning] = report.warnings;
    if (warning) toast.failed(sentence(warning));
  };
  const close = (): void => setOpen(null);
  const check = (): void =>
    attempt('check', async () => {
      await call('preflight_run', { stores: [] });
      const { products } = await gather();
      const errors = products.filter((one) => one.worst === 'error').length;
      const warnings = products.filter((one) => one.worst === 'warning').length;
      toast.done(errors + warnings === 0 ? l('batch.checked.ok', { n: grouped(products.length) }) : l('batch.checked', { n: grouped(products.length), errors: grouped(errors), warnings: grouped(warnings) }));
      onChecked(errors + warnings > 0);
    });
  const sync = (): void =>
    attempt('sync', async () => {
      onSync((await gather()).products.map((one) => one.id));
    });
  const repair = (enlarge: boolean): void =>
    attempt('repair', async () => {
      const { products } = await gather();
      sayPictures(await call('pictures_repair', { products: products.map((one) => one.id), allow_enlarge: enlarge }), onUndo);
    });
  const n = grouped(count);
  return (
    <>
      <BatchBar count={n} matching={matching === null ? null : grouped(matching)} onMatching={onMatching} onClose={onClose}>
        <Button kind="text" icon={IconJapaneseYen} onClick={() => show('price')}>
          {l('batch.price')}
        </Button>
        <Button kind="text" icon={IconTags} onClick={() => show('category')}>
          {l('batch.category')}
        </Button>
        <Button kind="text" icon={IconArrowUpDown} blocked={stores.length === 0 ? l('batch.noStores') : null} onClick={() => show('shelf')}>
          {l('batch.shelf')}
        </Button>
        <Button kind="text" icon={IconListChecks} busy={busy === 'check' ? l('batch.check') : null} onClick={check}>
          {l('batch.check')}
        </Button>
        <Dropdown
          trigger={['click']}
          placement="top"
          menu={{
            items: [
              { key: 'offer', label: l('batch.offer'), disabled: stores.length === 0, onClick: () => show('offer') },
              { key: 'repair', label: l('batch.repair'), onClick: () => repair(false) },
              { key: 'enlarge', label: l('batch.enlarge'), onClick: () => repair(true) },
              { type: 'divider' },
              { key: 'delete', danger: true, label: l('batch.delete'), onClick: () => show('delete') },
            ],
          }}
        >
          <Button kind="text" icon={IconEllipsis} label={t('act.more')} busy={busy === 'repair' ? l('batch.repairing') : null} />
        </Dropdown>
        <Button kind="primary" busy={busy === 'sync' ? l('batch.sync') : null} onClick={sync}>
          {l('batch.sync')}
        </Button>
      </BatchBar>
      {open === 'price' && ticked ? (
        <PriceDialog
          ticked={ticked}
          busy={busy === 'save'}
          onClose={close}
          onRun={(formula, edits) =>
            attempt('save', async () => {
              say(await call('library_edit', { edits }), l('batch.price.done', { n: grouped(edits.length), formula }));
              close();
            })
          }
        />
      ) : null}
      {open === 'category' && ticked ? (
        <CategoryDialog
          ticked={ticked}
          categories={categories}
          busy={busy === 'save'}
          onClose={close}
          onRun={(path) =>
            attempt('save', async () => {
              const edits = ticked.products.flatMap((product) => (product.skus[0] ? [{ sku: product.skus[0].id, field: 'category', value: path }] : []));
              say(await call('library_edit', { edits }), l('batch.category.done', { n: grouped(edits.length), path }));
              close();
            })
          }
        />
      ) : null}
      {(open === 'shelf' || open === 'offer') && ticked ? (
        <StoresDialog
          what={open}
          ticked={ticked}
          stores={stores}
          busy={busy === 'save'}
          onClose={close}
          onRun={(ids, on) =>
            attempt('save', async () => {
              if (open === 'shelf') {
                const edits = ids.flatMap((store) => ticked.skus.map(({ sku }) => ({ store, sku: sku.id, on, price: null, skip_barcode: null })));
                say(await call('offers_edit', { edits }), l(on ? 'batch.shelf.on.done' : 'batch.shelf.off.done', { n: grouped(ticked.products.length), stores: ids.length }));
              } else {
                let changed = 0;
                for (const store of ids) changed += (await call('offers_all', { store, products: ticked.products.map((one) => one.id) })).changed;
                toast.done(changed === 0 ? l('batch.same') : l('batch.offer.done', { n: grouped(ticked.products.length), stores: ids.length }));
              }
              close();
            })
          }
        />
      ) : null}
      {open === 'delete' && ticked ? <DeleteDialog ticked={ticked} onUndo={onUndo} onClose={close} onDone={onClose} /> : null}
    </>
  );
}

interface CellEdit {
  sku: number;
  field: string;
  value: string;
}

const PREVIEW = 6;

function PriceDialog({ ticked, busy, onRun, onClose }: { ticked: Ticked; busy: boolean; onRun: (formula: string, edits: CellEdit[]) => void; onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const formula = parseFormula(text);
  const rows = ticked.skus.map(({ product, sku }) => {
    const next = formula === null ? null : sku.price_fen === null ? (formula.kind === 'set' ? formula.fen : null) : applyFormula(formula, sku.price_fen);
    return { product, sku, next };
  });
  const good = rows.filter((row) => row.next !== null && row.next !== row.sku.price_fen);
  const bad = formula === null ? 0 : rows.filter((row) => row.next === null).length;
  const edits = good.map((row) => ({ sku: row.sku.id, field: 'price', value: yuanInput(row.next ?? 0) }));
  return (
    <ConfirmDialog
      title={l('batch.price.title', { n: grouped(ticked.skus.length) })}
      confirm={l('batch.price.go', { n: grouped(good.length) })}
      busy={busy ? l('batch.saving') : null}
      blocked={formula === null ? l('batch.price.bad') : good.length === 0 ? l('batch.same') : null}
      onConfirm={() => onRun(text.trim(), edits)}
      onClose={onClose}
    >
      {/* The dialog is about this field. */}
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
      <input className="field lib-wide" autoFocus value={text} placeholder={l('batch.price.hint')} aria-label={l('batch.price.hint')} onChange={(event) => setText(event.target.value)} />
      <table className="plain lib-preview">
        <tbody>
          {rows.slice(0, PREVIEW).map((row) => (
            <tr key={row.sku.id}>
              <td className="cut">
                {row.product.name} <span className="t3">{row.sku.spec_name}</span>
              </td>
              <td className="num t2">{row.sku.price_fen === null ? '−' : money(row.sku.price_fen)}</td>
              <td className="num">{row.next === null ? <span className="t3">−</span> : <b>{money(row.next)}</b>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > PREVIEW ? <p className="t3 small lib-note">{l('batch.more', { n: grouped(rows.length - PREVIEW) })}</p> : null}
      {bad > 0 ? <p className="amber small">{l('batch.price.skipped', { n: grouped(bad) })}</p> : null}
    </ConfirmDialog>
  );
}

function CategoryDialog({ ticked, categories, busy, onRun, onClose }: { ticked: Ticked; categories: readonly string[]; busy: boolean; onRun: (path: string) => void; onClose: () => void }): ReactNode {
  const [path, setPath] = useState('');
  const clean = path
    .split('/')
    .map((part) => part.trim())
    .filter(Boolean)
    .join('/');
  return (
    <ConfirmDialog
      title={l('batch.category.title', { n: grouped(ticked.products.length) })}
      confirm={l('batch.category.go', { n: grouped(ticked.products.length) })}
      busy={busy ? l('batch.saving') : null}
      blocked={clean === '' ? l('category.hint') : null}
      onConfirm={() => onRun(clean)}
      onClose={onClose}
    >
      <CategoryField value={path} categories={categories} onChange={setPath} />
      {clean !== '' && !categories.includes(clean) ? <p className="t3 small lib-note">{l('category.new', { path: clean })}</p> : null}
    </ConfirmDialog>
  );
}

/** A category path, chosen from the tree or typed with slashes. */
export function CategoryField({ value, categories, onChange }: { value: string; categories: readonly string[]; onChange: (path: string) => void }): ReactNode {
  return <AutoComplete className="lib-wide" value={value} aria-label={l('category.hint')} placeholder={l('category.hint')} options={categories.map((path) => ({ value: path }))} showSearch={{ filterOption: (typed, option) => (option?.value ?? '').toLowerCase().includes(typed.toLowerCase()) }} onChange={onChange} />;
}

function StoresDialog({ what, ticked, stores, busy, onRun, onClose }: { what: 'shelf' | 'offer'; ticked: Ticked; stores: readonly StoreView[]; busy: boolean; onRun: (stores: number[], on: boolean) => void; onClose: () => void }): ReactNode {
  const [chosen, setChosen] = useState<number[]>([]);
  const [on, setOn] = useState(true);
  const n = grouped(ticked.products.length);
  return (
    <ConfirmDialog
      title={l(what === 'shelf' ? 'batch.shelf.title' : 'batch.offer.title', { n })}
      confirm={l(what === 'offer' ? 'batch.offer.go' : on ? 'batch.shelf.on' : 'batch.shelf.off', { n: grouped(chosen.length) })}
      busy={busy ? l('batch.saving') : null}
      blocked={chosen.length === 0 ? l('batch.pickStores') : null}
      onConfirm={() => onRun(chosen, on)}
      onClose={onClose}
    >
      {what === 'shelf' ? (
        <Segmented
          value={on ? 'on' : 'off'}
          onChange={(value) => setOn(value === 'on')}
          options={[
            { value: 'on', label: l('shelf.on') },
            { value: 'off', label: l('shelf.off') },
          ]}
        />
      ) : null}
      <div className="lib-stores">
        <Checkbox checked={chosen.length === stores.length} indeterminate={chosen.length > 0 && chosen.length < stores.length} onChange={(event) => setChosen(event.target.checked ? stores.map((store) => store.id) : [])}>
          {t('stores.all', { n: grouped(stores.length) })}
        </Checkbox>
        {stores.map((store) => (
          <Checkbox key={store.id} checked={chosen.includes(store.id)} onChange={(event) => setChosen(event.target.checked ? [...chosen, store.id] : chosen.filter((id) => id !== store.id))}>
            <Platform platform={store.platform}>{store.name}</Platform>
          </Checkbox>
        ))}
      </div>
      <p className="t3 small">{l('batch.wanted')}</p>
    </ConfirmDialog>
  );
}

/** Deleting is refused for what is bound; those are named, with the two ways on. */
function DeleteDialog({ ticked, onUndo, onClose, onDone }: { ticked: Ticked; onUndo: (batch: number) => void; onClose: () => void; onDone: () => void }): ReactNode {
  const client = useQueryClient();
  const [bound, setBound] = useState<number[] | null>(null);
  const [busy, setBusy] = useState(false);
  const names = new Map(ticked.products.map((product) => [product.id, product.name]));
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      if (bound) {
        // The bindings go first, so that no order meets a binding to nothing.
        const details = await Promise.all(bound.map((id) => call('library_get', { id })));
        const listings = details.flatMap((detail) => detail.places.flatMap((place) => (place.listing_sku === null ? [] : [place.listing_sku])));
        if (listings.length > 0) await call('matching_unbind', { listing_skus: listings });
      }
      const report = await call('library_delete', { products: bound ?? ticked.products.map((product) => product.id) });
      const { batch } = report;
      if (report.deleted > 0) toast.done(l('delete.done', { n: grouped(report.deleted) }), batch === null ? {} : { undo: () => onUndo(batch) });
      if (report.bound.length > 0) setBound(report.bound);
      else onDone();
    } catch (cause) {
      failed(cause);
    } finally {
      setBusy(false);
      markChanged(client, ['products', 'bindings', 'listings', 'findings']);
    }
  };
  if (bound) {
    return (
      <ConfirmDialog title={l('delete.bound', { n: grouped(bound.length) })} confirm={l('delete.unbind', { n: grouped(bound.length) })} busy={busy ? l('batch.saving') : null} onConfirm={() => void run()} onClose={onClose}>
        <p className="t2">{l('delete.bound.note')}</p>
        <ul className="lib-names">
          {bound.slice(0, 8).map((id) => (
            <li key={id} className="cut">
              {names.get(id) ?? id}
            </li>
          ))}
        </ul>
        {bound.length > 8 ? <p className="t3 small">{l('batch.more', { n: grouped(bound.length - 8) })}</p> : null}
      </ConfirmDialog>
    );
  }
  return (
    <ConfirmDialog title={l('delete.title', { n: grouped(ticked.products.length) })} confirm={l('delete.go', { n: grouped(ticked.products.length) })} busy={busy ? l('batch.saving') : null} onConfirm={() => void run()} onClose={onClose}>
      <p className="t2">{l('delete.note')}</p>
    </ConfirmDialog>
  );
}
