import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { ListingRow, StoreView } from '../../api/generated';
import { failed } from '../../shared/causes';
import { grouped } from '../../shared/format';
import { named } from '../../shared/messages';
import { Platform, TypedConfirmDialog } from '../../shared/ui';
import { g } from './messages';

/** Names of products told before they are deleted. */
const NAMES = 5;

/** The products behind ticked rows: rows are specs, and a product goes with all of its specs. */
export function productsOf(rows: readonly ListingRow[]): ListingRow[] {
  return [...new Map(rows.map((row) => [row.listing, row])).values()];
}

/** Deletes products on their platforms, after the number of them was typed. */
export function DeleteDialog({ rows, stores, onJob, onClose }: { rows: readonly ListingRow[]; stores: readonly StoreView[]; onJob: (job: number) => void; onClose: () => void }): ReactNode {
  const products = productsOf(rows);
  const [busy, setBusy] = useState(false);
  const sums = new Map<number, { store: ListingRow['store']; n: number }>();
  for (const row of products) sums.set(row.store.id, { store: row.store, n: (sums.get(row.store.id)?.n ?? 0) + 1 });
  const n = grouped(products.length);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const started = await call('listings_delete', { listings: products.map((row) => row.listing), confirmed: products.length });
      onJob(started.job);
    } catch (cause) {
      failed(cause);
    } finally {
      setBusy(false);
    }
  };
  const shared = stores.find((one) => one.can.shared_products && sums.has(one.id));
  const names = products.slice(0, NAMES).map((row) => row.name);
  return (
    <TypedConfirmDialog title={g('delete.title', { n })} name={String(products.length)} confirm={g('delete.go', { n })} busy={busy ? g('delete.busy') : null} onConfirm={() => void run()} onClose={onClose}>
      <table className="plain">
        <thead>
          <tr>
            <th>{g('confirm.col.store')}</th>
            <th className="num">{g('delete.col.n')}</th>
          </tr>
        </thead>
        <tbody>
          {[...sums.values()].map(({ store, n: count }) => (
            <tr key={store.id}>
              <td>
                <Platform platform={store.platform}>{store.name}</Platform>
              </td>
              <td className="num">{grouped(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="ls-note">{products.length > NAMES ? g('delete.names', { names: named(names), n }) : named(names)}</p>
      {shared ? <p className="amber ls-note">{g('delete.shared', { name: shared.name })}</p> : null}
      <p className="t2 ls-note">{g('delete.note')}</p>
    </TypedConfirmDialog>
  );
}
