import { Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { PrinterAccountView, PrinterKindView } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { errorWords, type ErrorWords } from '../../shared/errors';
import { cleaned } from '../../shared/format';
import { useAttempt } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { Button, Dialog, ErrorPanel, Tabs, toast } from '../../shared/ui';
import { CredentialInputs } from './CredentialInputs';
import { Field } from './Field';
import { p } from './messages';
import { draftFault } from './model';

const NEW = 0;
const PAPERS = ['mm58', 'mm80'] as const;

/** One printer, with a new account where it needs one. Its fields are those that its kind describes. */
export function AddDialog({ kinds, accounts, onClose, onAdded }: { kinds: readonly PrinterKindView[]; accounts: readonly PrinterAccountView[]; onClose: () => void; onAdded: (first: boolean) => void }): ReactNode {
  // The cloud printer first: it is what most shops have.
  const offered = kinds.toSorted((left, right) => Number(right.keyed) - Number(left.keyed));
  const [service, setService] = useState(offered[0]?.id ?? '');
  const kind = offered.find((one) => one.id === service);
  const own = accounts.filter((account) => account.service === service);
  const [chosen, setChosen] = useState<number | null>(null);
  const account = chosen ?? own[0]?.id ?? NEW;
  const [values, setValues] = useState<Record<string, string>>({});
  const [endpoint, setEndpoint] = useState('');
  const [number, setNumber] = useState('');
  const [key, setKey] = useState('');
  const [name, setName] = useState('');
  const [paper, setPaper] = useState<string>('mm58');
  const [problem, setProblem] = useState<ErrorWords | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const client = useQueryClient();
  const { busy, attempt } = useAttempt<'add'>([], (cause) => setProblem(errorWords(cause)));
  if (!kind) return null;

  const fresh = account === NEW && kind.fields.length > 0;
  const missing = fresh ? kind.fields.filter((field) => !field.optional && cleaned(values[field.key] ?? '') === '').map((field) => field.key) : [];
  const fault = draftFault({ number, key }, kind, missing);
  const save = (): void => {
    if (fault) return;
    setProblem(null);
    setRefused(null);
    attempt('add', async () => {
      const answer = await call('printers_add', {
        service,
        account: account === NEW ? null : account,
        endpoint: fresh && endpoint.trim() !== '' ? endpoint.trim() : null,
        credentials: fresh ? Object.fromEntries(kind.fields.map((field) => [field.key, cleaned(values[field.key] ?? '')])) : {},
        printers: [{ number: cleaned(number), key: cleaned(key), name: name.trim(), paper }],
      });
      const [one] = answer.printers;
      if (!one || one.id === null) {
        setRefused(one?.refused ?? '');
        return;
      }
      markChanged(client, ['printing']);
      const first = accounts.length === 0;
      toast.done(p('done.added', { name: name.trim() === '' ? one.number : name.trim() }), first ? { note: p('done.stores.next') } : {});
      onAdded(first);
    });
  };
  return (
    <Dialog
      title={p('add.title')}
      width={520}
      onClose={onClose}
      onConfirm={save}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? p('add.going') : null} blocked={fault ? p(fault) : null} onClick={save}>
            {p('add.go')}
          </Button>
        </>
      }
    >
      <Field label={p('add.kind')}>
        <Tabs
          look="segment"
          label={p('add.kind')}
          value={service}
          onChange={(id) => {
            setService(id);
            setChosen(null);
          }}
          items={offered.map((one) => ({ id: one.id, label: one.name }))}
        />
      </Field>
      {kind.fields.length > 0 && own.length > 0 ? (
        <Field label={p('add.account')}>
          <Select value={account} aria-label={p('add.account')} onChange={(id: number) => setChosen(id)} options={[...own.map((one) => ({ value: one.id, label: one.masked['user'] ?? kind.name })), { value: NEW, label: p('add.account.new') }]} />
        </Field>
      ) : null}
      {fresh ? <CredentialInputs fields={kind.fields} values={values} onChange={(field, value) => setValues({ ...values, [field]: value })} /> : null}
      <Field label={p(kind.number_kind === 'address' ? 'add.address' : 'add.number')} note={p(kind.number_kind === 'address' ? 'add.address.hint' : 'add.number.hint')}>
        <input className="field" value={number} autoComplete="off" spellCheck={false} aria-label={p(kind.number_kind === 'address' ? 'add.address' : 'add.number')} onChange={(event) => setNumber(event.target.value)} />
      </Field>
      {kind.keyed ? (
        <Field label={p('add.key')} note={p('add.key.hint')}>
          <input className="field" type="password" value={key} autoComplete="off" spellCheck={false} aria-label={p('add.key')} onChange={(event) => setKey(event.target.value)} />
        </Field>
      ) : null}
      <Field label={p('add.name')} note={p('add.name.hint')}>
        <input className="field" value={name} maxLength={30} aria-label={p('add.name')} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={p('add.paper')}>
        <Tabs look="segment" label={p('add.paper')} value={paper} onChange={setPaper} items={PAPERS.map((id) => ({ id, label: p(`paper.${id}`) }))} />
      </Field>
      {fresh ? (
        <Field label={p('add.endpoint')} note={p('add.endpoint.hint')}>
          <input className="field" value={endpoint} autoComplete="off" spellCheck={false} aria-label={p('add.endpoint')} onChange={(event) => setEndpoint(event.target.value)} />
        </Field>
      ) : null}
      {problem ? <ErrorPanel title={problem.title} note={problem.advice} /> : null}
      {refused === null ? null : <ErrorPanel title={p('add.refused', { number: cleaned(number) })} note={p('add.refused.why', { why: refused })} />}
    </Dialog>
  );
}
