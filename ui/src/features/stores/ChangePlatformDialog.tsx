import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { AccountView, ConnectionView, ServiceView, StoreView } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { t } from '../../shared/messages';
import { RawText } from '../../shared/orders';
import { FAMILIES, p } from '../../shared/platforms';
import { Button, Dialog, ErrorPanel, platformName, toast } from '../../shared/ui';
import { AccountFields, addAccount, EMPTY_ACCOUNT, type AccountDraft } from './AccountFields';
import { Problem, useAsking } from './asking';
import { Consent } from './Consent';
import { missing } from './fields';
import { s } from './messages';

/** 换绑: the store belongs to the sister platform (F31a, F37, F46). Everything it has here goes along. */
export function ChangePlatformDialog({ store, sister, accounts, stores, onClose, onDone }: { store: StoreView; sister: ServiceView; accounts: readonly AccountView[]; stores: readonly StoreView[]; onClose: () => void; onDone: () => void }): ReactNode {
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const own = accounts.filter((one) => one.kind === 'platform' && one.service === sister.id);
  const [draft, setDraft] = useState<AccountDraft>({ ...EMPTY_ACCOUNT, account: own[0]?.id ?? null });
  const [consent, setConsent] = useState(false);
  const [test, setTest] = useState<ConnectionView | null>(null);
  const agreed = useCallback(() => setConsent(false), []);
  const names = { from: platformName(store.platform), to: platformName(sister.id) };
  const family = FAMILIES.find((one) => one.yes === sister.id || one.no === sister.id);
  const blocked = consent ? s('change.agree') : draft.account === null && missing(sister.fields, draft.values).length > 0 ? s('cred.need') : null;
  const go = (): void => {
    if (blocked !== null || busy) return;
    ask(async () => {
      setTest(null);
      let { account } = draft;
      if (account === null) {
        const made = await addAccount(sister, draft);
        account = made.account;
        setDraft({ ...draft, account });
        markChanged(client, ['stores']);
        if (made.needsConsent) {
          setConsent(true);
          return;
        }
      }
      const changed = await call('store_change_platform', { id: store.id, account });
      if (!changed.test.ok) {
        setTest(changed.test);
        return;
      }
      markChanged(client, ['stores', 'listings', 'bindings', 'orders', 'findings', 'tasks', 'stock']);
      const note = s(changed.bound < changed.bound_before ? 'change.some' : 'change.all', { n: grouped(changed.bound), was: grouped(changed.bound_before) });
      toast.done(s('change.done', { name: store.name, ...names }), { note });
      onDone();
    });
  };
  const broken = test?.steps.find((step) => step.state === 'failed');
  return (
    <Dialog
      title={s('change.title', names)}
      width={560}
      onClose={onClose}
      onConfirm={go}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? s('change.busy') : null} blocked={blocked} onClick={go}>
            {s('change.go', names)}
          </Button>
        </>
      }
    >
      {family ? (
        <>
          <h3 className="st-ask">{p(`family.${family.id}.ask`)}</h3>
          <p className="t2 small st-para">{s('change.if', { answer: p(`family.${family.id}.${family.yes === sister.id ? 'yes' : 'no'}`), ...names })}</p>
        </>
      ) : null}
      <p className="t2 st-para">{s('change.note', names)}</p>
      <h3 className="st-ask">{s('change.account', names)}</h3>
      {consent && draft.account !== null ? <Consent account={draft.account} onDone={agreed} /> : <AccountFields service={sister} own={own} stores={stores} draft={draft} onChange={setDraft} />}
      {broken ? (
        <>
          <ErrorPanel title={s('change.failed', names)} note={sentence(broken.words)} />
          {broken.raw === '' ? null : <RawText title={t('finding.raw')} text={broken.raw} />}
        </>
      ) : null}
      <Problem words={problem} />
    </Dialog>
  );
}
