/*
 * Jobs as they move on. The api sends at most four `job` events a second per job; app/main
 * hands them here, and pages read them with `useLiveJob`. Counts by outcome are not in
 * the event: a page asks `sync_report` or `jobs_get` for them.
 */
import { useSyncExternalStore } from 'react';
import { span } from './format';
import { useNow } from './hooks';
import { t } from './messages';

export interface LiveJob {
  id: number;
  done: number;
  total: number;
  /** As in the task centre: `running`, `paused`, `done`, `cancelled`, `failed`, `interrupted`. */
  state: string;
  /** Why it waits: `throttled`, `offline`, `paused`; empty when it does not. */
  waiting: string;
  /** End of the wait, UTC ms. */
  waitUntil: number;
  /** Units a second over the last moments, or null while unknown. */
  rate: number | null;
}

/** Moments a rate is taken over, in milliseconds. */
const WINDOW = 8000;
/** Finished jobs are kept this many, so that the list does not grow for ever. */
const KEEP = 64;

interface Sample {
  at: number;
  done: number;
}

let jobs: ReadonlyMap<number, LiveJob> = new Map();
const samples = new Map<number, Sample[]>();
const listeners = new Set<() => void>();

interface JobEvent {
  id: number;
  done: number;
  total: number;
  state: string;
  waiting: string;
  wait_ms: number;
}

function isJobEvent(event: unknown): event is JobEvent {
  return typeof event === 'object' && event !== null && 'kind' in event && event.kind === 'job' && 'id' in event && typeof event.id === 'number';
}

/** Takes a `job` event; every other event is left alone. */
export function takeJobEvent(event: unknown, at = Date.now()): void {
  if (!isJobEvent(event)) return;
  const recent = [...(samples.get(event.id) ?? []).filter((one) => at - one.at <= WINDOW), { at, done: event.done }];
  samples.set(event.id, recent);
  const first = recent[0];
  const passed = first ? at - first.at : 0;
  const rate = first && passed >= 1000 && event.done > first.done ? ((event.done - first.done) * 1000) / passed : null;
  const next = new Map(jobs);
  next.delete(event.id);
  next.set(event.id, { id: event.id, done: event.done, total: event.total, state: event.state, waiting: event.waiting, waitUntil: at + event.wait_ms, rate });
  for (const id of next.keys()) {
    if (next.size <= KEEP) break;
    next.delete(id);
    samples.delete(id);
  }
  jobs = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Every job that has said something since the window opened. */
export function useLiveJobs(): ReadonlyMap<number, LiveJob> {
  return useSyncExternalStore(subscribe, () => jobs);
}

/** One job, or null before its first event. */
export function useLiveJob(id: number | null): LiveJob | null {
  const all = useLiveJobs();
  return id === null ? null : (all.get(id) ?? null);
}

/** Whether a job in this state can still move. */
export function isMoving(state: string): boolean {
  return state === 'running' || state === 'paused';
}

/** A length of time in words. */
export function spanWords(ms: number): string {
  return span(ms, {
    seconds: (n) => t('time.seconds', { n }),
    minutes: (n) => t('time.minutes', { n }),
    hours: (h, m) => t('time.hours', { h, m }),
    days: (n) => t('time.days', { n }),
  });
}

export interface JobWords {
  /** 每秒 6.8 项; empty while unknown. */
  speed: string;
  /** 约 1 分; empty while unknown. */
  left: string;
  /** 平台限流，12 秒后继续; empty when it does not wait. */
  wait: string;
  /** Seconds of the wait that are left. */
  seconds: number;
}

/** What to say about a moving job: speed, time left, and why it waits. */
export function useJobWords(job: LiveJob | null): JobWords {
  const now = useNow(1000);
  if (!job || !isMoving(job.state)) return { speed: '', left: '', wait: '', seconds: 0 };
  const seconds = Math.max(0, Math.ceil((job.waitUntil - now) / 1000));
  const waits = job.waiting !== '' && (job.waiting !== 'throttled' || seconds > 0);
  const reason = job.waiting === 'throttled' ? t('job.wait.throttled', { n: seconds }) : job.waiting === 'offline' ? t('job.wait.offline') : t('job.wait.paused');
  if (waits || job.rate === null) return { speed: '', left: '', wait: waits ? reason : '', seconds: waits ? seconds : 0 };
  const rate = job.rate < 10 ? job.rate.toFixed(1) : String(Math.round(job.rate));
  return { speed: t('job.speed', { n: rate }), left: t('progress.left', { t: spanWords((Math.max(0, job.total - job.done) / job.rate) * 1000) }), wait: '', seconds: 0 };
}
