import { useState, type ReactNode } from 'react';
import type { RemedyView } from '../../api/generated';
import { useCall } from '../../api/queries';
import { errorWords } from '../errors';
import { useDebounced } from '../hooks';
import { t } from '../messages';
import { AgoText, Button, CodeText, Dialog, Empty, ErrorPanel, Money, SearchBox, Skeleton, Tag } from '../ui';
import { c } from './messages';
import './causes.css';

/** Chooses an ERP item for the SKU of a remedy: suggestions by barcode, then name; or by search. */
export function ErpPicker({ remedy, onPick }: { remedy: RemedyView; onPick: (itemCode: string | null) => void }): ReactNode {
  const action = remedy.action as { sku?: number } | null;
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const text = useDebounced(typed.trim());
  const query = useCall('erp_search', text === '' ? { sku: action?.sku ?? null, text: '' } : { sku: null, text }, []);
  const items = query.data?.items ?? [];
  const current = items.find((item) => item.code === chosen) ?? items[0];
  const confirm = (): void => {
    if (current) onPick(current.code);
  };
  return (
    <Dialog
      title={c('pick.title')}
      width={560}
      onClose={() => onPick(null)}
      onConfirm={confirm}
      actions={
        <>
          <Button hint="Esc" onClick={() => onPick(null)}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" blocked={current ? null : c('pick.none')} onClick={confirm}>
            {c('pick.go')}
          </Button>
        </>
      }
    >
      <div className="picksearch">
        <SearchBox value={typed} placeholder={c('pick.search')} onChange={setTyped} onEnter={confirm} />
      </div>
      <div className="picklist" role="radiogroup" aria-label={c('pick.title')}>
        {query.error ? <ErrorPanel title={errorWords(query.error).title} note={errorWords(query.error).advice} /> : null}
        {query.isPending ? <Skeleton rows={4} /> : null}
        {query.data && items.length === 0 ? <Empty title={c('pick.none')} /> : null}
        {items.map((item) => (
          <label key={item.code} className={current?.code === item.code ? 'pickrow is-on' : 'pickrow'}>
            <input type="radio" name="erp-item" checked={current?.code === item.code} onChange={() => setChosen(item.code)} />
            <span className="grow">
              <b className="cut pickname">{item.name}</b>
              <span className="t3 small">
                <CodeText code={item.code} room={24} /> {item.barcode} {item.unit}
              </span>
            </span>
            {item.price_fen === null ? null : <Money fen={item.price_fen} />}
            <Tag outline>{item.reason === 'barcode' ? c('pick.barcode') : item.reason === 'name' ? c('pick.name') : c('pick.search.reason')}</Tag>
          </label>
        ))}
      </div>
      {query.data && query.data.read_at !== null ? (
        <p className="t3 small">
          {c('pick.read')} <AgoText at={query.data.read_at} old={query.data.old} />
        </p>
      ) : null}
      <p className="t3 small">{c('pick.note')}</p>
    </Dialog>
  );
}
