import type { PicturesReport } from '../../api/generated';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { toast } from '../../shared/ui';
import { l } from './messages';

/** Says what came of adding or repairing pictures; what failed stays on screen with its first reason. */
export function sayPictures(report: PicturesReport, onUndo: (batch: number) => void): void {
  const { batch, failed } = report;
  const [first] = failed;
  if (report.added > 0) toast.done(l('pictures.done', { n: grouped(report.added) }), batch === null ? {} : { undo: () => onUndo(batch) });
  if (first) toast.failed(l('pictures.failed', { n: grouped(failed.length) }), { note: `${first.name}　${sentence(first.words)}` });
  if (report.added === 0 && !first) toast.done(l('pictures.nothing'));
}
