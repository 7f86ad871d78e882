export { errorWords, setWords, textParams, word, wordOf } from './catalog';
export type { ErrorWords } from './catalog';
