import type { ReactNode } from 'react';
import type { StockRow } from '../../api/generated';
import type { Column } from '../../grid';
import { CodeText, Platform, State, TimeText, type SyncState } from '../../shared/ui';
import { k, type StockWord } from './messages';

const MARKS: Record<string, SyncState> = { same: 'synced', different: 'pending', oversold: 'rejected', unknown: 'none' };

function figure(id: 'erp' | 'wanted' | 'platform' | 'pushed', width: number, tone?: (row: StockRow) => string): Column<StockRow> {
  const name = k(`col.${id}`);
  return {
    id,
    name,
    width,
    align: 'right',
    text: (row) => (row[id] === null ? '' : String(row[id])),
    render: (row): ReactNode => (row[id] === null ? <span className="t3">−</span> : <span className={tone?.(row) ?? ''}>{row[id]}</span>),
  };
}

/** ERP, wanted, platform, last acknowledged: from left to right the way a number takes. */
export function stockColumns(many: boolean): Column<StockRow>[] {
  const store: Column<StockRow> = { id: 'store', name: k('col.store'), width: 180, frozen: true, text: (row) => row.store.name, render: (row) => <Platform platform={row.store.platform}>{row.store.name}</Platform> };
  return [
    ...(many ? [store] : []),
    { id: 'name', name: k('col.name'), width: 280, frozen: true, fixed: true, grow: true, text: (row) => row.name },
    { id: 'code', name: k('col.code'), width: 148, text: (row) => row.item_code, render: (row) => <CodeText code={row.item_code} room={19} /> },
    figure('erp', 72),
    figure('wanted', 72),
    figure('platform', 80, (row) => (row.state === 'oversold' ? 'red strong' : row.state === 'different' ? 'amber strong' : '')),
    figure('pushed', 80),
    {
      id: 'at',
      name: k('col.at'),
      width: 112,
      text: (row) => (row.pushed_at === null ? '' : new Date(row.pushed_at).toISOString()),
      render: (row) => <span className="t3">{row.pushed_at === null ? k('never.pushed') : <TimeText at={row.pushed_at} />}</span>,
    },
    { id: 'state', name: k('col.state'), width: 176, text: (row) => row.state, render: (row) => <State state={MARKS[row.state] ?? 'warning'} detail={k(`state.${row.state}` as StockWord)} /> },
  ];
}
