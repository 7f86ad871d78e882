import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import type { CategoryTarget, JobView, SyncRejection, SyncReport } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { k } from '../../shared/categories';
import { failed } from '../../shared/causes';
import { findingWords, sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { isMoving, useJobWords, useLiveJob } from '../../shared/jobs';
import { joined, t } from '../../shared/messages';
import { Button, ConfirmDialog, CopyLink, Dock, ProgressBar, SeverityIcon, toast } from '../../shared/ui';
import { IconExternalLink, IconLoaderCircle, IconPause, IconPlay, IconX } from '../../shared/ui/icons';
import { s, type SyncWord } from './messages';

const OUTCOMES: Record<string, SyncWord> = { done: 'dock.done', cancelled: 'dock.cancelled', failed: 'dock.failed', interrupted: 'dock.interrupted' };

export interface ProgressProps {
  job: JobView;
  onClose: () => void;
  onJob: (job: number) => void;
  /** Shows the finding of a cause in the list above. */
  onCause: () => void;
  /** Chooses another 类目 for these products. */
  onCategory: (targets: readonly CategoryTarget[]) => void;
}

/** The strip over the status bar while a sync runs, and its result afterwards. */
export function Progress({ job, onClose, onJob, onCause, onCategory }: ProgressProps): ReactNode {
  const navigate = useNavigate();
  const live = useLiveJob(job.id);
  const state = live?.state ?? job.state;
  const moving = isMoving(state);
  const report = useCall('sync_report', { id: job.id }, ['tasks'], moving ? { every: 1000 } : {}).data;
  const words = useJobWords(live);
  const pause = useAction('job_pause', ['tasks']);
  const cancel = useAction('job_cancel', ['tasks']);
  const retry = useAction('tasks_retry', ['tasks']);
  const anew = useAction('sync_anew', ['tasks', 'listings', 'bindings']);
  const revert = useAction('sync_undo', ['tasks', 'listings']);
  const [asking, setAsking] = useState(false);
  const paused = state === 'paused' || live?.waiting === 'paused';
  const total = Math.max(live?.total ?? 0, job.total, report ? sumOf(report) : 0);
  const done = report ? sumOf(report) - report.queued : (live?.done ?? job.done);
  const undoing = job.kind === 'undo_sync';
  const again = (cause: string): void =>
    retry.mutate(
      { job: job.id, cause },
      {
        onSuccess: (answer) => toast.done(s('dock.retried', { n: grouped(answer.count) })),
        onError: failed,
      },
    );
  const dock = (
    <Dock
      head={
        <>
          {moving ? words.seconds > 0 ? <span className="sy-ring">{words.seconds}</span> : paused ? <IconPause /> : <IconLoaderCircle className="spin c-t3" /> : <SeverityIcon severity={state === 'done' && (report?.rejected ?? 0) === 0 ? 'done' : state === 'failed' ? 'error' : 'warning'} />}
          <b>{s('dock.job', { id: job.id })}</b>
          <b>{moving || !(state in OUTCOMES) ? s(undoing ? 'dock.undo' : 'dock.sync') : s(OUTCOMES[state] ?? 'dock.done')}</b>
          {job.store ? <span className="t2">{job.store.name}</span> : null}
          {words.wait === '' ? null : <span className="amber">{words.wait}</span>}
          {live?.waiting === 'throttled' && moving ? <span className="t3">{s('dock.calm')}</span> : null}
          {!moving && job.error ? <span className="red cut">{sentence(job.error)}</span> : null}
          <span className="grow" />
          {moving ? (
            <>
              <Button icon={paused ? IconPlay : IconPause} onClick={() => pause.mutate({ id: job.id, paused: !paused }, { onError: failed })}>
                {t(paused ? 'act.resume' : 'act.pause')}
              </Button>
              <Button onClick={() => cancel.mutate({ id: job.id }, { onError: failed })}>{t('act.cancel')}</Button>
            </>
          ) : report && report.confirmed > 0 && !undoing ? (
            <Button onClick={() => setAsking(true)}>{s('dock.revert')}</Button>
          ) : null}
          <Button kind="text" icon={IconExternalLink} onClick={() => void navigate({ to: '/tasks' as '/', search: { open: job.id } as never })}>
            {t('act.openTasks')}
          </Button>
          {moving ? null : <Button kind="text" icon={IconX} label={t('act.close')} onClick={onClose} />}
        </>
      }
      bar={
        <ProgressBar
          thin={false}
          label={s(undoing ? 'dock.undo' : 'dock.sync')}
          total={total}
          segments={
            report
              ? [
                  { value: report.confirmed, tone: 'accent' },
                  { value: report.in_review + report.unknown, tone: 'dot' },
                  { value: report.rejected, tone: 'red' },
                ]
              : [{ value: done, tone: 'accent' }]
          }
        />
      }
      left={
        <>
          <div className="sy-counts">
            <b className="sy-big">{grouped(done)}</b>
            <span className="t2">{s('dock.unit', { total: grouped(total) })}</span>
            {words.speed === '' ? null : <span className="t2">{words.speed}</span>}
            {words.left === '' ? null : <span className="t2">{words.left}</span>}
          </div>
          {report ? <Legend report={report} moving={moving} /> : null}
        </>
      }
      right={
        report && report.rejections.length > 0 ? (
          <div className="sy-causes">
            {report.rejections.map((one) => (
              <Cause key={`${one.id} ${one.raw}`} one={one} busy={retry.isPending || anew.isPending} onRetry={() => again(one.id)} onAnew={() => anew.mutate({ job: job.id, cause: one.id }, { onSuccess: (answer) => onJob(answer.job), onError: failed })} onLook={onCause} onCategory={onCategory} />
            ))}
          </div>
        ) : moving ? null : (
          <span className="t3">{s('dock.clean')}</span>
        )
      }
    />
  );
  return (
    <>
      {dock}
      {asking && report ? (
      <ConfirmDialog
        title={s('revert.title')}
        confirm={s('revert.go', { n: grouped(report.confirmed) })}
        busy={revert.isPending ? s('act.running') : null}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          revert.mutate(
            { id: job.id },
            {
              onSuccess: (answer) => {
                setAsking(false);
                onJob(answer.job);
              },
              onError: failed,
            },
          )
        }
      >
        {s('revert.note', { n: grouped(report.confirmed) })}
      </ConfirmDialog>
      ) : null}
    </>
  );
}

function sumOf(report: SyncReport): number {
  return report.confirmed + report.rejected + report.in_review + report.unknown + report.queued;
}

function Legend({ report, moving }: { report: SyncReport; moving: boolean }): ReactNode {
  const parts: { tone: string; text: string }[] = [{ tone: 'accent', text: s('dock.confirmed', { n: grouped(report.confirmed) }) }];
  if (report.in_review + report.unknown > 0) parts.push({ tone: 'dot', text: s('dock.review', { review: grouped(report.in_review), unknown: grouped(report.unknown) }) });
  if (report.rejected > 0) parts.push({ tone: 'red', text: s('dock.rejected', { n: grouped(report.rejected) }) });
  if (!moving && report.queued > 0) parts.push({ tone: 'none', text: s('dock.queued', { n: grouped(report.queued) }) });
  return (
    <div className="sy-legend small t2">
      {parts.map((part) => (
        <span key={part.tone}>
          <i className={`sy-dot bar-${part.tone}`} />
          {part.text}
        </span>
      ))}
    </div>
  );
}

function Cause({ one, busy, onRetry, onAnew, onLook, onCategory }: { one: SyncRejection; busy: boolean; onRetry: () => void; onAnew: () => void; onLook: () => void; onCategory: (targets: readonly CategoryTarget[]) => void }): ReactNode {
  // What the platform says in its own words may be a page long: it is folded under 平台原文, never the sentence itself.
  const [open, setOpen] = useState(false);
  const { what } = findingWords(one.id, one.params, s('dock.unknown'));
  return (
    <div className="sy-causeall">
    <div className="sy-cause">
      <b className="red">{grouped(one.count)}</b>
      <span className="cut grow" title={[what, joined(one.subjects)].filter(Boolean).join('\n')}>
        {what}
        {one.subjects.length > 0 ? <span className="t3">{`　${joined(one.subjects)}`}</span> : null}
      </span>
      {one.raw === '' ? null : (
        <Button kind="link" expanded={open} onClick={() => setOpen(!open)}>
          {t('finding.raw')}
        </Button>
      )}
      {one.categories.length > 0 ? (
        <Button kind="link" onClick={() => onCategory(one.categories)}>
          {k('act')}
        </Button>
      ) : null}
      {one.anew ? (
        <>
          <Button kind="link" busy={busy ? t('act.retry') : null} onClick={onRetry}>
            {s('dock.restored')}
          </Button>
          <Button kind="link" busy={busy ? t('act.retry') : null} onClick={onAnew}>
            {s('dock.anew')}
          </Button>
        </>
      ) : one.retry ? (
        <Button kind="link" busy={busy ? t('act.retry') : null} onClick={onRetry}>
          {s('dock.retry', { n: grouped(one.count) })}
        </Button>
      ) : one.categories.length > 0 ? null : (
        <Button kind="link" onClick={onLook}>
          {s('dock.fix')}
        </Button>
      )}
    </div>
      {one.raw !== '' && open ? (
        <div className="sy-raw">
          {/* Scrolls, so it takes focus. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className="raw-text grow" tabIndex={0}>
            {one.raw}
          </pre>
          <CopyLink text={one.raw} />
        </div>
      ) : null}
    </div>
  );
}
