import type { ReactNode } from 'react';
import type { ListingRow } from '../../api/generated';
import type { Column } from '../../grid';
import { clock, money, yuan } from '../../shared/format';
import { Button, CodeText, Platform, State, Tag, TimeText } from '../../shared/ui';
import { IconEye } from '../../shared/ui/icons';
import { g } from './messages';

function ReviewState({ row }: { row: ListingRow }): ReactNode {
  if (row.review === 'pending') return <State state="review" detail={row.review_since === null ? g('state.pending') : g('state.since', { time: clock(row.review_since) })} />;
  if (row.review === 'rejected') return <State state="rejected" detail={g('state.rejected')} />;
  return <State state={row.on_sale ? 'synced' : 'off'} detail={row.on_sale ? g('state.on') : g('state.off')} />;
}

/** Columns of what the platforms hold; `onOpen` follows a row to its product or to matching. */
export function listingColumns(many: boolean, onOpen: (row: ListingRow) => void, onWhy: (row: ListingRow) => void): Column<ListingRow>[] {
  const store: Column<ListingRow> = { id: 'store', name: g('col.store'), width: 168, frozen: true, text: (row) => row.store.name, render: (row) => <Platform platform={row.store.platform}>{row.store.name}</Platform> };
  return [
    ...(many ? [store] : []),
    { id: 'name', name: g('col.name'), width: 216, frozen: true, fixed: true, grow: true, text: (row) => row.name },
    {
      id: 'spec',
      name: g('col.spec'),
      width: 88,
      frozen: true,
      text: (row) => row.spec_name,
      state: (row) => (row.spec_was === '' ? null : { finding: 'warning', note: g('spec.was', { was: row.spec_was }) }),
    },
    {
      id: 'outer',
      name: g('col.outer'),
      width: 132,
      text: (row) => row.outer_sku_code,
      state: (row) => (row.outer_sku_code === '' ? { finding: 'warning', missing: 'wanted' } : row.code_was === '' ? null : { note: g('code.was', { was: row.code_was, now: row.outer_sku_code }) }),
      render: (row) =>
        row.code_was === '' ? (
          <CodeText code={row.outer_sku_code} room={20} />
        ) : (
          <>
            <s className="t3">
              <CodeText code={row.code_was} room={9} />
            </s>
            <span className="t3 ls-arrow">→</span>
            <Tag outline>
              <CodeText code={row.outer_sku_code} room={11} />
            </Tag>
          </>
        ),
    },
    { id: 'barcode', name: g('col.barcode'), width: 116, text: (row) => row.barcode, render: (row) => <CodeText code={row.barcode} room={14} /> },
    {
      id: 'price',
      name: g('col.price'),
      width: 72,
      align: 'right',
      text: (row) => (row.price_fen === null ? '' : yuan(row.price_fen)),
      state: (row) => (row.bound_price_fen !== null && row.price_fen !== null && row.bound_price_fen !== row.price_fen ? { finding: 'warning', note: g('price.differs', { price: money(row.bound_price_fen) }) } : null),
    },
    { id: 'stock', name: g('col.stock'), width: 56, align: 'right', text: (row) => (row.stock === null ? '' : String(row.stock)), render: (row) => <span className={row.stock === 0 ? 'amber' : ''}>{row.stock}</span> },
    { id: 'state', name: g('col.state'), width: 84, text: (row) => row.review, render: (row) => <ReviewState row={row} /> },
    {
      id: 'why',
      name: g('col.why'),
      width: 48,
      text: () => '',
      render: (row) => <Button kind="text" size="row" icon={IconEye} label={g('why.act')} onClick={() => onWhy(row)} />,
    },
    {
      id: 'bound',
      name: g('col.bound'),
      width: 196,
      grow: true,
      text: (row) => row.bound_name,
      render: (row) =>
        row.sku === null ? (
          <>
            <span className="amber">{g('bound.none')}</span>
            <Button kind="link" size="row" className="ls-go" onClick={() => onOpen(row)}>
              {g('act.matchOne')}
            </Button>
          </>
        ) : (
          <span className="cut">{row.bound_name}</span>
        ),
    },
    { id: 'group', name: g('col.group'), width: 104, text: (row) => row.group },
    { id: 'id', name: g('col.id'), width: 128, text: (row) => row.remote_id, render: (row) => <CodeText code={row.remote_id} room={16} /> },
    {
      id: 'read',
      name: g('col.read'),
      width: 92,
      text: (row) => new Date(row.read_at).toISOString(),
      render: (row) => (
        <span className="t3">
          <TimeText at={row.read_at} />
        </span>
      ),
    },
  ];
}
