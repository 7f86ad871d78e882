import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { OrderDetail, OrderLineView, RefundView } from '../../api/generated';
import { host } from '../../host';
import { useAction, useCall } from '../../api/queries';
import { causeName, causeSentence, failed, useRemedies } from '../../shared/causes';
import { errorWords, sentence } from '../../shared/errors';
import { clock, fullTime } from '../../shared/format';
import { comboText, useKeys, useNow } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { closedReason, o, orderState, pushState, RawText, Timeline } from '../../shared/orders';
import { Button, CodeText, CopyLink, Drawer, ErrorPanel, Finding, Money, OrderNumber, PlatformMark, Section, Skeleton, TimeText, toast } from '../../shared/ui';
import { IconPrinter, IconSend } from '../../shared/ui/icons';
import { Badges, BY_DEFAULT, isLate } from './columns';
import { r } from './messages';

/** One order: why it is not in the ERP first, then goods, money, refunds, and what happened. */
export function OrderDrawer({ id, onClose, onStep }: { id: number; onClose: () => void; onStep: (by: 1 | -1) => void }): ReactNode {
  const query = useCall('orders_show', { id }, ['orders', 'exceptions', 'bindings', 'products', 'printing']);
  const detail = query.data?.order.id === id ? query.data : undefined;
  return (
    <Drawer name="orders" label={r('drawer.label')} head={detail ? <Head detail={detail} /> : <b>{r('drawer.label')}</b>} onClose={onClose} onStep={onStep} foot={detail ? <Foot detail={detail} /> : null}>
      {detail ? <Parts detail={detail} /> : query.error ? <ErrorPanel title={errorWords(query.error).title} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} /> : <Skeleton rows={8} />}
    </Drawer>
  );
}

function Head({ detail }: { detail: OrderDetail }): ReactNode {
  const { order } = detail;
  const now = useNow();
  return (
    <div className="ord-head">
      <b>
        <OrderNumber number={order.number} />
      </b>
      <div className="t2 small pname">
        <PlatformMark platform={order.store.platform} />
        <span className="cut">
          {order.store.name}　#{order.day_seq}
        </span>
      </div>
      <div className="t3 small">
        {fullTime(order.placed_at)}　{orderState(order.state)}　{pushState(order.push_state)}
      </div>
      <div className="ord-tags">
        <Badges row={order} now={now} />
      </div>
    </div>
  );
}

function Foot({ detail }: { detail: OrderDetail }): ReactNode {
  const navigate = useNavigate();
  const remedies = useRemedies();
  const { order, exception, lines } = detail;
  const product = lines.find((line) => line.product !== null)?.product ?? null;
  const print = useAction('slip_reprint', ['printing', 'orders']);
  const printed = detail.tickets.some((ticket) => ticket.kind === 'receipt');
  const again = (): void => {
    if (!print.isPending) print.mutate({ order: order.id, kind: 'receipt', subject: '' }, { onSuccess: () => toast.done(r('drawer.printed')), onError: failed });
  };
  useKeys({ 'Mod+KeyP': again });
  return (
    <>
      {exception && exception.cause !== 'UNKNOWN' ? (
        <Button icon={IconSend} busy={remedies.busy === 'one' ? r('drawer.repushing') : null} onClick={() => void remedies.repush({ orders: [order.id] }, 'one')}>
          {r('drawer.repush')}
        </Button>
      ) : null}
      <Button icon={IconPrinter} hint={comboText('Mod+KeyP', host().platform === 'macos')} busy={print.isPending ? r('drawer.printing') : null} onClick={again}>
        {r(printed ? 'drawer.reprint' : 'drawer.print')}
      </Button>
      {product === null ? null : <Button onClick={() => void navigate({ to: '/library' as '/', search: { open: product } as never })}>{r('drawer.product')}</Button>}
      <span className="grow" />
      <CopyLink text={order.number} />
    </>
  );
}

function Parts({ detail }: { detail: OrderDetail }): ReactNode {
  const navigate = useNavigate();
  const now = useNow();
  const { order, exception } = detail;
  const words = exception ? causeSentence(exception.cause, exception.params) : null;
  const late = isLate(order, now);
  return (
    <>
      {exception && words ? (
        <Section title={r('drawer.why')}>
          <Finding
            look="panel"
            severity={exception.cause === 'UNKNOWN' ? 'warning' : 'error'}
            title={words.what}
            ids={[exception.cause]}
            why={words.why}
            raw={exception.raw === '' ? null : exception.raw}
            actions={
              <Button size="row" onClick={() => void navigate({ to: '/exceptions' as '/', search: { cause: exception.cause, order: order.id } as never })}>
                {r('drawer.more')}
              </Button>
            }
          />
        </Section>
      ) : null}
      {detail.tickets.some((ticket) => ticket.asks) ? (
        <Finding
          look="panel"
          severity="warning"
          title={r('drawer.slip')}
          why={r('drawer.slip.why')}
          actions={
            <Button size="row" onClick={() => void navigate({ to: '/printing' as '/', search: { view: 'queue', show: 'asks' } as never })}>
              {r('drawer.slip.go')}
            </Button>
          }
        />
      ) : null}
      {order.expected_from !== null && order.expected_to !== null && order.state !== 'completed' && order.state !== 'cancelled' ? (
        <div className={late ? 'ord-expected is-late' : 'ord-expected'}>
          <b>{r('drawer.expected', { from: clock(order.expected_from), to: clock(order.expected_to) })}</b>
          <span className="t2 small">{late ? r('drawer.late.note') : r('drawer.expected.note')}</span>
        </div>
      ) : null}
      <Section title={r('drawer.lines')}>
        {detail.lines.map((line, at) => (
          <Line key={at} line={line} />
        ))}
      </Section>
      <Section title={r('drawer.money')}>
        <Pair name={r('drawer.paid')}>
          <Money fen={order.total_fen} />
        </Pair>
        {order.refunded_fen > 0 ? (
          <>
            <Pair name={r('drawer.refunded')}>
              <Money fen={-order.refunded_fen} />
            </Pair>
            <Pair name={r('drawer.net')}>
              <b>
                <Money fen={order.total_fen - order.refunded_fen} />
              </b>
            </Pair>
          </>
        ) : null}
        {order.erp_document === '' ? null : (
          <Pair name={r('drawer.document')}>
            <CodeText code={order.erp_document} room={24} />
          </Pair>
        )}
        {detail.closed_reason ? <Pair name={r('drawer.closed')}>{sentence(detail.closed_reason, closedReason(detail.closed_reason.code))}</Pair> : null}
        {order.healed === '' ? null : order.healed === BY_DEFAULT ? <p className="amber small">{r('drawer.byDefault')}</p> : <p className="green small">{r('drawer.healed', { cause: causeName(order.healed) })}</p>}
      </Section>
      {detail.refunds.length > 0 ? (
        <Section title={r('drawer.refunds')}>
          {detail.refunds.map((refund) => (
            <Refund key={refund.number} refund={refund} />
          ))}
        </Section>
      ) : null}
      <Section title={o('timeline')}>
        <Timeline detail={detail} />
      </Section>
      {detail.receiver !== '' || detail.remark !== '' ? (
        <Section title={r('drawer.receiver')}>
          <p className="t2">{detail.receiver}</p>
          {detail.remark === '' ? null : (
            <p className="small">
              <span className="t3">{r('drawer.remark')}</span> {detail.remark}
            </p>
          )}
        </Section>
      ) : null}
      {exception ? null : <RawText title={o('raw.title')} text={detail.events.findLast((event) => event.raw !== '')?.raw ?? ''} />}
    </>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div className="ord-pair">
      <span className="t2">{name}</span>
      <span>{children}</span>
    </div>
  );
}

function Line({ line }: { line: OrderLineView }): ReactNode {
  return (
    <div className="ord-line">
      <div className="grow">
        <div>
          {line.product_name} {line.spec_name === '' ? null : <span className="t2">{line.spec_name}</span>}
        </div>
        <div className="t3 small">
          {/* One code that went through unchanged is told once. */}
          {line.outer_sku_code === '' || line.outer_sku_code === line.sent_item_code ? null : <CodeText code={line.outer_sku_code} room={20} />} {line.sent_item_code === '' ? '' : r('drawer.line.sent', { code: line.sent_item_code })}
        </div>
        <div className={line.sku === null ? 'amber small' : 't3 small'}>{line.sku === null ? r('drawer.line.unbound') : r('drawer.line.to', { name: line.library_name })}</div>
      </div>
      <span className="t2">×{line.quantity}</span>
      <Money fen={line.price_fen} />
    </div>
  );
}

function Refund({ refund }: { refund: RefundView }): ReactNode {
  const parts = [r(refund.full ? 'refund.full' : 'refund.part'), refund.done ? '' : r('refund.open'), refund.reason].filter((part) => part !== '');
  return (
    <div className="ord-line">
      <div className="grow">
        <div>
          <TimeText at={refund.at} /> {parts.join('　')}
        </div>
        <div className="t3 small">{refund.difference_only ? r('refund.difference') : refund.document === '' ? pushState(refund.push_state) : r('refund.document', { document: refund.document })}</div>
      </div>
      <Money fen={-refund.amount_fen} />
    </div>
  );
}
