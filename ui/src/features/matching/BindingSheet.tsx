import { Dropdown } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { BindingsView } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { host } from '../../host';
import { failed } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useAttempt } from '../../shared/hooks';
import { joined } from '../../shared/messages';
import { Button, ConfirmDialog, KpiStrip, toast } from '../../shared/ui';
import { IconArrowUpDown } from '../../shared/ui/icons';
import { m } from './messages';

const TOUCHED = ['bindings', 'listings', 'orders', 'exceptions', 'stock', 'tasks'] as const;
const SHEETS = ['xlsx', 'xls', 'csv'];
const LISTED = 200;

/** Bindings out into a sheet and in again; importing shows first what would come of it. */
export function BindingSheet({ store }: { store: { id: number; name: string } }): ReactNode {
  const client = useQueryClient();
  const [looked, setLooked] = useState<{ path: string; view: BindingsView } | null>(null);
  const { busy, attempt } = useAttempt<string>();
  const out = (stores: readonly number[], name: string): void =>
    attempt(m('sheet.writing'), async () => {
      const path = await host().saveFile({ title: m('sheet.export'), name: m('sheet.file', { name }), extensions: ['xlsx', 'csv'] });
      if (path !== null) toast.done(m('sheet.exported', { n: grouped((await call('bindings_export', { path, stores: [...stores] })).rows) }));
    });
  const look = (): void =>
    attempt(m('sheet.reading'), async () => {
      const [path] = await host().pickFile({ title: m('sheet.import'), extensions: SHEETS });
      if (path !== undefined) setLooked({ path, view: await call('bindings_preview', { path }) });
    });
  const undo = (batch: number): void =>
    void call('library_undo', { batch, redo: false }).then(() => {
      markChanged(client, TOUCHED);
      toast.done(m('done.undone'));
    }, failed);
  const run = (): void => {
    if (!looked) return;
    attempt(m('sheet.running'), async () => {
      const done = await call('bindings_import', { path: looked.path });
      setLooked(null);
      markChanged(client, TOUCHED);
      const { batch } = done;
      const parts = [m('done.bound', { n: grouped(done.bound) }), ...(done.repushed > 0 ? [m('done.repushed', { n: grouped(done.repushed) })] : [])];
      toast.done(joined(parts), batch === null ? {} : { undo: () => undo(batch) });
    });
  };
  const items = [
    { key: 'in', label: m('sheet.import'), onClick: look },
    { key: 'out', label: m('sheet.export.store', { name: store.name }), onClick: () => out([store.id], store.name) },
    { key: 'all', label: m('sheet.export.all'), onClick: () => out([], m('sheet.all')) },
  ];
  return (
    <>
      <Dropdown trigger={['click']} menu={{ items }}>
        <Button icon={IconArrowUpDown} busy={looked ? null : busy}>
          {m('sheet')}
        </Button>
      </Dropdown>
      {looked ? (
        <ConfirmDialog
          width={720}
          title={m('sheet.import')}
          confirm={m('sheet.run', { n: grouped(looked.view.bound) })}
          busy={busy}
          blocked={looked.view.bound === 0 ? m('sheet.nothing') : null}
          onConfirm={run}
          onClose={() => setLooked(null)}
        >
          <Preview view={looked.view} />
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function Preview({ view }: { view: BindingsView }): ReactNode {
  const shown = view.rejected.slice(0, LISTED);
  return (
    <>
      <KpiStrip
        items={[
          { label: m('sheet.rows'), value: grouped(view.rows) },
          { label: m('sheet.bound'), value: grouped(view.bound) },
          { label: m('sheet.unchanged'), value: grouped(view.unchanged) },
          view.rejected_total > 0 ? { label: m('sheet.rejected'), value: grouped(view.rejected_total), tone: 'red' } : { label: m('sheet.rejected'), value: '0' },
        ]}
      />
      {shown.length > 0 ? (
        // Scrolls, so it takes focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="mt-sheetlist" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th>{m('sheet.row')}</th>
                <th>{m('sheet.why')}</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((one, at) => (
                <tr key={at}>
                  <td className="num">{one.row}</td>
                  <td>{sentence(one.words, one.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {view.rejected_total > shown.length ? <p className="t3 small">{m('sheet.more', { n: grouped(view.rejected_total - shown.length) })}</p> : null}
        </div>
      ) : null}
      <p className="t3 small">{m('sheet.note')}</p>
    </>
  );
}
