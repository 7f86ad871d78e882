import type { TicketView } from '../../api/generated';
import { o, type OrderWord } from './messages';

function known(key: string): key is OrderWord {
  return key in o.tables['zh-CN'];
}

/** Where an order stands on its way into the ERP. */
export function pushState(state: string): string {
  const key = `push.${state}`;
  return known(key) ? o(key) : state;
}

/** Where an order stands on its platform. */
export function orderState(state: string): string {
  const key = `state.${state}`;
  return known(key) ? o(key) : state;
}

/** Why an order was closed without being pushed; the code is `closed.<reason>`. */
export function closedReason(code: string): string {
  return known(code) ? o(code) : code;
}

/** What a slip is: 订单小票（补打）, and which part of a long one. */
export function slipName(slip: Pick<TicketView, 'kind' | 'reprint' | 'part'>): string {
  const key = `slip.${slip.kind}`;
  const kind = known(key) ? o(key) : slip.kind;
  const name = slip.reprint > 0 ? o('slip.again', { slip: kind }) : kind;
  return slip.part > 1 ? o('slip.part', { slip: name, n: slip.part }) : name;
}

/** Where a slip stands on its way to paper. */
export function slipState(state: string): string {
  const key = `slip.state.${state}`;
  return known(key) ? o(key) : state;
}

/** How long something has waited, short enough for a column: 6时14分. */
export function waited(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  const h = Math.floor(minutes / 60);
  if (h === 0) return o('wait.minutes', { m: minutes });
  return h < 48 ? o('wait.hours', { h, m: minutes % 60 }) : o('wait.days', { d: Math.floor(h / 24), h: h % 24 });
}
