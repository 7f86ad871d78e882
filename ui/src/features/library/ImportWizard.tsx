import { Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call, type Response } from '../../api/client';
import { markChanged } from '../../api/queries';
import { host } from '../../host';
import { errorWords, wordOf, type ErrorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { t } from '../../shared/messages';
import { Button, CopyLink, Dialog, ErrorPanel, KpiStrip, toast } from '../../shared/ui';
import { l, type LibraryWord } from './messages';

type Preview = Response<'import_preview'>;
type Mapping = Record<string, string | null>;

/** Rows shown of what was refused; the numbers are always of all. */
const LISTED = 200;

function fieldName(field: string): string {
  const key = `field.${field}`;
  return key in l.tables['zh-CN'] ? l(key as LibraryWord) : field;
}

/** Choose a file, check the columns, check the numbers, run. Nothing is written before the last button. */
export function ImportWizard({ onClose, onUndo }: { onClose: () => void; onUndo: (batch: number) => void }): ReactNode {
  const client = useQueryClient();
  const [path, setPath] = useState<string | null>(null);
  const [preview, setPreview] = useState<Preview | null>(null);
  const [mapping, setMapping] = useState<Mapping | null>(null);
  const [step, setStep] = useState<'pick' | 'map' | 'check'>('pick');
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<ErrorWords | null>(null);

  const attempt = async (words: string, work: () => Promise<void>): Promise<void> => {
    setBusy(words);
    setProblem(null);
    try {
      await work();
    } catch (cause) {
      setProblem(errorWords(cause));
    } finally {
      setBusy(null);
    }
  };
  const pick = (): void =>
    void attempt(l('import.reading'), async () => {
      const [chosen] = await host().pickFile({ title: l('import.title'), extensions: ['xlsx', 'xls', 'csv'] });
      if (chosen === undefined) return;
      const read = await call('import_preview', { path: chosen, mapping: null });
      setPath(chosen);
      setPreview(read);
      setMapping(null);
      setStep('map');
    });
  const check = (): void =>
    void attempt(l('import.reading'), async () => {
      if (path === null) return;
      setPreview(await call('import_preview', { path, mapping }));
      setStep('check');
    });
  const run = (): void =>
    void attempt(l('import.running'), async () => {
      if (path === null) return;
      const done = await call('import_run', { path, mapping });
      markChanged(client, ['products']);
      const { batch } = done;
      toast.done(l('import.done', { created: grouped(done.created), updated: grouped(done.updated) }), batch === null ? {} : { undo: () => onUndo(batch) });
      onClose();
    });

  const writes = preview ? preview.counts.created + preview.counts.updated : 0;
  const file = path?.split(/[/\\]/).at(-1) ?? '';
  return (
    <Dialog
      title={l('import.title')}
      width={720}
      onClose={onClose}
      {...(step === 'check' && writes > 0 && !busy ? { onConfirm: run } : {})}
      aside={step === 'pick' ? null : <span className="t3 small">{l('import.rows', { file, n: grouped(preview?.counts.rows ?? 0) })}</span>}
      actions={
        <>
          <Button autoFocus hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          {step === 'check' ? <Button onClick={() => setStep('map')}>{t('act.back')}</Button> : null}
          {step === 'pick' ? (
            <Button kind="primary" busy={busy} onClick={pick}>
              {l('import.pick')}
            </Button>
          ) : null}
          {step === 'map' ? (
            <Button kind="primary" busy={busy} onClick={check}>
              {t('act.next')}
            </Button>
          ) : null}
          {step === 'check' ? (
            <Button kind="primary" hint="Ctrl Enter" busy={busy} blocked={writes === 0 ? l('import.nothing') : null} onClick={run}>
              {l('import.run', { n: grouped(writes) })}
            </Button>
          ) : null}
        </>
      }
    >
      {problem ? <ErrorPanel title={problem.title} note={problem.advice} actions={<CopyLink text={problem.detail}>{t('act.copyDetails')}</CopyLink>} /> : null}
      {step === 'pick' ? <p className="t2">{l('import.codes')}</p> : null}
      {step === 'map' && preview ? <Columns preview={preview} mapping={mapping} onChange={setMapping} /> : null}
      {step === 'check' && preview ? <Counts preview={preview} /> : null}
    </Dialog>
  );
}

function Columns({ preview, mapping, onChange }: { preview: Preview; mapping: Mapping | null; onChange: (next: Mapping) => void }): ReactNode {
  const recognised = Object.fromEntries(preview.columns.map((column) => [String(column.index), column.field]));
  const now = { ...recognised, ...mapping };
  const options = [{ value: '', label: l('import.ignore') }, ...preview.fields.map((field) => ({ value: field, label: fieldName(field) }))];
  return (
    <>
      <p className="t2 small lib-note">{l('import.map')}</p>
      {/* Scrolls, so it takes focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="imp-list" tabIndex={0}>
        <table className="plain">
          <thead>
            <tr>
              <th>{l('import.column')}</th>
              <th>{l('import.sample')}</th>
              <th>{l('import.as')}</th>
            </tr>
          </thead>
          <tbody>
            {preview.columns.map((column) => (
              <tr key={column.index}>
                <td>{column.title}</td>
                <td className="t3 small">{column.samples.slice(0, 2).join('　')}</td>
                <td>
                  <Select size="small" aria-label={column.title} value={now[String(column.index)] ?? ''} options={options} onChange={(field: string) => onChange({ ...now, [String(column.index)]: field === '' ? null : field })} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Counts({ preview }: { preview: Preview }): ReactNode {
  const { counts } = preview;
  const refused = counts.rejected.length;
  return (
    <>
      <p className="t2 small lib-note">{l('import.check')}</p>
      <div className="imp-counts">
        <KpiStrip
          items={[
            { label: l('import.created'), value: grouped(counts.created) },
            { label: l('import.updated'), value: grouped(counts.updated) },
            { label: l('import.unchanged'), value: grouped(counts.unchanged) },
            refused > 0 ? { label: l('import.rejected'), value: grouped(refused), tone: 'red' } : { label: l('import.rejected'), value: '0' },
          ]}
        />
      </div>
      {refused > 0 ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="imp-list" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th>{l('import.where')}</th>
                <th>{l('import.value')}</th>
                <th>{l('import.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {counts.rejected.slice(0, LISTED).map((one, at) => (
                <tr key={at}>
                  <td>
                    {l('import.row', { n: one.row })} {one.column}
                  </td>
                  <td>{one.value}</td>
                  <td className="red">{wordOf([`import.${one.reason}`, `reasons.${one.reason}`], one.reason)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {refused > LISTED ? <p className="t3 small">{l('import.more', { n: grouped(refused - LISTED) })}</p> : null}
        </div>
      ) : null}
    </>
  );
}
