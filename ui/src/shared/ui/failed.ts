import { errorWords } from '../errors';
import { toast } from './Toasts';

/** Says what failed, what to do, and stays until closed. */
export function failed(cause: unknown): void {
  const words = errorWords(cause);
  toast.failed(words.title, words.advice === null ? {} : { note: words.advice });
}
