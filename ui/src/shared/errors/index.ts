export { errorWords, findingWords, sentence, setWords, textParams, word, wordOf } from './catalog';
export type { ErrorWords } from './catalog';
