import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { CategoryTarget, FindingGroup, FindingView, PlanView, RemedyView } from '../../api/generated';
import { markChanged, useCall, useVersion } from '../../api/queries';
import { CategoryPicker, targetOf } from '../../shared/categories';
import { ErpPicker, failed, OfflineBanner, useRemedies } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useKeys } from '../../shared/hooks';
import { isMoving, useLiveJob } from '../../shared/jobs';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { StorePick } from '../../shared/StorePick';
import { useScopeStores } from '../../shared/stores';
import { Button, ConfirmDialog, Empty, ErrorPanel, FilterChip, PageHead, Platform, Skeleton, SplitView, toast } from '../../shared/ui';
import { IconCheck, IconRefreshCw } from '../../shared/ui/icons';
import { Findings, fixable } from './Findings';
import { s, type SyncWord } from './messages';
import { byPlatform, complete, inside, NO_TICKS, willRun, type Tab, type Ticks } from './model';
import { Plan } from './Plan';
import { Progress } from './Progress';
import './sync.css';

interface Search {
  store?: number;
  /** Products chosen in the library; the plan then shows and runs only these. */
  products?: number[];
  tab?: Tab;
}

const TOUCHED = ['products', 'listings', 'bindings', 'findings', 'tasks'] as const;
const STEPS: readonly SyncWord[] = ['step.check', 'step.plan', 'step.run', 'step.verify'];

function Stepper({ at }: { at: number }): ReactNode {
  return (
    <ol className="sy-steps">
      {STEPS.map((key, index) => (
        <li key={key} className={index < at ? 'is-done' : index === at ? 'is-now' : ''} aria-current={index === at ? 'step' : undefined}>
          <i>{index < at ? <IconCheck size={14} /> : index + 1}</i>
          {s(key)}
        </li>
      ))}
    </ol>
  );
}

export default function SyncPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const client = useQueryClient();
  const put = (next: Search): void => void navigate({ search: { ...search, ...next } as never, replace: true });
  const stores = useScopeStores();
  const store = stores.all.find((one) => one.id === search.store) ?? null;
  const ids = store ? [store.id] : stores.ids;
  const [ticks, setTicks] = useState<Ticks>(NO_TICKS);
  const [fixing, setFixing] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const [starting, setStarting] = useState(false);
  const [shownJob, setShownJob] = useState<number | null>(null);
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const remedies = useRemedies();
  const [choosing, setChoosing] = useState<{ targets: readonly CategoryTarget[]; initial?: number } | null>(null);
  const only = useMemo(() => (search.products && search.products.length > 0 ? new Set(search.products) : null), [search.products]);

  // Checking takes seconds in a large library: it runs on arrival and when asked, not on every change.
  const check = useCall('preflight_run', { stores: ids }, [], { enabled: stores.loaded && stores.all.length > 0 });
  const planned = useCall('sync_plan', { stores: ids, ticked: [], unticked: [] }, ['products', 'listings', 'bindings', 'findings'], { enabled: stores.loaded && stores.all.length > 0 });
  const changes = useVersion(['products', 'bindings', 'listings', 'settings']);
  const { dataUpdatedAt } = check;
  const [checked, setChecked] = useState({ at: 0, changes: 0 });
  if (checked.at !== dataUpdatedAt) setChecked({ at: dataUpdatedAt, changes });
  const { refetch: recheck } = check;
  const before = useRef(check.data !== undefined);
  useEffect(() => {
    // What an earlier visit found may be old.
    if (before.current) void recheck();
  }, [recheck]);

  const jobs = useCall('jobs_list', {}, ['tasks']).data?.jobs ?? [];
  const job = jobs.find((one) => one.id === shownJob) ?? jobs.find((one) => (one.kind === 'sync' || one.kind === 'undo_sync') && isMoving(one.state)) ?? null;
  const live = useLiveJob(job?.id ?? null);
  const moving = job !== null && isMoving(live?.state ?? job.state);
  const visible = job !== null && !closed.has(job.id);

  const plan = planned.data;
  const view = check.data;
  const count = plan ? willRun(plan, ticks, only) : 0;
  const again = (): void => {
    void recheck();
    void planned.refetch();
  };
  const undo = (batch: number): void =>
    void call('library_undo', { batch, redo: false }).then((answer) => {
      toast.done(s('fix.undone', { n: grouped(answer.changes) }));
      markChanged(client, TOUCHED);
      void recheck();
    }, failed);
  const fix = async (groups: readonly FindingGroup[]): Promise<void> => {
    const [first] = groups;
    if (!first || fixing !== null) return;
    setFixing(groups.length > 1 ? first.severity : first.id);
    let fixed = 0;
    let left = 0;
    const batches: number[] = [];
    try {
      // Only the stores in sight; one request covers them all when the switch lets everything through.
      const targets = ids.length === 0 ? [null] : ids;
      for (const group of groups) {
        for (const target of targets) {
          const report = await call('preflight_fix', { id: group.id, store: target });
          fixed += report.fixed;
          left += report.left;
          if (report.batch !== null) batches.push(report.batch);
        }
      }
    } catch (cause) {
      failed(cause);
    }
    const [last] = batches;
    if (fixed > 0 || left > 0) {
      toast.done(s('fix.done', { n: grouped(fixed) }), {
        ...(left > 0 ? { note: s('fix.left', { n: grouped(left) }) } : {}),
        // Several batches are undone one by one, from the history of their products.
        ...(last !== undefined && batches.length === 1 ? { undo: () => undo(last) } : {}),
      });
    }
    markChanged(client, TOUCHED);
    await recheck();
    setFixing(null);
  };
  const remedy = async (one: RemedyView, finding: FindingView): Promise<void> => {
    const target = targetOf(one, finding.subject);
    if (target) {
      // Products of the same store that lack the same may get the same 类目 at once.
      const alike = view?.groups.find((group) => group.id === finding.id)?.samples.map((sample) => targetOf(sample.remedies[0], sample.subject)) ?? [];
      setChoosing({ targets: alike.filter((other) => other !== null && other.store === target.store) as CategoryTarget[], initial: target.product });
      return;
    }
    await remedies.run(one, { key: finding.subject, product: finding.product });
    if (one.opens === '') void recheck();
  };
  const run = async (): Promise<void> => {
    if (!plan || starting) return;
    setStarting(true);
    try {
      const outside = only === null ? [] : plan.steps.filter((step) => !inside(step, only)).map((step) => step.key);
      const listed = new Set(plan.steps.map((step) => step.key));
      const started = await call('sync_apply', {
        stores: ids,
        ticked: plan.steps.filter((step) => step.action === 'clear' && ticks.on.has(step.key) && !outside.includes(step.key)).map((step) => step.key),
        unticked: [...new Set([...outside, ...[...ticks.off].filter((key) => listed.has(key))])],
      });
      setShownJob(started.job);
      setAsking(false);
      setTicks(NO_TICKS);
      markChanged(client, ['tasks']);
    } catch (cause) {
      failed(cause);
    } finally {
      setStarting(false);
    }
  };
  const blocked = moving ? s('run.busy') : !plan ? s('run.wait') : only !== null && !complete(plan) ? s('run.toomany') : count === 0 ? s('run.none') : null;
  const ask = (): void => {
    if (blocked === null) setAsking(true);
  };
  useKeys({ 'Mod+Enter': ask, F5: again });
  usePaletteActions([
    { id: 'sync.check', label: s('act.check'), words: 'tijian tj check', run: again },
    { id: 'sync.run', label: s('act.run', { n: grouped(count) }), words: 'tongbu tb sync', run: ask },
  ]);

  if (stores.loaded && stores.all.length === 0) {
    return (
      <div className="page">
        <PageHead title={s('title')} />
        <Empty title={s('empty.title')} note={s('empty.note')} actions={<Button onClick={() => void navigate({ to: '/stores' as '/' })}>{s('empty.go')}</Button>} />
      </div>
    );
  }
  const step = moving ? 2 : visible ? 3 : view && plan ? 1 : 0;
  const adoptable = view?.groups.find((group) => group.id === 'F14' && fixable(group));
  const showClears = (): void => put({ tab: 'skip' });
  return (
    <div className="page">
      <PageHead
        title={s('title')}
        actions={
          <>
            <Button icon={IconRefreshCw} hint="F5" busy={check.isFetching ? s('act.checking') : null} onClick={again}>
              {s('act.check')}
            </Button>
            <Button kind="primary" hint="Ctrl Enter" busy={starting ? s('act.running') : null} blocked={blocked} onClick={ask}>
              {s('act.run', { n: grouped(count) })}
            </Button>
          </>
        }
      >
        <StorePick all stores={stores.stores} value={store?.id ?? null} onChange={(id) => put({ store: id ?? (undefined as never) })} />
        {only ? <FilterChip label={s('only')} value={s('only.n', { n: grouped(only.size) })} onClear={() => put({ products: undefined as never })} /> : null}
        <Stepper at={step} />
      </PageHead>
      <OfflineBanner />
      <SplitView
        name="sync"
        initial={480}
        min={360}
        max={640}
        left={
          <div className="sy-left">
            <div className="sy-lefthead">
              <h2>{s('findings.title')}</h2>
              {view && changes !== checked.changes && !check.isFetching ? (
                <span className="amber cut">{s('findings.stale')}</span>
              ) : view ? (
                <span className="t3 small cut">{s('findings.note', { products: grouped(view.products), stores: grouped(view.stores), time: (view.took_ms / 1000).toFixed(1) })}</span>
              ) : null}
            </div>
            {check.isFetching && view ? <div className="sy-busy" /> : null}
            {view ? (
              <Findings view={view} busy={fixing} onFix={(groups) => void fix(groups)} onRemedy={(one, finding) => void remedy(one, finding)} onOpen={(finding) => void navigate({ to: '/library' as '/', search: { open: finding.product } as never })} />
            ) : check.error ? (
              <Failed error={check.error} onAgain={() => void recheck()} />
            ) : (
              <Skeleton rows={8} />
            )}
          </div>
        }
        right={
          plan ? (
            <Plan plan={plan} ticks={ticks} only={only} tab={search.tab ?? 'all'} onTab={(tab) => put({ tab })} onTicks={setTicks} onAdopt={adoptable ? () => void fix([adoptable]) : null} />
          ) : planned.error ? (
            <Failed error={planned.error} onAgain={() => void planned.refetch()} />
          ) : (
            <Skeleton rows={12} />
          )
        }
      />
      {visible ? <Progress key={job.id} job={job} onClose={() => setClosed(new Set(closed).add(job.id))} onJob={setShownJob} onCause={showClears} onCategory={(targets) => setChoosing({ targets })} /> : null}
      {asking && plan ? <Confirm plan={plan} ticks={ticks} only={only} count={count} errors={view?.errors ?? 0} busy={starting} onRun={() => void run()} onClose={() => setAsking(false)} /> : null}
      {choosing ? (
        <CategoryPicker
          targets={choosing.targets}
          {...(choosing.initial === undefined ? {} : { initial: choosing.initial })}
          onJob={(started) => {
            setShownJob(started);
            void recheck();
          }}
          onClose={() => setChoosing(null)}
        />
      ) : null}
      {remedies.picking ? <ErpPicker remedy={remedies.picking} onPick={(code) => void remedies.picked(code).then(() => recheck())} /> : null}
    </div>
  );
}

function Failed({ error, onAgain }: { error: unknown; onAgain: () => void }): ReactNode {
  const words = errorWords(error);
  return (
    <div className="sy-failed">
      <ErrorPanel title={words.title} note={words.advice} actions={<Button onClick={onAgain}>{t('act.reload')}</Button>} />
    </div>
  );
}

function Confirm({ plan, ticks, only, count, errors, busy, onRun, onClose }: { plan: PlanView; ticks: Ticks; only: ReadonlySet<number> | null; count: number; errors: number; busy: boolean; onRun: () => void; onClose: () => void }): ReactNode {
  const sums = byPlatform(plan, ticks, only);
  const clears = sums.reduce((sum, one) => sum + one.clears, 0);
  return (
    <ConfirmDialog
      title={s('confirm.title', { n: grouped(count), platforms: sums.filter((one) => one.run > 0).length })}
      confirm={s('confirm.go', { n: grouped(count) })}
      busy={busy ? s('act.running') : null}
      aside={
        <Button kind="link" onClick={onClose}>
          {s('confirm.look')}
        </Button>
      }
      onConfirm={onRun}
      onClose={onClose}
    >
      <table className="plain">
        <thead>
          <tr>
            <th>{s('confirm.platform')}</th>
            <th className="num">{s('confirm.stores')}</th>
            <th className="num">{s('confirm.run')}</th>
            <th className="num">{s('confirm.clears')}</th>
            <th className="num">{s('confirm.skips')}</th>
          </tr>
        </thead>
        <tbody>
          {sums.map((one) => (
            <tr key={one.platform}>
              <td>
                <Platform platform={one.platform} />
              </td>
              <td className="num">{grouped(one.stores)}</td>
              <td className="num">{grouped(one.run)}</td>
              <td className={one.clears > 0 ? 'num amber' : 'num t3'}>{grouped(one.clears)}</td>
              <td className="num t3">{grouped(one.skips)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="sy-consequences t2">
        {errors > 0 ? s('confirm.blocked', { n: grouped(errors) }) : null}
        {clears > 0 ? <b className="amber">{s('confirm.clear', { n: grouped(clears) })}</b> : s('confirm.keep')}
        <br />
        {s('confirm.undo')}
      </p>
    </ConfirmDialog>
  );
}
