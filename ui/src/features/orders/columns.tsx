import type { ReactNode } from 'react';
import type { OrderRow } from '../../api/generated';
import type { Column } from '../../grid';
import { causeName } from '../../shared/causes';
import { fullTime, money, yuan } from '../../shared/format';
import { orderState, pushState } from '../../shared/orders';
import { CodeText, Money, OrderNumber, PlatformMark, Tag, TimeText } from '../../shared/ui';
import { IconClock, IconOctagonAlert } from '../../shared/ui/icons';
import { r } from './messages';

/** Whether an order should have been completed by now (F30). */
export function isLate(row: OrderRow, now: number): boolean {
  return row.expected_to !== null && now > row.expected_to && row.state !== 'completed' && row.state !== 'cancelled';
}

/** 推送 in a shape and a word: quiet unless a hand is needed. */
export function PushState({ row }: { row: OrderRow }): ReactNode {
  const word = pushState(row.push_state);
  if (row.push_state === 'exception') {
    return (
      <span className="ord-push red" title={causeName(row.cause)}>
        <IconOctagonAlert size={14} className="c-red" />
        <span className="cut">{causeName(row.cause)}</span>
      </span>
    );
  }
  const sending = row.push_state === 'waiting' || row.push_state === 'sending';
  return (
    <span className="ord-push t2">
      {sending ? <IconClock size={14} className="c-t3" /> : <i className="ord-dot" />}
      {word}
    </span>
  );
}

/** The mark of an order with goods that were booked as the store's default item (F15b). */
export const BY_DEFAULT = 'F15b';

export function Badges({ row, now }: { row: OrderRow; now: number }): ReactNode {
  return (
    <>
      {isLate(row, now) ? <Tag tone="amber">{r('badge.late')}</Tag> : null}
      {row.healed === '' ? null : row.healed === BY_DEFAULT ? <Tag tone="amber">{r('badge.byDefault')}</Tag> : <Tag tone="green">{r('badge.healed')}</Tag>}
      {row.refunded_fen > 0 ? <Tag>{r('badge.refund', { money: money(row.refunded_fen) })}</Tag> : null}
    </>
  );
}

export function orderColumns(now: number): Column<OrderRow>[] {
  return [
    { id: 'placed', name: r('col.placed'), width: 92, frozen: true, fixed: true, text: (row) => fullTime(row.placed_at), render: (row) => <TimeText at={row.placed_at} /> },
    {
      id: 'number',
      name: r('col.number'),
      width: 176,
      frozen: true,
      fixed: true,
      text: (row) => row.number,
      render: (row) => <OrderNumber number={row.number} />,
    },
    {
      id: 'store',
      name: r('col.store'),
      width: 184,
      text: (row) => row.store.name,
      render: (row) => (
        <span className="pname">
          <PlatformMark platform={row.store.platform} />
          <span className="cut">{row.store.name}</span>
        </span>
      ),
    },
    { id: 'seq', name: r('col.seq'), width: 56, align: 'right', text: (row) => `#${row.day_seq}`, render: (row) => <span className="t2">#{row.day_seq}</span> },
    { id: 'money', name: r('col.money'), width: 76, align: 'right', text: (row) => yuan(row.total_fen), render: (row) => <Money fen={row.total_fen} bare /> },
    { id: 'state', name: r('col.state'), width: 76, text: (row) => orderState(row.state), render: (row) => <span className="t2">{orderState(row.state)}</span> },
    { id: 'push', name: r('col.push'), width: 208, text: (row) => (row.push_state === 'exception' ? causeName(row.cause) : pushState(row.push_state)), render: (row) => <PushState row={row} /> },
    { id: 'document', name: r('col.document'), width: 144, text: (row) => row.erp_document, render: (row) => <CodeText code={row.erp_document} room={18} /> },
    {
      id: 'goods',
      name: r('col.goods'),
      width: 240,
      grow: true,
      text: (row) => row.summary,
      render: (row) => (
        <>
          <span className="cut grow" title={row.summary}>
            {row.summary}
          </span>
          <span className="ord-badges">
            <Badges row={row} now={now} />
          </span>
        </>
      ),
    },
  ];
}
