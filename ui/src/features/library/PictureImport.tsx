import type { ReactNode } from 'react';
import type { PicturesReport } from '../../api/generated';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { t } from '../../shared/messages';
import { Button, Dialog, KpiStrip } from '../../shared/ui';
import { l } from './messages';

const LISTED = 200;

/** What a folder of pictures brought: used, without a product, unusable with the reason. */
export function PictureImport({ report, onUndo, onClose }: { report: PicturesReport; onUndo: (batch: number) => void; onClose: () => void }): ReactNode {
  const { batch } = report;
  const rows = [...report.failed.map((one) => ({ name: one.name, why: sentence(one.words), bad: true })), ...report.unmatched.map((name) => ({ name, why: l('pictures.report.unmatched'), bad: false }))];
  return (
    <Dialog
      title={l('pictures.report')}
      width={600}
      onClose={onClose}
      onConfirm={onClose}
      actions={
        <>
          {batch === null ? null : (
            <Button
              onClick={() => {
                onUndo(batch);
                onClose();
              }}
            >
              {t('act.undo')}
            </Button>
          )}
          <Button kind="primary" onClick={onClose}>
            {t('act.done')}
          </Button>
        </>
      }
    >
      <div className="imp-counts">
        <KpiStrip
          items={[
            { label: l('pictures.report.added'), value: grouped(report.added) },
            { label: l('pictures.report.unmatched'), value: grouped(report.unmatched.length) },
            report.failed.length > 0 ? { label: l('pictures.report.failed'), value: grouped(report.failed.length), tone: 'red' } : { label: l('pictures.report.failed'), value: '0' },
          ]}
        />
      </div>
      {report.unmatched.length > 0 ? <p className="t2 small lib-note">{l('pictures.report.note')}</p> : null}
      {rows.length > 0 ? (
        // Scrolls, so it takes focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="imp-list" tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th>{l('pictures.report.file')}</th>
                <th>{l('import.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.slice(0, LISTED).map((row, at) => (
                <tr key={at}>
                  <td>{row.name}</td>
                  <td className={row.bad ? 'red' : 't2'}>{row.why}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {rows.length > LISTED ? <p className="t3 small lib-note">{l('batch.more', { n: grouped(rows.length - LISTED) })}</p> : null}
        </div>
      ) : null}
    </Dialog>
  );
}
