import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { AccountView, Descriptors, StoreView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { errorWords } from '../../shared/errors';
import { named, t } from '../../shared/messages';
import { FAMILIES, p, type Family } from '../../shared/platforms';
import { Button, Dialog, ErrorPanel, platformName, SearchBox, Skeleton, Tag, toast } from '../../shared/ui';
import { AccountFields, addAccount, EMPTY_ACCOUNT, type AccountDraft } from './AccountFields';
import { ErpFields } from './AccountDialogs';
import { Choice } from './Choice';
import { Problem, useAsking } from './asking';
import { Consent } from './Consent';
import { FieldRow, StoreFields } from './CredentialFields';
import { cleaned, isBranchCode, missing, storeFieldFault, trimmed } from './fields';
import { s } from './messages';

export interface AddWizardProps {
  services: Descriptors;
  accounts: readonly AccountView[];
  stores: readonly StoreView[];
  onClose: () => void;
  onAdded: (store: number) => void;
}

/** Platform (two families are told apart by a question), account, store, ERP: four short steps. */
export function AddWizard({ services, accounts, stores, onClose, onAdded }: AddWizardProps): ReactNode {
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const [step, setStep] = useState<1 | 2 | 3 | 4>(1);
  const [platform, setPlatform] = useState<string | null>(null);
  const [draft, setDraft] = useState<AccountDraft>(EMPTY_ACCOUNT);
  const { account } = draft;
  const [remote, setRemote] = useState({ id: '', name: '' });
  const erps = accounts.filter((one) => one.kind === 'erp');
  const [erp, setErp] = useState<number | null>(erps[0]?.id ?? null);
  const [branch, setBranch] = useState('');
  const [needsConsent, setNeedsConsent] = useState(false);
  const agreed = useCallback(() => setNeedsConsent(false), []);
  const [settings, setSettings] = useState<Record<string, string>>({});
  const service = services.platforms.find((one) => one.id === platform) ?? null;
  const own = accounts.filter((one) => one.kind === 'platform' && one.service === platform);
  const fields = service?.store_fields ?? [];
  const sound = fields.every((field) => storeFieldFault(field, settings[field.key] ?? '') === null);
  const names = [...services.platforms, ...services.erps];
  const serviceName = (id: string): string => names.find((one) => one.id === id)?.name ?? id;

  const choose = (id: string): void => {
    setPlatform(id);
    setDraft({ ...draft, account: accounts.find((one) => one.kind === 'platform' && one.service === id)?.id ?? null });
  };
  const toStores = (): void =>
    ask(async () => {
      if (account === null) {
        const made = await addAccount(service, draft);
        setDraft({ ...draft, account: made.account });
        setNeedsConsent(made.needsConsent);
        markChanged(client, ['stores']);
      }
      setStep(3);
    });
  const add = (): void =>
    ask(async () => {
      const answer = await call('store_add', { account: account ?? 0, platform: platform ?? '', remote_id: cleaned(remote.id), name: remote.name.trim(), erp_account: erp, offline_code: erp === null ? '' : cleaned(branch), settings: trimmed(fields, settings) });
      markChanged(client, ['stores', 'listings', 'orders']);
      toast.done(s('add.done'), { note: s('add.done.note') });
      onAdded(answer.id);
    });
  const blocked = step === 1 ? (service ? null : s('add.which')) : step === 2 ? (account !== null || missing(service?.fields ?? [], draft.values).length === 0 ? null : s('cred.need')) : step === 3 ? (cleaned(remote.id) === '' ? s('add.store') : null) : !sound ? s('field.bad') : erp === null || isBranchCode(cleaned(branch)) ? null : s('add.branch.bad');
  const next = (): void => {
    if (blocked !== null || busy) return;
    if (step === 1) setStep(2);
    else if (step === 2) toStores();
    else if (step === 3) setStep(4);
    else add();
  };

  return (
    <Dialog
      title={
        <>
          {s('add.title')} <span className="t3 small st-stepno">{s('add.step', { n: step })}</span>
        </>
      }
      width={600}
      onClose={onClose}
      onConfirm={next}
      aside={
        step > 1 ? (
          <Button kind="link" onClick={() => setStep((step - 1) as 1 | 2 | 3)}>
            {t('act.back')}
          </Button>
        ) : null
      }
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? s('add.busy') : null} blocked={blocked} onClick={next}>
            {step === 4 ? s('add.go.store') : step === 2 && account === null ? s('add.go.account') : s('add.go.next')}
          </Button>
        </>
      }
    >
      {step === 1 ? <PlatformStep services={services} platform={platform} onChoose={choose} /> : null}
      {step === 2 && service ? (
        <>
          <h3 className="st-ask">{s('add.account')}</h3>
          <AccountFields service={service} own={own} stores={stores} draft={draft} onChange={setDraft} />
        </>
      ) : null}
      {step === 3 && account !== null && service?.consent && needsConsent ? <Consent account={account} onDone={agreed} /> : null}
      {step === 3 && account !== null && !(service?.consent && needsConsent) ? <StoreStep account={account} remote={remote} onChange={setRemote} /> : null}
      {step === 4 ? (
        <>
          <FieldRow label={s('add.store.name')}>
            <input className="field" value={remote.name} aria-label={s('add.store.name')} onChange={(event) => setRemote({ ...remote, name: event.target.value })} />
          </FieldRow>
          <StoreFields fields={fields} values={settings} onChange={(key, value) => setSettings({ ...settings, [key]: value })} />
          <ErpFields erps={erps} erp={erp} branch={branch} onErp={setErp} onBranch={setBranch} serviceName={serviceName} />
        </>
      ) : null}
      <Problem words={problem} />
    </Dialog>
  );
}

function PlatformStep({ services, platform, onChoose }: { services: Descriptors; platform: string | null; onChoose: (id: string) => void }): ReactNode {
  const [family, setFamily] = useState<Family | null>(null);
  const [answer, setAnswer] = useState<string | null>(platform);
  const known = (id: string): boolean => services.platforms.some((one) => one.id === id);
  // A family of which nothing can be connected is not asked about.
  const families = FAMILIES.filter((one) => known(one.yes) || known(one.no));
  const others = services.platforms.filter((one) => !FAMILIES.some((family) => family.yes === one.id || family.no === one.id));
  const take = (id: string): void => {
    setAnswer(id);
    onChoose(id);
  };
  return (
    <>
      <h3 className="st-ask">{s('add.which')}</h3>
      <div role="radiogroup" aria-label={s('add.which')} className="st-choices st-row2">
        {families.map((one) => (
          <Choice
            key={one.id}
            name="family"
            on={family?.id === one.id}
            title={p(`family.${one.id}`)}
            onChoose={() => {
              setFamily(one);
              setAnswer(null);
            }}
          />
        ))}
        {others.map((one) => (
          <Choice
            key={one.id}
            name="family"
            mark={one.id}
            on={family === null && answer === one.id}
            title={one.name}
            onChoose={() => {
              setFamily(null);
              take(one.id);
            }}
          />
        ))}
      </div>
      {family ? (
        <>
          <h3 className="st-ask">{p(`family.${family.id}.ask`)}</h3>
          <p className="t2 small st-para">{p(`family.${family.id}.why`)}</p>
          <div role="radiogroup" aria-label={p(`family.${family.id}.ask`)} className="st-choices st-row2">
            <Choice name="answer" mark={family.yes} on={answer === family.yes} title={p(`family.${family.id}.yes`)} note={s('add.is', { name: platformName(family.yes) })} onChoose={() => take(family.yes)} />
            <Choice name="answer" mark={family.no} on={answer === family.no} title={p(`family.${family.id}.no`)} note={s('add.is', { name: platformName(family.no) })} onChoose={() => take(family.no)} />
          </div>
        </>
      ) : null}
      {answer !== null && !known(answer) ? <ErrorPanel title={s('add.unsupported', { name: platformName(answer) })} note={s('add.unsupported.why', { list: named(services.platforms.map((one) => one.name)) })} /> : null}
    </>
  );
}

function StoreStep({ account, remote, onChange }: { account: number; remote: { id: string; name: string }; onChange: (next: { id: string; name: string }) => void }): ReactNode {
  const list = useCall('account_stores', { id: account }, ['stores']);
  const [filter, setFilter] = useState('');
  const all = list.data?.stores ?? [];
  const shown = all.filter((one) => filter === '' || one.name.includes(filter) || one.remote_id.includes(filter));
  return (
    <>
      <h3 className="st-ask">{s('add.store')}</h3>
      {all.length > 8 ? (
        <div className="picksearch">
          <SearchBox value={filter} placeholder={s('add.store.note')} onChange={(text) => setFilter(text.trim())} />
        </div>
      ) : null}
      {list.isPending ? (
        <>
          <p className="t2 small">{s('add.store.loading')}</p>
          <Skeleton rows={3} />
        </>
      ) : null}
      {list.error ? <ErrorPanel title={s('add.store.failed')} note={errorWords(list.error).title} actions={<Button onClick={() => void list.refetch()}>{t('act.retry')}</Button>} /> : null}
      {list.data && all.length === 0 ? <p className="t2 small">{s('add.store.empty')}</p> : null}
      <div role="radiogroup" aria-label={s('add.store')} className="st-choices st-stores">
        {shown.map((one) => (
          <Choice key={one.remote_id} name="remote" on={remote.id === one.remote_id} off={one.added} title={one.name} note={one.remote_id} tag={one.added ? <Tag>{s('add.store.added')}</Tag> : null} onChoose={() => onChange({ id: one.remote_id, name: one.name })} />
        ))}
      </div>
      <FieldRow label={s('add.store.manual')}>
        <input className="field" value={remote.id} aria-label={s('add.store.id')} placeholder={s('add.store.id')} onChange={(event) => onChange({ ...remote, id: event.target.value })} />
      </FieldRow>
    </>
  );
}
