import type { ReactNode } from 'react';
import { call } from '../../api/client';
import type { AccountView, ServiceView, StoreView } from '../../api/generated';
import { toast } from '../../shared/ui';
import { Choice } from './Choice';
import { CredentialFields, FieldRow } from './CredentialFields';
import { filled } from './fields';
import { s } from './messages';

/** Which account of a platform: one that is there, or a new one with what was typed. */
export interface AccountDraft {
  /** Null for a new one. */
  account: number | null;
  name: string;
  endpoint: string;
  values: Readonly<Record<string, string>>;
}

export const EMPTY_ACCOUNT: AccountDraft = { account: null, name: '', endpoint: '', values: {} };

/** Adds the new account; tells whether the manager has to agree on the platform's page before it opens anything. */
export async function addAccount(service: ServiceView | null, draft: AccountDraft): Promise<{ account: number; needsConsent: boolean }> {
  const fields = service?.fields ?? [];
  const endpoint = draft.endpoint.trim();
  const answer = await call('account_add', { service: service?.id ?? '', name: draft.name.trim(), endpoint: endpoint === '' ? null : endpoint, settings: {}, credentials: filled(fields, draft.values) });
  if (!answer.kept) toast.failed(s('add.kept.no'));
  // Keys alone open nothing yet; a token that was typed in does.
  const token = fields.some((field) => field.secret && field.optional && (draft.values[field.key] ?? '').trim() !== '');
  return { account: answer.account, needsConsent: service?.consent === true && !token };
}

/** The accounts of a platform that are there, and the form of a new one. */
export function AccountFields({ service, own, stores, draft, onChange }: { service: ServiceView; own: readonly AccountView[]; stores: readonly StoreView[]; draft: AccountDraft; onChange: (draft: AccountDraft) => void }): ReactNode {
  const put = (part: Partial<AccountDraft>): void => onChange({ ...draft, ...part });
  return (
    <>
      <div role="radiogroup" aria-label={s('add.account')} className="st-choices">
        {own.map((one) => (
          <Choice key={one.id} name="account" on={draft.account === one.id} onChoose={() => put({ account: one.id })} title={s('add.account.has', { name: one.name === '' ? service.name : one.name, n: stores.filter((store) => store.account.id === one.id).length })} />
        ))}
        <Choice name="account" on={draft.account === null} onChoose={() => put({ account: null })} title={s('add.account.new')} note={s('add.account.new.note')} />
      </div>
      {draft.account === null ? (
        <>
          <FieldRow label={s('add.accountName')} note={s('add.accountName.hint')}>
            <input className="field" value={draft.name} aria-label={s('add.accountName')} onChange={(event) => put({ name: event.target.value })} />
          </FieldRow>
          <CredentialFields fields={service.fields} values={draft.values} onChange={(key, value) => put({ values: { ...draft.values, [key]: value } })} />
          <FieldRow label={s('add.endpoint')} note={s('add.endpoint.hint')}>
            <input className="field" value={draft.endpoint} aria-label={s('add.endpoint')} onChange={(event) => put({ endpoint: event.target.value })} />
          </FieldRow>
        </>
      ) : null}
    </>
  );
}
