import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { BackupView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { host } from '../../host';
import { errorWords } from '../../shared/errors';
import { bytes, fullTime, grouped } from '../../shared/format';
import { useAttempt } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { Button, Empty, ErrorPanel, Section, Skeleton, TimeText, toast, TypedConfirmDialog } from '../../shared/ui';
import { IconFolderOpen, IconSave } from '../../shared/ui/icons';
import { g } from './messages';

const EVERYTHING = ['products', 'listings', 'bindings', 'orders', 'exceptions', 'stores', 'tasks', 'findings', 'settings', 'stock'] as const;

/** Backups: make, verify, restore. Restoring asks for the word, and says what will be gone. */
export function Backups(): ReactNode {
  const client = useQueryClient();
  const list = useCall('backups_list', {}, ['settings']);
  const { busy, attempt } = useAttempt<string>();
  const [asked, setAsked] = useState<BackupView | null>(null);
  const make = (): void =>
    attempt('make', async () => {
      const made = await call('backup_create', {});
      toast.done(g('backup.made', { size: bytes(made.bytes) }));
      markChanged(client, ['settings']);
    });
  const verify = (backup: BackupView): void =>
    attempt(backup.path, async () => {
      const good = await call('backup_verify', { path: backup.path });
      toast.done(g('backup.good', { name: backup.name, products: grouped(good.products ?? 0), orders: grouped(good.orders ?? 0) }));
    });
  const fromFile = (): void =>
    attempt('file', async () => {
      const [path] = await host().pickFile({ title: g('backup.file'), extensions: [] });
      // Nothing is restored from a file that does not verify.
      if (path !== undefined) setAsked(await call('backup_verify', { path }));
    });
  const restore = (backup: BackupView): void =>
    attempt('restore', async () => {
      await call('backup_restore', { path: backup.path });
      setAsked(null);
      markChanged(client, EVERYTHING);
      toast.done(g('restore.done', { time: fullTime(backup.at) }));
    });
  const backups = list.data?.backups ?? [];
  return (
    <Section
      title={g('part.backup')}
      note={g('backup.note')}
      actions={
        <>
          <Button icon={IconFolderOpen} busy={busy === 'file' ? g('backup.verifying') : null} onClick={fromFile}>
            {g('backup.file')}
          </Button>
          <Button icon={IconSave} busy={busy === 'make' ? g('backup.making') : null} onClick={make}>
            {g('backup.make')}
          </Button>
        </>
      }
    >
      {list.error ? <ErrorPanel title={errorWords(list.error).title} actions={<Button onClick={() => void list.refetch()}>{t('act.reload')}</Button>} /> : null}
      {list.isPending ? <Skeleton rows={3} /> : null}
      {list.data && backups.length === 0 ? <Empty title={g('backup.none')} /> : null}
      {backups.length > 0 ? (
        <table className="plain">
          <thead>
            <tr>
              <th>{g('backup.at')}</th>
              <th>{g('backup.inside')}</th>
              <th className="num">{g('backup.size')}</th>
              <th className="num">{g('backup.do')}</th>
            </tr>
          </thead>
          <tbody>
            {backups.map((backup) => (
              <tr key={backup.path} title={backup.path}>
                <td>
                  <TimeText at={backup.at} />
                </td>
                <td className="t2">{backup.products === null || backup.orders === null ? g('backup.unreadable') : g('backup.counts', { products: grouped(backup.products), orders: grouped(backup.orders) })}</td>
                <td className="num">{bytes(backup.bytes)}</td>
                <td className="num set-acts">
                  <Button size="row" busy={busy === backup.path ? g('backup.verifying') : null} onClick={() => verify(backup)}>
                    {g('backup.verify')}
                  </Button>
                  <Button size="row" kind="danger" onClick={() => setAsked(backup)}>
                    {g('backup.restore')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {asked ? (
        <TypedConfirmDialog title={g('restore.title', { time: fullTime(asked.at) })} name={g('restore.word')} confirm={g('restore.go')} busy={busy === 'restore' ? g('restore.busy') : null} onClose={() => setAsked(null)} onConfirm={() => restore(asked)}>
          <p>{g('restore.note', { products: grouped(asked.products ?? 0), orders: grouped(asked.orders ?? 0) })}</p>
          <p className="t2">{g('restore.before')}</p>
        </TypedConfirmDialog>
      ) : null}
    </Section>
  );
}
