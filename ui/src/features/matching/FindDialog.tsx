import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { MatchRow, ProductRow, SkuRow } from '../../api/generated';
import { useCall } from '../../api/queries';
import { errorWords } from '../../shared/errors';
import { composing, useDebounced, useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { Button, CodeText, Dialog, Empty, ErrorPanel, Money, SearchBox, Skeleton } from '../../shared/ui';
import { m } from './messages';
import { Thumb } from './Rows';

interface Hit {
  product: ProductRow;
  sku: SkuRow;
}

/** Looks through the whole library for the partner of one listing. */
export function FindDialog({ row, onPick, onClose }: { row: MatchRow; onPick: (sku: number, name: string) => void; onClose: () => void }): ReactNode {
  const [typed, setTyped] = useState(row.barcode === '' ? row.name.replaceAll(/[【[（(][^】\]）)]*[】\]）)]/g, '').slice(0, 6) : '');
  const [at, setAt] = useState(0);
  const text = useDebounced(typed.trim());
  const query = useCall('library_list', { search: text, category: null, view: 'all', state: '', stores: [], sort: '', descending: false, offset: 0, limit: 30 }, ['products'], { enabled: text !== '' });
  const hits: Hit[] = text === '' ? [] : (query.data?.products ?? []).flatMap((product) => product.skus.map((sku) => ({ product, sku })));
  const chosen = hits[Math.min(at, hits.length - 1)];
  const confirm = (): void => {
    if (chosen) onPick(chosen.sku.id, chosen.product.name);
  };
  // The search field has its own Enter; everywhere else in the dialog this one counts.
  useKeys({ Enter: confirm }, 'dialog');
  const move = (event: KeyboardEvent): void => {
    const by = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (by === 0 || composing(event)) return;
    event.preventDefault();
    setAt(Math.max(0, Math.min(hits.length - 1, at + by)));
  };
  return (
    <Dialog
      title={m('find.title', { name: row.name })}
      width={600}
      onClose={onClose}
      onConfirm={confirm}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Enter" blocked={chosen ? null : m('find.type')} onClick={confirm}>
            {m('find.bind')}
          </Button>
        </>
      }
    >
      {/* Arrows belong to the list while the caret stays in the field. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div onKeyDown={move}>
        <SearchBox
          value={typed}
          placeholder={m('find.search')}
          width={560}
          onEnter={confirm}
          onChange={(next) => {
            setTyped(next);
            setAt(0);
          }}
        />
        <div className="mt-found" role="radiogroup" aria-label={m('find.search')}>
          {query.error ? <ErrorPanel title={errorWords(query.error).title} note={errorWords(query.error).advice} /> : null}
          {text !== '' && query.isPending ? <Skeleton rows={4} /> : null}
          {text === '' ? <Empty title={m('find.type')} /> : query.data && hits.length === 0 ? <Empty title={m('find.none')} /> : null}
          {hits.map((hit, index) => (
            <button key={hit.sku.id} type="button" role="radio" aria-checked={hit === chosen} className={hit === chosen ? 'mt-candidate is-on' : 'mt-candidate'} onClick={() => setAt(index)} onDoubleClick={confirm}>
              <Thumb hash={hit.product.picture} side={24} />
              <span className="grow mt-two">
                <span className="cut">{hit.product.name}</span>
                <span className="small t2 mt-second">
                  <span className="cut">{hit.sku.spec_name}</span>
                  <CodeText code={hit.sku.barcode || hit.sku.item_code} room={20} />
                </span>
              </span>
              {hit.sku.price_fen === null ? null : <Money fen={hit.sku.price_fen} />}
            </button>
          ))}
        </div>
      </div>
    </Dialog>
  );
}
