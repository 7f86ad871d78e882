import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { ConsentPage } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { sentence } from '../../shared/errors';
import { Button, ErrorPanel } from '../../shared/ui';
import { IconLoaderCircle } from '../../shared/ui/icons';
import { Problem, useAsking } from './asking';
import { s } from './messages';

/** Authorizing on the platform's own page: opens it, waits for the answer, says how it ended. */
export function Consent({ account, onDone }: { account: number; onDone: () => void }): ReactNode {
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const [page, setPage] = useState<ConsentPage | null>(null);
  const [pasted, setPasted] = useState('');
  const state = useCall('account_consent_state', { id: account }, [], page === null ? { enabled: false } : { every: 1000 });
  const told = page === null ? 'none' : (state.data?.state ?? 'waiting');
  const begin = (): void =>
    ask(async () => {
      setPage(await call('account_consent', { id: account }));
    });
  const paste = (): void =>
    ask(async () => {
      await call('account_consent_paste', { account, text: pasted.trim() });
      setPasted('');
      await state.refetch();
    });
  useEffect(() => {
    if (told !== 'done') return;
    markChanged(client, ['stores', 'orders', 'tasks']);
    onDone();
  }, [told, client, onDone]);
  // Whoever closes the dialog does not wait any more: an answer that comes later changes nothing.
  useEffect(() => () => void call('account_consent_end', { id: account }).catch(() => undefined), [account]);
  return (
    <div className="st-consent">
      <p className="t2 small">{s('consent.why')}</p>
      <Button kind={page === null ? 'primary' : 'default'} busy={busy ? s('add.busy') : null} onClick={begin}>
        {page === null ? s('consent.go') : s('consent.again')}
      </Button>
      {page !== null && told === 'waiting' ? (
        <p className="t2 small st-waiting" role="status">
          <IconLoaderCircle size={14} className="spin c-t3" />
          {page.shown ? s('consent.waiting') : s('consent.open')}
        </p>
      ) : null}
      {page !== null && !page.shown ? <input className="field mono" readOnly value={page.page} aria-label={s('consent.page')} onFocus={(event) => event.target.select()} /> : null}
      {page === null ? null : <p className="t3 small">{s('consent.return', { address: page.return_to })}</p>}
      {page !== null && told === 'waiting' ? (
        <>
          <p className="t3 small st-else">{s('consent.paste.note')}</p>
          <div className="st-branch st-wide">
            <input className="field mono grow" autoComplete="off" spellCheck={false} value={pasted} placeholder={s('consent.paste.hint')} aria-label={s('consent.paste')} onChange={(event) => setPasted(event.target.value)} />
            <Button busy={busy ? s('add.busy') : null} blocked={pasted.trim() === '' ? s('consent.paste.need') : null} onClick={paste}>
              {s('consent.paste.go')}
            </Button>
          </div>
        </>
      ) : null}
      {told === 'failed' && state.data?.words ? <ErrorPanel title={sentence(state.data.words)} /> : null}
      <Problem words={problem} />
    </div>
  );
}
