import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { PrinterView, TicketView } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { List } from '../../grid';
import { failed } from '../../shared/causes';
import { errorWords, sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { slipName, slipState } from '../../shared/orders';
import { Button, Empty, ErrorPanel, FilterChip, OrderNumber, PlatformMark, Skeleton, Tabs, Tag, TimeText, toast, Toolbar, type Tone } from '../../shared/ui';
import { p } from './messages';

const SHOWS = ['all', 'open', 'asks'] as const;
export type Show = (typeof SHOWS)[number];

/** What is on paper is quiet; what is on its way is neutral. */
const TONES: Record<string, Tone> = { unknown: 'amber', failed: 'red' };

export interface QueueProps {
  show: Show;
  /** Of one printer only. */
  printer: PrinterView | null;
  onShow: (show: Show) => void;
  onAll: () => void;
  onClear: (printer: PrinterView) => void;
  onSlip: (ticket: TicketView) => void;
}

/** Slips on their way to paper, newest first; those of which nobody knows ask. */
export function Queue({ show, printer, onShow, onAll, onClear, onSlip }: QueueProps): ReactNode {
  const navigate = useNavigate();
  const query = useCall('tickets_list', { view: show, printer: printer?.id ?? null }, ['printing', 'orders']);
  const decide = useAction('ticket_decide', ['printing', 'orders']);
  const reprint = useAction('slip_reprint', ['printing', 'orders']);
  const [current, setCurrent] = useState(-1);
  const tickets = query.data?.tickets ?? [];
  const at = tickets[current] ?? null;
  const say = (ticket: TicketView, printed: boolean): void => decide.mutate({ id: ticket.id, printed }, { onSuccess: () => toast.done(p(printed ? 'done.printed' : 'done.again')), onError: failed });
  const again = (ticket: TicketView): void => reprint.mutate({ order: ticket.order ?? 0, kind: ticket.kind, subject: ticket.subject }, { onSuccess: () => toast.done(p('done.reprint')), onError: failed });
  useKeys({
    KeyY: () => {
      if (at?.state === 'unknown') say(at, true);
    },
    KeyR: () => {
      if (at?.asks) say(at, false);
    },
  });
  if (!query.data) {
    if (!query.error) return <Skeleton rows={8} />;
    const words = errorWords(query.error);
    return <ErrorPanel title={words.title} note={words.advice} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />;
  }
  const { open, asks } = query.data;
  const counts: Record<Show, number> = { all: 0, open, asks };
  return (
    <div className="pr-part">
      <Toolbar tools={<span className="t3 small pr-hide">{p('queue.note')}</span>}>
        <Tabs look="segment" label={p('queue.view')} value={show} onChange={(id) => onShow(id as Show)} items={SHOWS.map((id) => (counts[id] > 0 ? { id, label: p(`queue.${id}`), count: grouped(counts[id]) } : { id, label: p(`queue.${id}`) }))} />
        {printer ? (
          <>
            <FilterChip label={p('queue.only')} value={printer.name} onClear={onAll} />
            {printer.open > 0 ? <Button onClick={() => onClear(printer)}>{p('act.clear')}</Button> : null}
          </>
        ) : null}
      </Toolbar>
      <List<TicketView>
        name="tickets"
        label={p('queue.label')}
        rows={tickets}
        rowKey={(ticket) => String(ticket.id)}
        height={(ticket) => (ticket.cause ? 72 : 48)}
        current={current}
        onCurrent={setCurrent}
        onOpen={onSlip}
        pageKeys
        className={(ticket) => (ticket.state === 'unknown' ? 'pr-asks' : '')}
        empty={<Empty title={p(show === 'all' ? 'queue.none' : show === 'open' ? 'queue.none.open' : 'queue.none.asks')} note={show === 'all' ? p('queue.none.note') : null} />}
        render={(ticket, index) => (
          <Slip
            ticket={ticket}
            keys={index === current}
            onShow={() => onSlip(ticket)}
            onOrder={(order) => void navigate({ to: '/orders' as '/', search: { open: order, range: 'all' } as never })}
            onSay={(printed) => say(ticket, printed)}
            onAgain={() => again(ticket)}
          />
        )}
      />
    </div>
  );
}

function Slip({ ticket, keys, onShow, onOrder, onSay, onAgain }: { ticket: TicketView; keys: boolean; onShow: () => void; onOrder: (order: number) => void; onSay: (printed: boolean) => void; onAgain: () => void }): ReactNode {
  const { order, store } = ticket;
  return (
    <div className="pr-slip">
      <span className="pr-state">
        {ticket.state === 'printed' ? <span className="pr-done t2">{slipState(ticket.state)}</span> : <Tag tone={TONES[ticket.state] ?? 'neutral'}>{slipState(ticket.state)}</Tag>}
      </span>
      <span className="pr-what">
        <b>{slipName(ticket)}</b>
        <span className="t3 small">{ticket.printer_name}</span>
      </span>
      <span className="pr-order">
        {order === null ? null : (
          <>
            <span className="pname">
              {store ? <PlatformMark platform={store.platform} /> : null}
              <Button kind="link" label={p('queue.order')} onClick={() => onOrder(order)}>
                {ticket.day_seq > 0 ? `#${ticket.day_seq}` : p('queue.order')}
              </Button>
              <span className="cut t2">{store?.name}</span>
            </span>
            <span className="t3 small">
              <OrderNumber number={ticket.number} />
            </span>
          </>
        )}
      </span>
      <span className="pr-time t2 small">
        <TimeText at={ticket.done_at ?? ticket.created_at} />
      </span>
      <span className="pr-act">
        {ticket.state === 'unknown' ? (
          <Button size="row" {...(keys ? { hint: 'Y' } : {})} onClick={() => onSay(true)}>
            {p('queue.printed')}
          </Button>
        ) : null}
        {ticket.state === 'unknown' || ticket.state === 'failed' ? (
          <Button size="row" {...(keys && ticket.asks ? { hint: 'R' } : {})} onClick={() => onSay(false)}>
            {p('queue.again')}
          </Button>
        ) : null}
        {ticket.state === 'printed' && order !== null ? (
          <Button kind="link" onClick={onAgain}>
            {p('queue.reprint')}
          </Button>
        ) : null}
        <Button kind="link" onClick={onShow}>
          {p('queue.show')}
        </Button>
      </span>
      {ticket.cause ? (
        <span className={ticket.asks ? 'pr-why small amber' : 'pr-why small t3'} title={ticket.raw}>
          {sentence(ticket.cause)}
        </span>
      ) : null}
    </div>
  );
}
