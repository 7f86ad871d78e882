import { Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { AccountView, ServiceView, StoreFieldView, StoreView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { t } from '../../shared/messages';
import { Button, Dialog, toast, TypedConfirmDialog } from '../../shared/ui';
import { failed } from '../../shared/causes';
import { Problem, useAsking } from './asking';
import { Consent } from './Consent';
import { CredentialFields, FieldRow, StoreFields } from './CredentialFields';
import { chosen, cleaned, filled, isBranchCode, missing, storeFieldFault, trimmed } from './fields';
import { s } from './messages';

/** Key of the store's setting: the ERP item that goods are booked as when they are bound to nothing (F15b). */
const DEFAULT_ITEM = 'default_item';

/** Replaces only what was filled in; the rest of the credentials stays as it is. */
export function AuthorizeDialog({ account, service, stores, onClose, onDone }: { account: AccountView; service: ServiceView | null; stores: number; onClose: () => void; onDone: () => void }): ReactNode {
  const fields = service?.fields ?? [];
  const [start] = useState(() => chosen(fields, account.masked));
  const [values, setValues] = useState<Record<string, string>>(start);
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const changed = filled(fields, values, start);
  const ready = Object.keys(changed).length > 0;
  const name = account.name === '' ? (service?.name ?? account.service) : account.name;
  const onConsent = useCallback((): void => {
    toast.done(s('reauth.done', { name }));
    onDone();
  }, [name, onDone]);
  const save = (): void => {
    if (!ready || busy) return;
    ask(async () => {
      const answer = await call('account_authorize', { account: account.id, credentials: changed });
      markChanged(client, ['stores', 'orders', 'tasks']);
      toast.done(s('reauth.done', { name }), answer.kept ? {} : { note: s('add.kept.no') });
      onDone();
    });
  };
  return (
    <Dialog
      title={s('reauth.title', { name })}
      width={520}
      onClose={onClose}
      onConfirm={save}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? s('add.busy') : null} blocked={ready ? null : s('reauth.none')} onClick={save}>
            {s('reauth.go')}
          </Button>
        </>
      }
    >
      <p className="t2 st-para">{s('reauth.note', { n: stores })}</p>
      {service?.consent ? (
        <>
          <Consent account={account.id} onDone={onConsent} />
          <h3 className="st-ask">{s('consent.or')}</h3>
        </>
      ) : null}
      <CredentialFields fields={fields} values={values} masked={account.masked} onChange={(key, value) => setValues({ ...values, [key]: value })} />
      <Problem words={problem} />
    </Dialog>
  );
}

/** A new ERP account; stores choose it afterwards. */
export function ErpDialog({ services, onClose }: { services: readonly ServiceView[]; onClose: () => void }): ReactNode {
  const [service, setService] = useState(services[0]?.id ?? '');
  const [name, setName] = useState('');
  const [endpoint, setEndpoint] = useState('');
  const [values, setValues] = useState<Record<string, string>>({});
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const fields = services.find((one) => one.id === service)?.fields ?? [];
  const empty = missing(fields, values);
  const save = (): void => {
    if (empty.length > 0 || busy) return;
    ask(async () => {
      const answer = await call('account_add', { service, name: name.trim(), endpoint: endpoint.trim() === '' ? null : endpoint.trim(), settings: {}, credentials: filled(fields, values) });
      markChanged(client, ['stores']);
      toast.done(s('erpadd.done'), answer.kept ? {} : { note: s('add.kept.no') });
      onClose();
    });
  };
  return (
    <Dialog
      title={s('erpadd.title')}
      width={520}
      onClose={onClose}
      onConfirm={save}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? s('add.busy') : null} blocked={empty.length > 0 ? s('cred.need') : null} onClick={save}>
            {s('erpadd.go')}
          </Button>
        </>
      }
    >
      <FieldRow label={s('erpadd.which')}>
        <Select value={service} onChange={setService} options={services.map((one) => ({ value: one.id, label: one.name }))} aria-label={s('erpadd.which')} />
      </FieldRow>
      <FieldRow label={s('add.accountName')} note={s('add.accountName.hint')}>
        <input className="field" value={name} aria-label={s('add.accountName')} onChange={(event) => setName(event.target.value)} />
      </FieldRow>
      <CredentialFields fields={fields} values={values} onChange={(key, value) => setValues({ ...values, [key]: value })} />
      <FieldRow label={s('add.endpoint')} note={s('add.endpoint.hint')}>
        <input className="field" value={endpoint} aria-label={s('add.endpoint')} onChange={(event) => setEndpoint(event.target.value)} />
      </FieldRow>
      <Problem words={problem} />
    </Dialog>
  );
}

/** ERP account and branch of a store, with the branches that the ERP knows. */
export function ErpFields({ erps, erp, branch, onErp, onBranch, serviceName }: { erps: readonly AccountView[]; erp: number | null; branch: string; onErp: (erp: number | null) => void; onBranch: (branch: string) => void; serviceName: (id: string) => string }): ReactNode {
  const list = useCall('account_branches', { id: erp ?? 0 }, ['stores'], { enabled: erp !== null });
  const branches = erp === null ? [] : (list.data?.branches.filter((one) => one.active) ?? []);
  const clean = cleaned(branch);
  return (
    <>
      <FieldRow label={s('add.erp')} note={erp === null ? s('add.erp.later.note') : ''}>
        <Select
          value={erp ?? 0}
          onChange={(value) => onErp(value === 0 ? null : value)}
          options={[...erps.map((one) => ({ value: one.id, label: `${serviceName(one.service)} ${one.name}` })), { value: 0, label: s('add.erp.later') }]}
          aria-label={s('add.erp')}
        />
      </FieldRow>
      {erp === null ? null : (
        <FieldRow label={s('add.branch')} note={s('add.branch.hint')} warning={isBranchCode(clean) && clean === branch ? null : s('add.branch.bad')}>
          <div className="st-branch">
            <input className="field grow" value={branch} aria-label={s('add.branch')} onChange={(event) => onBranch(event.target.value)} />
            {branches.length > 0 ? (
              <Select className="st-branchpick" value={branches.some((one) => one.code === branch) ? branch : undefined} placeholder={s('add.branch.choose')} aria-label={s('add.branch.choose')} onChange={onBranch} options={branches.map((one) => ({ value: one.code, label: `${one.code}　${one.name}` }))} />
            ) : null}
          </div>
        </FieldRow>
      )}
    </>
  );
}

/** Label, ERP and branch of a store. */
export function EditDialog({ store, fields, erps, serviceName, onClose }: { store: StoreView; fields: readonly StoreFieldView[]; erps: readonly AccountView[]; serviceName: (id: string) => string; onClose: () => void }): ReactNode {
  const [name, setName] = useState(store.name);
  const [erp, setErp] = useState<number | null>(store.erp?.id ?? null);
  const [branch, setBranch] = useState(store.offline_code);
  const [settings, setSettings] = useState(store.settings);
  const [standIn, setStandIn] = useState(store.settings[DEFAULT_ITEM] ?? '');
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const code = cleaned(branch);
  const sound = fields.every((field) => storeFieldFault(field, settings[field.key] ?? '') === null);
  const save = (): void => {
    if (busy || !isBranchCode(code) || !sound) return;
    ask(async () => {
      await call('store_edit', { id: store.id, name: name.trim(), erp_account: erp ?? 0, offline_code: code, settings: { ...trimmed(fields, settings), [DEFAULT_ITEM]: cleaned(standIn) } });
      markChanged(client, ['stores', 'orders', 'exceptions', 'findings']);
      toast.done(s('edit.done'));
      onClose();
    });
  };
  return (
    <Dialog
      title={s('edit.title', { name: store.name })}
      width={520}
      onClose={onClose}
      onConfirm={save}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? s('add.busy') : null} blocked={!isBranchCode(code) ? s('add.branch.bad') : sound ? null : s('field.bad')} onClick={save}>
            {t('act.save')}
          </Button>
        </>
      }
    >
      <FieldRow label={s('edit.name')} note={s('edit.name.note')}>
        <input className="field" value={name} aria-label={s('edit.name')} onChange={(event) => setName(event.target.value)} />
      </FieldRow>
      <StoreFields fields={fields} values={settings} onChange={(key, value) => setSettings({ ...settings, [key]: value })} />
      <ErpFields erps={erps} erp={erp} branch={branch} onErp={setErp} onBranch={setBranch} serviceName={serviceName} />
      {erp === null ? null : (
        <FieldRow label={s('edit.default')} note={s('edit.default.note')}>
          <input className="field" value={standIn} placeholder={s('edit.default.off')} aria-label={s('edit.default')} onChange={(event) => setStandIn(event.target.value)} />
        </FieldRow>
      )}
      <Problem words={problem} />
    </Dialog>
  );
}

/** Takes a store off this machine; the platform is not touched. */
export function RemoveDialog({ store, onClose, onDone }: { store: StoreView; onClose: () => void; onDone: () => void }): ReactNode {
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      await call('store_remove', { id: store.id });
      markChanged(client, ['stores', 'listings', 'bindings', 'orders', 'exceptions']);
      toast.done(s('remove.done', { name: store.name }));
      onDone();
    } catch (cause) {
      failed(cause);
      setBusy(false);
    }
  };
  return (
    <TypedConfirmDialog title={s('remove.title', { name: store.name })} name={store.name} confirm={s('remove.go')} busy={busy ? s('add.busy') : null} onClose={onClose} onConfirm={() => void run()}>
      <p>{s('remove.note', { listings: store.listings, bound: store.bound })}</p>
    </TypedConfirmDialog>
  );
}
