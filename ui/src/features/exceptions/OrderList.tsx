import { useMemo, type ReactNode, type Ref } from 'react';
import type { OrderRow } from '../../api/generated';
import { Grid, isTicked, type Column, type GridHandle, type RowSource, type Selection } from '../../grid';
import { grouped, yuan } from '../../shared/format';
import { useNow } from '../../shared/hooks';
import { waited } from '../../shared/orders';
import { Empty, Money, OrderNumber, PlatformMark, TimeText } from '../../shared/ui';
import { e } from './messages';

export interface OrderListProps {
  cause: string;
  rows: readonly OrderRow[];
  fresh: number;
  onFresh: () => void;
  selection: Selection;
  onSelection: (next: Selection) => void;
  open: number | null;
  onOpen: (row: OrderRow) => void;
  ref: Ref<GridHandle<OrderRow>>;
}

/** The orders of one cause; all are ticked until the manager takes some out. */
export function OrderList({ cause, rows, fresh, onFresh, selection, onSelection, open, onOpen, ref }: OrderListProps): ReactNode {
  const now = useNow();
  const source = useMemo<RowSource<OrderRow>>(
    () => ({
      id: cause,
      version: rows.length === 0 ? 0 : rows.reduce((sum, row) => (sum * 31 + row.id) % 1_000_003, rows.length),
      fetch: ({ offset, limit }) => Promise.resolve({ total: rows.length, rows: rows.slice(offset, offset + limit) }),
    }),
    [cause, rows],
  );
  const mixed = new Set(rows.map((row) => row.store.platform)).size > 1;
  const columns = useMemo<Column<OrderRow>[]>(
    () => [
      { id: 'placed', name: e('list.placed'), width: 68, fixed: true, text: (row) => new Date(row.placed_at).toISOString(), render: (row) => <TimeText at={row.placed_at} /> },
      {
        id: 'number',
        name: e('list.number'),
        width: 186,
        grow: true,
        fixed: true,
        text: (row) => row.number,
        render: (row) => (
          <span className="pname">
            {mixed ? <PlatformMark platform={row.store.platform} /> : null}
            <OrderNumber number={row.number} />
          </span>
        ),
      },
      { id: 'money', name: e('list.money'), width: 66, align: 'right', text: (row) => yuan(row.total_fen), render: (row) => <Money fen={row.total_fen} bare /> },
      { id: 'waited', name: e('list.waited'), width: 78, align: 'right', text: (row) => waited(now - row.placed_at), render: (row) => <span className="t2">{waited(now - row.placed_at)}</span> },
    ],
    [mixed, now],
  );
  const ticked = rows.filter((row) => isTicked(selection, String(row.id)));
  return (
    <div className="exc-list">
      {fresh > 0 ? (
        <button type="button" className="exc-fresh" onClick={onFresh}>
          {e('list.fresh', { n: grouped(fresh) })}
        </button>
      ) : null}
      <Grid
        ref={ref}
        name="exceptions"
        label={e('list.label')}
        columns={columns}
        source={source}
        rowKey={(row) => String(row.id)}
        rowHeight={28}
        selection={selection}
        onSelection={onSelection}
        openKey={open === null ? null : String(open)}
        onActive={onOpen}
        onOpen={onOpen}
        empty={<Empty title={e('list.empty')} />}
        foot={
          <>
            <span>{e('list.ticked', { n: grouped(ticked.length) })}</span>
            <span className="grow" />
            <b>
              <Money fen={ticked.reduce((sum, row) => sum + row.total_fen, 0)} />
            </b>
          </>
        }
      />
    </div>
  );
}
