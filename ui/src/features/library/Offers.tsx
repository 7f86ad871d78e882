import { Checkbox, Dropdown } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { OfferEdit, ProductDetail, ProductPlace, StoreView } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { failed } from '../../shared/causes';
import { sentence, word } from '../../shared/errors';
import { parseYuan, yuanInput } from '../../shared/format';
import { composing } from '../../shared/hooks';
import { Button, Empty, Platform, Section, State, toast } from '../../shared/ui';
import { IconPlus } from '../../shared/ui/icons';
import { l } from './messages';
import { syncState } from './model';

const TOUCHED = ['products', 'listings', 'findings', 'stock'] as const;

/** State of one SKU in one store, in words. */
export function PlaceState({ place }: { place: ProductPlace }): ReactNode {
  const words = word(`${place.words.code}.text`, place.words.params) ?? word(`${place.words.code}.what`, place.words.params) ?? word(place.words.code, place.words.params);
  return <State state={syncState(place.state)} {...(words === null ? {} : { detail: words })} />;
}

/** What one product is in each store: own price, on the shelf or not, with or without UPC. Every change is saved at once. */
export function Offers({ detail, stores, onUndo }: { detail: ProductDetail; stores: readonly StoreView[]; onUndo: (batch: number) => void }): ReactNode {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true);
    try {
      await work();
    } catch (cause) {
      failed(cause);
    } finally {
      setBusy(false);
      markChanged(client, TOUCHED);
    }
  };
  const edit = (place: ProductPlace, change: Partial<OfferEdit>): void =>
    void attempt(async () => {
      const report = await call('offers_edit', { edits: [{ store: place.store.id, sku: place.sku, on: null, price: null, skip_barcode: null, ...change }] });
      const [refused] = report.rejected;
      const { batch } = report;
      if (refused) toast.failed(sentence(refused.words, refused.value));
      else if (report.changed > 0) toast.done(l('offers.saved', { store: place.store.name }), batch === null ? {} : { undo: () => onUndo(batch) });
    });
  const offer = (store: StoreView): void =>
    void attempt(async () => {
      const report = await call('offers_all', { store: store.id, products: [detail.id] });
      const { batch } = report;
      toast.done(l('offers.added', { store: store.name }), batch === null ? {} : { undo: () => onUndo(batch) });
    });
  const missing = stores.filter((store) => !detail.places.some((place) => place.store.id === store.id && place.offered));
  const more =
    missing.length === 0 ? null : (
      <Dropdown trigger={['click']} menu={{ items: missing.map((store) => ({ key: String(store.id), label: <Platform platform={store.platform}>{store.name}</Platform>, onClick: () => offer(store) })) }}>
        <Button kind="link" icon={IconPlus} busy={busy ? l('offers.more') : null}>
          {l('offers.more')}
        </Button>
      </Dropdown>
    );
  return (
    <Section title={l('drawer.stores')} actions={more}>
      {detail.places.length === 0 ? <Empty title={l('stores.none')} /> : null}
      {detail.places.map((place) => (
        <div key={`${place.store.id}/${place.sku}`} className="lib-offer">
          <div className="lib-offerhead">
            <Platform platform={place.store.platform}>{place.store.name}</Platform>
            {detail.skus.length > 1 ? <span className="t3 small cut">{place.spec_name}</span> : null}
            <span className="grow" />
            <span className="small">
              <PlaceState place={place} />
            </span>
          </div>
          <div className="lib-offerbody">
            <OwnPrice place={place} onSave={(price) => edit(place, { price })} />
            <Checkbox checked={place.offered} onChange={(event) => edit(place, { on: event.target.checked })}>
              {l('offers.on')}
            </Checkbox>
            <Checkbox checked={place.skip_barcode} onChange={(event) => edit(place, { skip_barcode: event.target.checked })}>
              {l('offers.skip')}
            </Checkbox>
          </div>
        </div>
      ))}
      <p className="t3 small lib-note">{l('offers.note')}</p>
    </Section>
  );
}

/** The store's own price; empty takes the library's again. Saved on Enter and when the field is left. */
function OwnPrice({ place, onSave }: { place: ProductPlace; onSave: (price: string) => void }): ReactNode {
  const saved = place.own_price && place.price_fen !== null ? yuanInput(place.price_fen) : '';
  const input = useRef<HTMLInputElement>(null);
  const save = (): void => {
    const field = input.current;
    if (!field) return;
    const text = field.value.trim();
    const fen = text === '' ? null : parseYuan(text);
    if (text !== '' && (fen === null || fen < 0)) {
      toast.failed(l('bad.price', { value: text }));
      field.value = saved;
      return;
    }
    const next = fen === null ? '' : yuanInput(fen);
    if (next !== saved) onSave(next);
  };
  return (
    <label className="lib-own">
      <span className="t2 small">{l('offers.price')}</span>
      <input
        key={saved}
        ref={input}
        className="field"
        defaultValue={saved}
        placeholder={place.price_fen === null ? '' : yuanInput(place.price_fen)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.code === 'Enter' && !composing(event)) event.currentTarget.blur();
        }}
      />
    </label>
  );
}
