import { Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import type { PrinterView, StorePrintingSet, StorePrintingView } from '../../api/generated';
import { useAction } from '../../api/queries';
import { failed } from '../../shared/causes';
import { byPlatformOrder, Empty, PlatformMark, toast } from '../../shared/ui';
import { p } from './messages';

const NONE = 0;
const RECEIPTS = ['off', 'placed', 'accepted'] as const;
const COPIES = Array.from({ length: 9 }, (_, at) => ({ value: at + 1, label: String(at + 1) }));

/** Which printer each store has, who stands in for it, and what is printed by itself. A change counts at once. */
export function Stores({ stores, printers }: { stores: readonly StorePrintingView[]; printers: readonly PrinterView[] }): ReactNode {
  const assign = useAction('store_printing_set', ['printing']);
  if (stores.length === 0) return <Empty title={p('stores.empty')} note={p('stores.empty.note')} />;
  const set = (row: StorePrintingView, change: Partial<StorePrintingSet>): void => {
    const { store, ...kept } = row;
    const next = { store: store.id, ...kept, ...change };
    // The spare is another printer.
    if (next.spare === next.printer) next.spare = null;
    assign.mutate(next, { onSuccess: () => toast.done(p('done.saved')), onError: failed });
  };
  const options = printers.map((printer) => ({ value: printer.id, label: printer.name }));
  const sorted = stores.toSorted((left, right) => byPlatformOrder(left.store.platform, right.store.platform) || left.store.id - right.store.id);
  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="pr-part pr-scroll" role="region" tabIndex={0} aria-label={p('stores.title')}>
      <div className="section-head">
        <h2>{p('stores.title')}</h2>
        <span className="t3">{p('stores.note')}</span>
      </div>
      <table className="pr-table">
        <thead>
          <tr>
            <th>{p('stores.store')}</th>
            <th>{p('stores.printer')}</th>
            <th>{p('stores.spare')}</th>
            <th>{p('stores.receipts')}</th>
            <th>{p('stores.copies')}</th>
            <th>{p('stores.refunds')}</th>
            <th>{p('stores.cancels')}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => {
            const { store } = row;
            const named = (what: 'printer' | 'spare' | 'receipts' | 'copies' | 'refunds' | 'cancels'): string => p('for.store', { store: store.name, what: p(`stores.${what}`) });
            return (
              <tr key={store.id}>
                <th scope="row">
                  <span className="pname">
                    <PlatformMark platform={store.platform} />
                    <span className="cut" title={store.name}>
                      {store.name}
                    </span>
                  </span>
                </th>
                <td>
                  <Select aria-label={named('printer')} value={row.printer ?? NONE} options={[...options, { value: NONE, label: p('stores.none') }]} onChange={(id: number) => set(row, { printer: id === NONE ? null : id })} />
                </td>
                {row.printer === null ? (
                  <td className="t3" colSpan={5}>
                    –
                  </td>
                ) : (
                  <>
                    <td>
                      <Select aria-label={named('spare')} value={row.spare ?? NONE} options={[...options.filter((one) => one.value !== row.printer), { value: NONE, label: p('stores.noSpare') }]} onChange={(id: number) => set(row, { spare: id === NONE ? null : id })} />
                    </td>
                    <td>
                      <Select aria-label={named('receipts')} value={row.receipts} options={RECEIPTS.map((id) => ({ value: id, label: p(`stores.${id}`) }))} onChange={(receipts: string) => set(row, { receipts })} />
                    </td>
                    <td>
                      <Select aria-label={named('copies')} value={row.copies} options={COPIES} onChange={(copies: number) => set(row, { copies })} />
                    </td>
                    <td>
                      <Switch size="small" aria-label={named('refunds')} checked={row.refunds} onChange={(refunds) => set(row, { refunds })} />
                    </td>
                    <td>
                      <Switch size="small" aria-label={named('cancels')} checked={row.cancels} onChange={(cancels) => set(row, { cancels })} />
                    </td>
                  </>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="t2 small pr-note">{p('stores.explain')}</p>
      <p className="t2 small pr-note">{p('stores.explain.cancel')}</p>
    </div>
  );
}
