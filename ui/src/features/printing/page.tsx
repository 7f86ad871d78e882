import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { PrinterAccountView, PrinterView, TicketView } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useAttempt, useKeys, useNow } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { Button, Empty, ErrorPanel, PageHead, Skeleton, SplitView, Tabs, toast } from '../../shared/ui';
import { IconPlus, IconRefreshCw } from '../../shared/ui/icons';
import { AddDialog } from './AddDialog';
import { AccountDialog, ClearDialog, EditDialog, RemoveDialog, SlipDialog } from './Dialogs';
import { p } from './messages';
import { light } from './model';
import { PrinterList } from './PrinterList';
import { Queue, type Show } from './Queue';
import { Stores } from './Stores';
import { TemplateEditor } from './TemplateEditor';
import './printing.css';

const VIEWS = ['queue', 'stores', 'template'] as const;
type View = (typeof VIEWS)[number];

interface Search {
  view?: View;
  /** Which slips of the queue. */
  show?: Show;
  /** The queue of one printer. */
  printer?: number;
  add?: boolean;
}

type Dialog = { kind: 'edit' | 'remove' | 'clear'; printer: PrinterView } | { kind: 'account'; account: PrinterAccountView } | { kind: 'slip'; ticket: TicketView };

/** Printers with their lights at the left; the queue, the stores' settings and the look of slips at the right. */
export default function PrintingPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const put = (next: Search): void => void navigate({ search: { ...search, ...next } as never, replace: true });
  const now = useNow();
  const list = useCall('printers_list', {}, ['printing', 'stores', 'settings']);
  const { busy, attempt } = useAttempt<'look'>(['printing']);
  const test = useAction('printer_test', ['printing']);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const data = list.data;
  const printers = data?.printers ?? [];
  const view = VIEWS.find((one) => one === search.view) ?? 'queue';
  const chosen = printers.find((one) => one.id === search.printer) ?? null;
  const down = printers.filter((one) => light(one, now).colour === 'red').length;
  const asks = printers.reduce((sum, one) => sum + one.asks, 0);

  const look = (): void => attempt('look', async () => void (await call('printers_look', {})));
  const testPage = (printer: PrinterView): void => test.mutate({ id: printer.id }, { onSuccess: () => toast.done(p('done.test', { name: printer.name })), onError: failed });
  useKeys({ F5: look });
  usePaletteActions([
    { id: 'printing.add', label: p('act.add'), words: 'add printer tianjia dayinji tj dyj', run: () => put({ add: true }) },
    { id: 'printing.look', label: p('act.look'), words: 'printer status zhuangtai zt', run: look },
  ]);

  return (
    <div className="page">
      <PageHead
        title={p('title')}
        note={
          printers.length > 0 ? (
            <>
              <span>{p('head.printers', { n: printers.length })}</span>
              {down > 0 ? <b className="red">{p('head.down', { n: down })}</b> : null}
              {asks > 0 ? <b className="amber">{p('head.asks', { n: grouped(asks) })}</b> : null}
            </>
          ) : null
        }
        actions={
          <>
            {printers.length > 0 ? (
              <Button icon={IconRefreshCw} hint="F5" busy={busy === 'look' ? p('act.looking') : null} onClick={look}>
                {p('act.look')}
              </Button>
            ) : null}
            <Button kind="primary" icon={IconPlus} onClick={() => put({ add: true })}>
              {p('act.add')}
            </Button>
          </>
        }
      >
        {printers.length > 0 ? <Tabs label={p('views')} value={view} onChange={(id) => put({ view: id as View })} items={VIEWS.map((id) => (id === 'queue' && asks > 0 ? { id, label: p(`view.${id}`), count: grouped(asks) } : { id, label: p(`view.${id}`) }))} /> : null}
      </PageHead>
      {data ? (
        printers.length === 0 ? (
          <Empty title={p('empty.title')} note={p('empty.note')} actions={<Button onClick={() => put({ add: true })}>{p('act.add')}</Button>} />
        ) : (
          <SplitView
            name="printing"
            initial={360}
            min={300}
            max={520}
            left={
              <PrinterList
                printers={printers}
                kinds={data.kinds}
                accounts={data.accounts}
                chosen={chosen?.id ?? null}
                testing={test.isPending ? (test.variables?.id ?? null) : null}
                // A second click on the chosen one shows all again.
                onChoose={(printer) => put({ view: 'queue', printer: (printer === chosen?.id ? undefined : printer) as never })}
                onTest={testPage}
                onClear={(printer) => setDialog({ kind: 'clear', printer })}
                onEdit={(printer) => setDialog({ kind: 'edit', printer })}
                onRemove={(printer) => setDialog({ kind: 'remove', printer })}
                onAccount={(account) => setDialog({ kind: 'account', account })}
              />
            }
            right={
              view === 'stores' ? (
                <Stores stores={data.stores} printers={printers} />
              ) : view === 'template' ? (
                <TemplateEditor />
              ) : (
                <Queue show={search.show ?? 'all'} printer={chosen} onShow={(show) => put({ show })} onAll={() => put({ printer: undefined as never })} onClear={(printer) => setDialog({ kind: 'clear', printer })} onSlip={(ticket) => setDialog({ kind: 'slip', ticket })} />
              )
            }
          />
        )
      ) : list.error ? (
        <div className="page-body">
          <ErrorPanel title={errorWords(list.error).title} note={errorWords(list.error).advice} actions={<Button onClick={() => void list.refetch()}>{t('act.reload')}</Button>} />
        </div>
      ) : (
        <Skeleton rows={8} />
      )}
      {search.add && data ? (
        <AddDialog
          kinds={data.kinds}
          accounts={data.accounts}
          onClose={() => put({ add: undefined as never })}
          // The first printer prints nothing before a store has it.
          onAdded={(first) => put({ add: undefined as never, ...(first && data.stores.length > 0 ? { view: 'stores' as const } : {}) })}
        />
      ) : null}
      {dialog?.kind === 'edit' ? <EditDialog printer={dialog.printer} onClose={() => setDialog(null)} /> : null}
      {dialog?.kind === 'clear' ? <ClearDialog printer={printers.find((one) => one.id === dialog.printer.id) ?? dialog.printer} onClose={() => setDialog(null)} /> : null}
      {dialog?.kind === 'remove' && data ? <RemoveDialog printer={dialog.printer} stores={data.stores} onClose={() => setDialog(null)} /> : null}
      {dialog?.kind === 'account' && data ? <AccountDialog account={dialog.account} kind={data.kinds.find((one) => one.id === dialog.account.service) ?? null} onClose={() => setDialog(null)} /> : null}
      {dialog?.kind === 'slip' ? <SlipDialog ticket={dialog.ticket} onClose={() => setDialog(null)} /> : null}
    </div>
  );
}
