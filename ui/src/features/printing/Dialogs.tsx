import { useState, type ReactNode } from 'react';
import type { PrinterAccountView, PrinterKindView, PrinterView, StorePrintingView, TicketView } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { cleaned, grouped } from '../../shared/format';
import { named, t } from '../../shared/messages';
import { slipName } from '../../shared/orders';
import { Button, ConfirmDialog, Dialog, Skeleton, Tabs, toast } from '../../shared/ui';
import { CredentialInputs } from './CredentialInputs';
import { Field } from './Field';
import { p } from './messages';
import { Paper } from './Paper';

const PAPERS = ['mm58', 'mm80'] as const;

interface Closing {
  onClose: () => void;
}

/** Label and paper of a printer. */
export function EditDialog({ printer, onClose }: { printer: PrinterView } & Closing): ReactNode {
  const [name, setName] = useState(printer.name);
  const [paper, setPaper] = useState(printer.paper);
  const write = useAction('printer_edit', ['printing']);
  const save = (): void => {
    if (write.isPending) return;
    write.mutate(
      { id: printer.id, name: name.trim(), paper },
      {
        onSuccess: () => {
          toast.done(p('done.saved'));
          onClose();
        },
        onError: failed,
      },
    );
  };
  return (
    <Dialog title={p('edit.title', { name: printer.name })} onClose={onClose} onConfirm={save} actions={<Foot busy={write.isPending} go={t('act.save')} onClose={onClose} onGo={save} />}>
      <Field label={p('add.name')} note={p('add.name.hint')}>
        <input className="field" value={name} maxLength={30} aria-label={p('add.name')} onChange={(event) => setName(event.target.value)} />
      </Field>
      <Field label={p('add.paper')}>
        <Tabs look="segment" label={p('add.paper')} value={paper} onChange={setPaper} items={PAPERS.map((id) => ({ id, label: p(`paper.${id}`) }))} />
      </Field>
    </Dialog>
  );
}

/** Keys of an account, and what it takes to hear of printed slips from its cloud. */
export function AccountDialog({ account, kind, onClose }: { account: PrinterAccountView; kind: PrinterKindView | null } & Closing): ReactNode {
  const [values, setValues] = useState<Record<string, string>>({});
  const [key, setKey] = useState(account.settings['public_key'] ?? '');
  const [backurl, setBackurl] = useState(account.settings['backurl'] ?? '');
  const write = useAction('printer_account_edit', ['printing']);
  const fields = kind?.fields ?? [];
  const save = (): void => {
    if (write.isPending) return;
    const filled = fields.map((field) => [field.key, cleaned(values[field.key] ?? '')] as const).filter(([, value]) => value !== '');
    write.mutate(
      { account: account.id, settings: kind?.callbacks ? { public_key: key, backurl } : {}, credentials: Object.fromEntries(filled) },
      {
        onSuccess: (answer) => {
          toast.done(p('done.saved'), answer.kept ? {} : { note: p('account.kept.no') });
          onClose();
        },
        onError: failed,
      },
    );
  };
  return (
    <Dialog title={p('account.title', { kind: kind?.name ?? account.service })} width={520} onClose={onClose} onConfirm={save} actions={<Foot busy={write.isPending} go={t('act.save')} onClose={onClose} onGo={save} />}>
      <p className="t2 pr-para">{p('account.note')}</p>
      <CredentialInputs fields={fields} values={values} masked={account.masked} onChange={(field, value) => setValues({ ...values, [field]: value })} />
      {kind?.callbacks ? (
        <>
          <Field label={p('account.key')} note={p('account.key.hint')}>
            <textarea className="field pr-key" rows={4} spellCheck={false} value={key} aria-label={p('account.key')} onChange={(event) => setKey(event.target.value)} />
          </Field>
          <Field label={p('account.backurl')} note={p('account.backurl.hint')}>
            <input className="field" value={backurl} spellCheck={false} aria-label={p('account.backurl')} onChange={(event) => setBackurl(event.target.value)} />
          </Field>
          <Field label={p('account.address')} {...(account.callback === '' ? { note: p('account.address.off') } : {})}>
            {account.callback === '' ? null : <input className="field" readOnly value={account.callback} aria-label={p('account.address')} onFocus={(event) => event.target.select()} />}
          </Field>
        </>
      ) : null}
    </Dialog>
  );
}

function Foot({ busy, go, onClose, onGo }: { busy: boolean; go: string; onClose: () => void; onGo: () => void }): ReactNode {
  return (
    <>
      <Button hint="Esc" onClick={onClose}>
        {t('act.cancel')}
      </Button>
      <Button kind="primary" hint="Ctrl Enter" busy={busy ? p('act.busy') : null} onClick={onGo}>
        {go}
      </Button>
    </>
  );
}

/** Drops what is on its way to a printer. */
export function ClearDialog({ printer, onClose }: { printer: PrinterView } & Closing): ReactNode {
  const clear = useAction('printer_clear', ['printing', 'orders']);
  const go = (): void =>
    clear.mutate(
      { id: printer.id },
      {
        onSuccess: (answer) => {
          toast.done(p('done.clear', { n: grouped(answer.count) }));
          onClose();
        },
        onError: failed,
      },
    );
  return (
    <ConfirmDialog title={p('clear.title', { name: printer.name })} confirm={p('clear.go', { n: grouped(printer.open) })} busy={clear.isPending ? p('act.busy') : null} onClose={onClose} onConfirm={go}>
      {p('clear.note', { n: grouped(printer.open) })}
    </ConfirmDialog>
  );
}

/** Takes a printer out of its cloud and out of use; says which stores print no more. */
export function RemoveDialog({ printer, stores, onClose }: { printer: PrinterView; stores: readonly StorePrintingView[] } & Closing): ReactNode {
  const remove = useAction('printer_remove', ['printing']);
  const hit = stores.filter((row) => row.printer === printer.id).map((row) => row.store.name);
  const go = (): void =>
    remove.mutate(
      { id: printer.id },
      {
        onSuccess: () => {
          toast.done(p('done.removed', { name: printer.name }));
          onClose();
        },
        onError: failed,
      },
    );
  return (
    <ConfirmDialog title={p('remove.title', { name: printer.name })} confirm={p('remove.go')} busy={remove.isPending ? p('act.busy') : null} onClose={onClose} onConfirm={go}>
      <p>{p('remove.note')}</p>
      {printer.open > 0 ? <p>{p('remove.open', { n: grouped(printer.open) })}</p> : null}
      {hit.length > 0 ? <p className="amber">{p('remove.stores', { names: named(hit) })}</p> : null}
    </ConfirmDialog>
  );
}

/** A slip as it was set and sent. */
export function SlipDialog({ ticket, onClose }: { ticket: TicketView } & Closing): ReactNode {
  const page = useCall('ticket_page', { id: ticket.id }, ['printing']).data;
  return (
    <Dialog
      title={slipName(ticket)}
      width={480}
      onClose={onClose}
      actions={
        <Button autoFocus hint="Esc" onClick={onClose}>
          {t('act.close')}
        </Button>
      }
    >
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="pr-papers pr-one" role="region" tabIndex={0} aria-label={slipName(ticket)}>
        {page ? <Paper page={page} /> : <Skeleton rows={6} />}
      </div>
    </Dialog>
  );
}
