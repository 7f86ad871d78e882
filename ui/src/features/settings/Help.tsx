import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { DiagnosticsView, DoctorReport } from '../../api/generated';
import { host } from '../../host';
import { sentence, word } from '../../shared/errors';
import { bytes, grouped } from '../../shared/format';
import { useAttempt } from '../../shared/hooks';
import { Button, Section, SeverityIcon } from '../../shared/ui';
import { IconActivity, IconDownload } from '../../shared/ui/icons';
import { g } from './messages';

/** Self-check, and the diagnostic export with what it holds and what it leaves out. */
export function Help(): ReactNode {
  const { busy, attempt } = useAttempt<'doctor' | 'diag'>();
  const [report, setReport] = useState<DoctorReport | null>(null);
  const [written, setWritten] = useState<DiagnosticsView | null>(null);
  const check = (): void => attempt('doctor', async () => setReport(await call('doctor_run', {})));
  const write = (): void =>
    attempt('diag', async () => {
      const path = await host().saveFile({ title: g('diag.title'), name: g('diag.file'), extensions: ['zip'] });
      if (path !== null) setWritten(await call('diagnostics_export', { path }));
    });
  const bad = report?.checks.filter((one) => !one.ok).length ?? 0;
  return (
    <>
      <Section
        title={g('doctor.title')}
        note={report ? (bad > 0 ? g('doctor.bad', { n: bad }) : g('doctor.good', { n: report.checks.length })) : g('doctor.note')}
        actions={
          <Button icon={IconActivity} busy={busy === 'doctor' ? g('doctor.running') : null} onClick={check}>
            {g('doctor.run')}
          </Button>
        }
      >
        {report?.checks.map((one, at) => {
          const why = word(`${one.words.code}.why`, one.words.params);
          return (
            <div key={at} className="set-check">
              <SeverityIcon severity={one.ok ? 'done' : 'warning'} />
              <div>
                {sentence(one.words)}
                {why === null || one.ok ? null : <div className="t2 small">{why}</div>}
              </div>
            </div>
          );
        })}
      </Section>
      <Section
        title={g('diag.title')}
        note={g('diag.note')}
        actions={
          <Button icon={IconDownload} busy={busy === 'diag' ? g('diag.busy') : null} onClick={write}>
            {g('diag.go')}
          </Button>
        }
      >
        <div className="set-inside">
          <div>
            <div className="t3 small">{g('diag.in')}</div>
            <ul>
              <li>{g('diag.in.1')}</li>
              <li>{g('diag.in.2')}</li>
              <li>{g('diag.in.3')}</li>
            </ul>
          </div>
          <div>
            <div className="t3 small">{g('diag.out')}</div>
            <ul>
              <li>{g('diag.out.1')}</li>
              <li>{g('diag.out.2')}</li>
            </ul>
          </div>
        </div>
        {written ? (
          <div className="set-written" role="status">
            <SeverityIcon severity="done" />
            <div>
              {g('diag.done', { path: written.path, size: bytes(written.bytes), n: grouped(written.redactions) })}
              <div className="t2 small">
                {g('diag.files')} {written.files.join('　')}
              </div>
            </div>
          </div>
        ) : null}
      </Section>
    </>
  );
}
