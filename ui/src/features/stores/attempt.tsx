import { useState, type ReactNode } from 'react';
import { errorWords, type ErrorWords } from '../../shared/errors';
import { ErrorPanel } from '../../shared/ui';

/** What a dialog that asks a platform is doing, and what went wrong last. */
export function useAttempt(): { busy: boolean; problem: ErrorWords | null; attempt: (work: () => Promise<void>) => Promise<void> } {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ErrorWords | null>(null);
  return {
    busy,
    problem,
    async attempt(work) {
      setBusy(true);
      setProblem(null);
      try {
        await work();
      } catch (cause) {
        setProblem(errorWords(cause));
      } finally {
        setBusy(false);
      }
    },
  };
}

export function Problem({ words }: { words: ErrorWords | null }): ReactNode {
  return words ? <ErrorPanel title={words.title} note={words.advice} /> : null;
}
