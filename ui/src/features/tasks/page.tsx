import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { JobView } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { List } from '../../grid';
import { failed, OfflineBanner } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useKeys } from '../../shared/hooks';
import { isMoving, spanWords, useJobWords, useLiveJob } from '../../shared/jobs';
import { t } from '../../shared/messages';
import { Button, Empty, ErrorPanel, PageHead, PlatformMark, ProgressBar, SeverityIcon, Skeleton, SplitView, TimeText, toast } from '../../shared/ui';
import { IconCircleX, IconLoaderCircle, IconPause } from '../../shared/ui/icons';
import { Detail } from './Detail';
import { j, type TaskWord } from './messages';
import { jobName } from './names';
import './tasks.css';

interface Search {
  open?: number;
}

const WAITING = ['queued', 'sending', 'in_review', 'unknown', 'rejected'] as const;

export default function TasksPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const query = useCall('jobs_list', {}, ['tasks']);
  const retry = useAction('tasks_retry', ['tasks']);
  const jobs = query.data?.jobs ?? [];
  const outbox = query.data?.outbox ?? {};
  const index = Math.max(0, jobs.findIndex((job) => job.id === search.open));
  const open = search.open ?? jobs[0]?.id ?? null;
  const show = (id: number): void => void navigate({ search: { open: id } as never, replace: true });
  const rejected = outbox['rejected'] ?? 0;
  useKeys({ F5: () => void query.refetch() });
  const list = query.data ? (
    <List<JobView>
      name="jobs"
      label={j('list.label')}
      rows={jobs}
      rowKey={(job) => String(job.id)}
      height={() => 64}
      current={jobs.length === 0 ? -1 : index}
      onCurrent={(at) => {
        const job = jobs[at];
        if (job) show(job.id);
      }}
      pageKeys
      empty={<Empty title={j('empty')} note={j('empty.note')} />}
      render={(job) => <JobRow job={job} />}
    />
  ) : query.error ? (
    <ErrorPanel title={errorWords(query.error).title} note={errorWords(query.error).advice} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />
  ) : (
    <Skeleton rows={8} />
  );
  return (
    <div className="page">
      <PageHead
        title={j('title')}
        note={
          <>
            <span>{j('note')}</span>
            {WAITING.filter((state) => (outbox[state] ?? 0) > 0).map((state) => (
              <span key={state} className={state === 'rejected' ? 'red' : 't2'}>
                {j(`outbox.${state}`, { n: grouped(outbox[state] ?? 0) })}
              </span>
            ))}
          </>
        }
        actions={
          rejected > 0 ? (
            <Button
              busy={retry.isPending ? j('act.retrying') : null}
              onClick={() => retry.mutate({ job: null, cause: '' }, { onSuccess: (answer) => toast.done(j('done.retried', { n: grouped(answer.count) })), onError: failed })}
            >
              {j('act.retryAll', { n: grouped(rejected) })}
            </Button>
          ) : null
        }
      />
      <OfflineBanner />
      <SplitView name="tasks" initial={420} min={320} max={640} left={<div className="tk-list">{list}</div>} right={open === null ? <Empty title={j('pick')} /> : <Detail key={open} id={open} onJob={show} />} />
    </div>
  );
}

function Mark({ state, paused }: { state: string; paused: boolean }): ReactNode {
  if (paused) return <IconPause className="c-t3" label={j('state.paused')} />;
  if (state === 'running') return <IconLoaderCircle className="spin c-t3" label={j('state.running')} />;
  if (state === 'done') return <SeverityIcon severity="done" label={j('state.done')} />;
  if (state === 'failed') return <SeverityIcon severity="error" label={j('state.failed')} />;
  if (state === 'cancelled') return <IconCircleX className="c-t3" label={j('state.cancelled')} />;
  return <SeverityIcon severity="warning" label={j('state.interrupted')} />;
}

function JobRow({ job }: { job: JobView }): ReactNode {
  const live = useLiveJob(job.id);
  const words = useJobWords(live);
  const state = live?.state ?? job.state;
  const total = Math.max(live?.total ?? 0, job.total);
  const done = live?.done ?? job.done;
  const moving = isMoving(state);
  return (
    <div className="tk-job">
      <Mark state={state} paused={state === 'paused' || (moving && live?.waiting === 'paused')} />
      <div className="tk-jobmain">
        <div className="tk-line">
          <b className="cut">{jobName(job)}</b>
          {job.store ? (
            <span className="pname t2">
              <PlatformMark platform={job.store.platform} />
              <span className="cut">{job.store.name}</span>
            </span>
          ) : null}
          <span className="grow" />
          <span className="t3 small">
            <TimeText at={job.created_at} />
          </span>
        </div>
        {moving ? <ProgressBar total={total} segments={[{ value: done, tone: 'accent' }]} label={jobName(job)} /> : null}
        <div className="tk-line small t2">
          {words.wait === '' ? <span className={state === 'failed' ? 'red' : ''}>{j(`state.${state}` as TaskWord)}</span> : <span className="amber">{words.wait}</span>}
          {total > 0 ? <span>{j('units', { done: grouped(done), total: grouped(total) })}</span> : null}
          {words.speed === '' ? null : <span>{words.speed}</span>}
          {words.left === '' ? null : <span>{words.left}</span>}
          {!moving && job.finished_at !== null ? <span className="t3">{j('time.took', { t: spanWords(Math.max(1000, job.finished_at - job.created_at)) })}</span> : null}
        </div>
      </div>
    </div>
  );
}
