import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { NewSku } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { failed } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { parseYuan } from '../../shared/format';
import { t } from '../../shared/messages';
import { Button, ConfirmDialog, toast } from '../../shared/ui';
import { IconPlus, IconX } from '../../shared/ui/icons';
import { CategoryField } from './Batch';
import { l, type LibraryWord } from './messages';

const FIELDS = ['spec_name', 'item_code', 'barcode', 'unit', 'price'] as const;
const EMPTY: NewSku = { spec_name: '', item_code: '', barcode: '', unit: '', price: '' };

/** A product typed by hand, with one or more specs. */
export function NewProduct({ name: proposed, categories, onUndo, onDone, onClose }: { name: string; categories: readonly string[]; onUndo: (batch: number) => void; onDone: (name: string) => void; onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const [name, setName] = useState(proposed);
  const [category, setCategory] = useState('');
  const [skus, setSkus] = useState<NewSku[]>([EMPTY]);
  const [busy, setBusy] = useState(false);
  const put = (at: number, field: (typeof FIELDS)[number], value: string): void => setSkus(skus.map((sku, index) => (index === at ? { ...sku, [field]: value } : sku)));
  const badPrice = skus.find((sku) => sku.price.trim() !== '' && (parseYuan(sku.price) ?? -1) < 0);
  const unnamed = skus.length > 1 && skus.some((sku) => sku.spec_name.trim() === '');
  const blocked = name.trim() === '' ? l('bad.name') : badPrice ? l('bad.price', { value: badPrice.price }) : unnamed ? l('new.needSpec') : null;
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const report = await call('library_create', { name: name.trim(), category: category.trim(), skus });
      markChanged(client, ['products', 'findings']);
      const [refused] = report.rejected;
      if (refused) {
        toast.failed(l('refused', { n: report.rejected.length }), { note: sentence(refused.words, refused.value) });
        return;
      }
      const { batch } = report;
      toast.done(l('new.done', { name: name.trim() }), batch === null ? {} : { undo: () => onUndo(batch) });
      onDone(name.trim());
    } catch (cause) {
      failed(cause);
    } finally {
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog width={720} title={l('new.title')} confirm={l('new.go')} busy={busy ? l('batch.saving') : null} blocked={blocked} onConfirm={() => void run()} onClose={onClose}>
      <div className="lib-form">
        <label>
          <span className="t2 small">{l('col.name')}</span>
          {/* The dialog starts at its first field. */}
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
          <input className="field lib-wide" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <label>
          <span className="t2 small">{l('col.category')}</span>
          <CategoryField value={category} categories={categories} onChange={setCategory} />
        </label>
      </div>
      <table className="plain lib-specs">
        <thead>
          <tr>
            {FIELDS.map((field) => (
              <th key={field}>{l(`col.${field === 'spec_name' ? 'spec' : field}` as LibraryWord)}</th>
            ))}
            <th aria-label={t('act.remove')} />
          </tr>
        </thead>
        <tbody>
          {skus.map((sku, at) => (
            <tr key={at}>
              {FIELDS.map((field) => (
                <td key={field}>
                  <input className="field lib-wide" value={sku[field]} placeholder={field === 'spec_name' && skus.length === 1 ? l('spec.single') : ''} aria-label={l(`col.${field === 'spec_name' ? 'spec' : field}` as LibraryWord)} onChange={(event) => put(at, field, event.target.value)} />
                </td>
              ))}
              <td>{skus.length > 1 ? <Button kind="text" size="row" icon={IconX} label={t('act.remove')} onClick={() => setSkus(skus.filter((_, index) => index !== at))} /> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button kind="link" icon={IconPlus} onClick={() => setSkus([...skus, EMPTY])}>
        {l('new.more')}
      </Button>
    </ConfirmDialog>
  );
}
