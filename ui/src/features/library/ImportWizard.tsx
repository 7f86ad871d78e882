import { Select } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { ImportPreview, SheetOpen } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { host } from '../../host';
import { errorWords, sentence, wordOf, type ErrorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { isMoving, useLiveJobs } from '../../shared/jobs';
import { t } from '../../shared/messages';
import { Button, CopyLink, Dialog, ErrorPanel, KpiStrip, ProgressBar, toast } from '../../shared/ui';
import { l, type LibraryWord } from './messages';

/** Rows shown of what was refused; the numbers are always of all. */
const LISTED = 200;

/** Column of the file by field of the library. */
type Mapping = Record<string, number>;

function fieldName(field: string): string {
  const key = `field.${field}`;
  return wordOf([key], key in l.tables['zh-CN'] ? l(key as LibraryWord) : field);
}

/** What the file's columns were recognised as. */
function recognised(sheet: SheetOpen): Mapping {
  const columns: Mapping = {};
  for (const column of sheet.columns) if (column.field !== '') columns[column.field] = column.index;
  return columns;
}

/** Choose a file, check the columns, check the numbers, run. Nothing is written before the last button. */
export function ImportWizard({ onClose, onUndo }: { onClose: () => void; onUndo: (batch: number) => void }): ReactNode {
  const client = useQueryClient();
  const [sheet, setSheet] = useState<SheetOpen | null>(null);
  const [columns, setColumns] = useState<Mapping>({});
  const [preview, setPreview] = useState<ImportPreview | null>(null);
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
      const opened = await call('sheet_open', { path: chosen });
      setSheet(opened);
      setColumns(recognised(opened));
      setStep('map');
    });
  const check = (): void =>
    void attempt(l('import.reading'), async () => {
      if (!sheet) return;
      setPreview(await call('import_preview', { path: sheet.path, columns }));
      setStep('check');
    });
  const run = (): void =>
    void attempt(l('import.running'), async () => {
      if (!sheet) return;
      const done = await call('import_run', { path: sheet.path, columns });
      markChanged(client, ['products', 'findings']);
      const { batch } = done;
      toast.done(l('import.done', { created: grouped(done.created), updated: grouped(done.updated) }), batch === null ? {} : { undo: () => onUndo(batch) });
      onClose();
    });

  const writes = preview ? preview.created + preview.updated : 0;
  const missing = sheet?.fields.filter((field) => field.required && columns[field.key] === undefined) ?? [];
  return (
    <Dialog
      title={l('import.title')}
      width={720}
      onClose={onClose}
      {...(step === 'check' && writes > 0 && !busy ? { onConfirm: run } : {})}
      aside={sheet ? <span className="t3 small">{step === 'check' && preview ? l('import.rows', { file: sheet.name, n: grouped(preview.rows) }) : `${sheet.name} ${sheet.sheet}`}</span> : null}
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
            <Button kind="primary" busy={busy} blocked={missing.length > 0 ? l('import.needs', { fields: missing.map((field) => fieldName(field.key)).join(' ') }) : null} onClick={check}>
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
      {step === 'map' && sheet ? <ColumnTable sheet={sheet} columns={columns} onChange={setColumns} /> : null}
      {step === 'check' && preview ? <Counts preview={preview} /> : null}
      {step === 'check' && busy !== null ? <Progress /> : null}
    </Dialog>
  );
}

/** How far the import is; the api reports it as a job while `import_run` has not answered. */
function Progress(): ReactNode {
  const jobs = useLiveJobs();
  const job = [...jobs.values()].findLast((one) => isMoving(one.state) && one.total > 0);
  if (!job) return null;
  const words = l('import.progress', { done: grouped(job.done), total: grouped(job.total) });
  return (
    <div className="imp-progress" role="status">
      <ProgressBar total={job.total} segments={[{ value: job.done, tone: 'accent' }]} label={words} />
      <span className="t2 small">{words}</span>
    </div>
  );
}

function ColumnTable({ sheet, columns, onChange }: { sheet: SheetOpen; columns: Mapping; onChange: (next: Mapping) => void }): ReactNode {
  const options = [{ value: '', label: l('import.ignore') }, ...sheet.fields.map((field) => ({ value: field.key, label: fieldName(field.key) }))];
  const fieldOf = (index: number): string => Object.entries(columns).find(([, at]) => at === index)?.[0] ?? '';
  // A field comes from one column: putting it elsewhere takes it away from where it was.
  const put = (index: number, field: string): void => {
    const next = Object.fromEntries(Object.entries(columns).filter(([key, at]) => at !== index && key !== field));
    onChange(field === '' ? next : { ...next, [field]: index });
  };
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
            {sheet.columns.map((column) => (
              <tr key={column.index}>
                <td>{column.title}</td>
                <td className="t3 small">{column.samples.slice(0, 2).join('　')}</td>
                <td>
                  <Select size="small" aria-label={column.title} value={fieldOf(column.index)} options={options} onChange={(field: string) => put(column.index, field)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Counts({ preview }: { preview: ImportPreview }): ReactNode {
  const refused = preview.rejected_total;
  const shown = preview.rejected.slice(0, LISTED);
  return (
    <>
      <p className="t2 small lib-note">{l('import.check')}</p>
      <div className="imp-counts">
        <KpiStrip
          items={[
            { label: l('import.created'), value: grouped(preview.created) },
            { label: l('import.updated'), value: grouped(preview.updated) },
            { label: l('import.unchanged'), value: grouped(preview.unchanged) },
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
              {shown.map((one, at) => (
                <tr key={at}>
                  <td>
                    {l('import.row', { n: one.row })} {one.column}
                  </td>
                  <td>{one.value}</td>
                  <td className="red">{sentence(one.words)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {refused > shown.length ? <p className="t3 small">{l('import.more', { n: grouped(refused - shown.length) })}</p> : null}
        </div>
      ) : null}
    </>
  );
}
