import { useMemo, useState, type ReactNode } from 'react';
import type { CategoryTarget, JobDetail, SyncRejection, TaskView } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { List } from '../../grid';
import { CategoryPicker, k } from '../../shared/categories';
import { failed } from '../../shared/causes';
import { errorWords, findingWords, sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { isMoving, useJobWords, useLiveJob } from '../../shared/jobs';
import { named, t } from '../../shared/messages';
import { Button, ConfirmDialog, Empty, ErrorPanel, Finding, ProgressBar, Skeleton, State, Tabs, toast, type Segment, type SyncState } from '../../shared/ui';
import { IconPause, IconPlay } from '../../shared/ui/icons';
import { j, type TaskWord } from './messages';
import { jobName } from './names';

const ORDER = ['rejected', 'unknown', 'in_review', 'sending', 'queued', 'confirmed', 'cancelled'] as const;
const MARKS: Record<string, SyncState> = { confirmed: 'synced', queued: 'pending', sending: 'pending', in_review: 'review', unknown: 'review', rejected: 'rejected', cancelled: 'none' };

function segments(states: Readonly<Record<string, number>>): Segment[] {
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + (states[name] ?? 0), 0);
  return [
    { value: of('confirmed'), tone: 'accent' },
    { value: of('in_review', 'unknown', 'sending'), tone: 'dot' },
    { value: of('rejected'), tone: 'red' },
  ];
}

/** One job: progress, results by cause with a way on, and every task. */
export function Detail({ id, onJob }: { id: number; onJob: (id: number) => void }): ReactNode {
  const live = useLiveJob(id);
  const running = live !== null && isMoving(live.state);
  const query = useCall('jobs_get', { id }, ['tasks'], running ? { every: 1000 } : {});
  const detail = query.data?.job.id === id ? query.data : undefined;
  if (!detail) {
    if (!query.error) return <Skeleton rows={8} />;
    const words = errorWords(query.error);
    return <ErrorPanel title={words.title} note={words.advice} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />;
  }
  return <Job detail={detail} onJob={onJob} />;
}

function Job({ detail, onJob }: { detail: JobDetail; onJob: (id: number) => void }): ReactNode {
  const { job, states, rejections } = detail;
  const live = useLiveJob(job.id);
  const state = live?.state ?? job.state;
  const moving = isMoving(state);
  const paused = state === 'paused' || live?.waiting === 'paused';
  const words = useJobWords(live);
  const pause = useAction('job_pause', ['tasks']);
  const cancel = useAction('job_cancel', ['tasks']);
  const retry = useAction('tasks_retry', ['tasks']);
  const undo = useAction('sync_undo', ['tasks', 'listings']);
  const anew = useAction('sync_anew', ['tasks', 'listings', 'bindings']);
  const [asking, setAsking] = useState(false);
  const [choosing, setChoosing] = useState<readonly CategoryTarget[] | null>(null);
  const [tab, setTab] = useState('all');
  const [current, setCurrent] = useState(-1);
  const known = ORDER.filter((name) => (states[name] ?? 0) > 0);
  const tasks = useMemo(() => (tab === 'all' ? detail.tasks : detail.tasks.filter((task) => task.state === tab)), [detail.tasks, tab]);
  const all = Object.values(states).reduce((sum, one) => sum + one, 0);
  const total = Math.max(live?.total ?? 0, job.total, all);
  const done = live?.done ?? job.done;
  const confirmed = states['confirmed'] ?? 0;
  const again = (cause: string): void => retry.mutate({ job: job.id, cause }, { onSuccess: (answer) => toast.done(j('done.retried', { n: grouped(answer.count) })), onError: failed });
  return (
    <div className="tk-detail">
      <div className="tk-head">
        <h2>{jobName(job)}</h2>
        <span className="t3 small">{j('job.number', { id: job.id })}</span>
        <span className={state === 'failed' ? 'red' : 't2'}>{words.wait === '' ? j(`state.${state}` as TaskWord) : <span className="amber">{words.wait}</span>}</span>
        <span className="grow" />
        {moving ? (
          <>
            <Button icon={paused ? IconPlay : IconPause} onClick={() => pause.mutate({ id: job.id, paused: !paused }, { onError: failed })}>
              {t(paused ? 'act.resume' : 'act.pause')}
            </Button>
            <Button onClick={() => cancel.mutate({ id: job.id }, { onError: failed })}>{t('act.cancel')}</Button>
          </>
        ) : job.kind === 'sync' && confirmed > 0 ? (
          <Button onClick={() => setAsking(true)}>{j('act.undo')}</Button>
        ) : null}
      </div>
      <div className="tk-progress">
        <ProgressBar thin={false} label={jobName(job)} total={total} segments={all > 0 ? segments(states) : [{ value: done, tone: state === 'failed' ? 'red' : 'accent' }]} />
        <div className="tk-figures t2">
          <b>{j('units', { done: grouped(done), total: grouped(total) })}</b>
          {words.speed === '' ? null : <span>{words.speed}</span>}
          {words.left === '' ? null : <span>{words.left}</span>}
        </div>
      </div>
      {job.error ? (
        <div className="tk-part">
          <ErrorPanel title={sentence(job.error)} />
        </div>
      ) : null}
      {rejections.length > 0 ? (
        <div className="tk-part">
          <h2>{j('rejections.title')}</h2>
          {rejections.map((one) => (
            <Rejection key={`${one.id} ${one.raw}`} one={one} busy={retry.isPending || anew.isPending} onRetry={() => again(one.id)} onAnew={() => anew.mutate({ job: job.id, cause: one.id }, { onSuccess: (answer) => onJob(answer.job), onError: failed })} onCategory={setChoosing} />
          ))}
        </div>
      ) : null}
      {detail.tasks.length === 0 ? (
        <Empty title={j('tasks.none')} />
      ) : (
        <>
          <div className="tk-tabs">
            <Tabs
              look="segment"
              label={j('tasks.title')}
              value={tab}
              onChange={setTab}
              items={[{ id: 'all', label: j('tasks.all'), count: grouped(all) }, ...known.map((name) => ({ id: name, label: j(`task.${name}`), count: grouped(states[name] ?? 0) }))]}
            />
            <span className="grow" />
            {all > detail.tasks.length ? <span className="t3 small">{j('tasks.first', { n: grouped(detail.tasks.length) })}</span> : null}
          </div>
          <List<TaskView>
            name="tasks"
            label={j('tasks.title')}
            rows={tasks}
            rowKey={(task) => String(task.id)}
            height={() => 28}
            current={current}
            onCurrent={setCurrent}
            render={(task) => <Task task={task} />}
          />
        </>
      )}
      {choosing ? <CategoryPicker targets={choosing} onJob={onJob} onClose={() => setChoosing(null)} /> : null}
      {asking ? (
        <ConfirmDialog
          title={j('confirm.undo')}
          confirm={j('confirm.undo.go', { n: grouped(confirmed) })}
          busy={undo.isPending ? j('act.retrying') : null}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            undo.mutate(
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
          {j('confirm.undo.note', { n: grouped(confirmed) })}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

function Rejection({ one, busy, onRetry, onAnew, onCategory }: { one: SyncRejection; busy: boolean; onRetry: () => void; onAnew: () => void; onCategory: (targets: readonly CategoryTarget[]) => void }): ReactNode {
  const words = findingWords(one.id, one.params, one.raw || one.id);
  return (
    <Finding
      severity="error"
      title={words.what}
      ids={[one.id]}
      why={[words.why, j('rejections.names', { names: named(one.subjects.slice(0, 3)), n: grouped(one.count) })].filter(Boolean).join('　')}
      count={grouped(one.count)}
      raw={one.raw === '' ? null : one.raw}
      actions={
        <>
          {one.categories.length > 0 ? <Button onClick={() => onCategory(one.categories)}>{k('act')}</Button> : null}
          <Button busy={busy ? j('act.retrying') : null} label={one.retry ? undefined : j('rejections.fix')} onClick={onRetry}>
            {one.anew ? j('act.restored') : j('act.retry', { n: grouped(one.count) })}
          </Button>
          {one.anew ? (
            <Button busy={busy ? j('act.retrying') : null} onClick={onAnew}>
              {j('act.anew')}
            </Button>
          ) : null}
        </>
      }
    />
  );
}

function Task({ task }: { task: TaskView }): ReactNode {
  const why = task.cause === '' ? '' : findingWords(task.cause, task.params, task.raw || task.cause).what;
  return (
    <div className="tk-task">
      <span className="tk-state">
        <State state={MARKS[task.state] ?? 'warning'} detail={j(`task.${task.state}` as TaskWord)} />
      </span>
      <span className="tk-kind t3">{j(`tasks.kind.${task.kind}` as TaskWord) || task.kind}</span>
      <span className="cut tk-subject">{task.subject}</span>
      <span className="cut grow t2 small" title={task.raw || why}>
        {why}
      </span>
      {task.attempts > 1 ? <span className="t3 small">{j('tasks.attempts', { n: task.attempts })}</span> : null}
    </div>
  );
}
