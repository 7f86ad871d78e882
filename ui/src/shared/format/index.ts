export { grouped, money, moneyRange, parseYuan, yuan, yuanInput } from './money';
export { ago, clock, dateText, dayOf, fullTime, shortTime, span, weekday } from './time';
export { bytes, cleaned, codePoint, invisible, middle, orderGroups } from './code';
