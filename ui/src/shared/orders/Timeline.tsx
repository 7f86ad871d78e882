import { useState, type ReactNode } from 'react';
import type { OrderDetail, OrderEventView, TicketView } from '../../api/generated';
import { causeName } from '../causes';
import { sentence } from '../errors';
import { clock, dayOf, fullTime, shortTime } from '../format';
import { useNow } from '../hooks';
import { t } from '../messages';
import { Button, CopyLink } from '../ui';
import { o } from './messages';
import { closedReason, slipName, slipState } from './words';
import './orders.css';

/** Events that say that something went wrong. */
const BAD = new Set(['order.exception', 'order.no_answer', 'order.not_in_erp']);

function words(event: OrderEventView): string {
  const { cause, reason } = event.words.params;
  // A cause is shown by its name, not by its row.
  const params = cause === undefined ? event.words.params : { ...event.words.params, cause: causeName(cause) };
  const text = sentence({ code: event.words.code, params });
  return event.words.code === 'order.closed' && reason !== undefined ? `${text}（${closedReason(`closed.${reason}`)}）` : text;
}

interface Happened {
  at: number;
  text: string;
  raw: string;
  bad: boolean;
}

function ofEvent(event: OrderEventView): Happened {
  return { at: event.at, text: words(event), raw: event.raw, bad: BAD.has(event.words.code) };
}

/** A slip stands where it came out or was given up; until then where it was queued. */
function ofSlip(slip: TicketView): Happened {
  const text = o('slip.at', { slip: slipName(slip), state: slipState(slip.state), printer: slip.printer_name });
  return { at: slip.done_at ?? slip.created_at, text, raw: slip.raw, bad: slip.asks };
}

/** 经过: what happened to an order and its slips, oldest first, and what it waits for now. */
export function Timeline({ detail }: { detail: OrderDetail }): ReactNode {
  const now = useNow();
  const waiting = detail.order.push_state === 'exception' ? o('now.exception') : detail.order.push_state === 'waiting' ? o('now.waiting') : null;
  const happened = [...detail.events.map(ofEvent), ...detail.tickets.map(ofSlip)].toSorted((left, right) => left.at - right.at);
  return (
    <ol className="timeline">
      {happened.map((one, at) => (
        <li key={at} className={one.bad ? 'is-bad' : ''}>
          <time dateTime={new Date(one.at).toISOString()} title={fullTime(one.at)}>
            {dayOf(one.at) === dayOf(now) ? clock(one.at, true) : shortTime(one.at, now, { yesterday: t('time.yesterday') })}
          </time>
          <i />
          <div>
            {one.text}
            {one.raw === '' ? null : <Raw text={one.raw} />}
          </div>
        </li>
      ))}
      {waiting === null ? null : (
        <li className="is-now">
          <time>{o('now')}</time>
          <i />
          <div>{waiting}</div>
        </li>
      )}
    </ol>
  );
}

function Raw({ text }: { text: string }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      {' '}
      <Button kind="link" size="row" expanded={open} onClick={() => setOpen(!open)}>
        {o('raw')}
      </Button>
      {open ? (
        <div className="timeline-raw">
          <pre className="raw-text">{text}</pre>
          <CopyLink text={text} />
        </div>
      ) : null}
    </>
  );
}
