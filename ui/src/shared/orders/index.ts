/* Parts of an order that several pages show: its timeline, raw texts, states in words. */
export { o } from './messages';
export { RawText } from './RawText';
export { Timeline } from './Timeline';
export { closedReason, orderState, pushState, slipName, slipState, waited } from './words';
