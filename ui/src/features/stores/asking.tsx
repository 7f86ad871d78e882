import { useState, type ReactNode } from 'react';
import { errorWords, type ErrorWords } from '../../shared/errors';
import { useAttempt } from '../../shared/hooks';
import { ErrorPanel } from '../../shared/ui';

/** Whether a dialog is asking a platform, and what went wrong when it last asked: that is shown in the dialog itself. */
export function useAsking(): { busy: boolean; problem: ErrorWords | null; ask: (work: () => Promise<void>) => void } {
  const [problem, setProblem] = useState<ErrorWords | null>(null);
  const { busy, attempt } = useAttempt<'ask'>([], (cause) => setProblem(errorWords(cause)));
  return {
    busy: busy !== null,
    problem,
    ask(work) {
      setProblem(null);
      attempt('ask', work);
    },
  };
}

export function Problem({ words }: { words: ErrorWords | null }): ReactNode {
  return words ? <ErrorPanel title={words.title} note={words.advice} /> : null;
}
