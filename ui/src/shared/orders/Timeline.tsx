import { useState, type ReactNode } from 'react';
import type { OrderDetail, OrderEventView } from '../../api/generated';
import { causeName } from '../causes';
import { sentence } from '../errors';
import { clock, dayOf, fullTime, shortTime } from '../format';
import { useNow } from '../hooks';
import { t } from '../messages';
import { Button, CopyLink } from '../ui';
import { o } from './messages';
import { closedReason } from './words';
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

/** 经过: what happened to an order, oldest first, and what it waits for now. */
export function Timeline({ detail }: { detail: OrderDetail }): ReactNode {
  const now = useNow();
  const waiting = detail.order.push_state === 'exception' ? o('now.exception') : detail.order.push_state === 'waiting' ? o('now.waiting') : null;
  return (
    <ol className="timeline">
      {detail.events.map((event, at) => (
        <li key={at} className={BAD.has(event.words.code) ? 'is-bad' : ''}>
          <time dateTime={new Date(event.at).toISOString()} title={fullTime(event.at)}>
            {dayOf(event.at) === dayOf(now) ? clock(event.at, true) : shortTime(event.at, now, { yesterday: t('time.yesterday') })}
          </time>
          <i />
          <div>
            {words(event)}
            {event.raw === '' ? null : <Raw text={event.raw} />}
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
