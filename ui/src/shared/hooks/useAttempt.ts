import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { markChanged, type Tag } from '../../api/queries';
import { failed } from '../causes';

/** What is running now, and how to start something. */
export interface Attempting<What extends string> {
  busy: What | null;
  attempt: (what: What, work: () => Promise<void>) => void;
}

/**
 * One piece of work at a time, named so that its own button shows it. While one runs, another is not started; a
 * failure is told as a toast, or to `onFailed`; however it ended, what is tagged `touched` are read again.
 */
export function useAttempt<What extends string>(
  touched: readonly Tag[] = [],
  onFailed: (cause: unknown) => void = failed,
): Attempting<What> {
  const client = useQueryClient();
  const [busy, setBusy] = useState<What | null>(null);
  const run = async (what: What, work: () => Promise<void>): Promise<void> => {
    setBusy(what);
    try {
      await work();
    } catch (cause) {
      onFailed(cause);
    } finally {
      setBusy(null);
      if (touched.length > 0) markChanged(client, touched);
    }
  };
  return {
    busy,
    attempt: (what, work) => {
      if (busy === null) void run(what, work);
    },
  };
}
