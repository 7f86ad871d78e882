export { comboOf, comboText, composing, dialogOpen, isTextField, scanReader, useEscape, useKeys, useScanner } from './keys';
export type { Combo, KeyMap, KeyScope } from './keys';
export { useDebounced } from './useDebounced';
export { useNow } from './useNow';
export { useStored } from './useStored';
export { useAttempt } from './useAttempt';
