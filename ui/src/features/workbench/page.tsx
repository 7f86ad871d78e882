import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { Workbench } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { ErpPicker, failed, OfflineBanner, useRemedies } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { clock, dateText, grouped, money, weekday } from '../../shared/format';
import { useKeys, useNow } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { rangeOf, type RangeId } from '../../shared/ranges';
import { useScopeStores } from '../../shared/stores';
import { Button, ErrorPanel, KpiStrip, Money, PageHead, Skeleton, Tabs, toast } from '../../shared/ui';
import { IconRefreshCw } from '../../shared/ui/icons';
import { w, type WorkbenchWord } from './messages';
import { Authorizations, HoursPanel, StockPanel, SyncPanel } from './Panels';
import { Todo } from './Todo';
import './workbench.css';

type Range = Exclude<RangeId, 'all'>;
const RANGES: readonly Range[] = ['today', 'yesterday', 'week', 'month'];

/** How today is, what to do, and whether everything is alive. */
export default function WorkbenchPage(): ReactNode {
  const search: { range?: Range } = useSearch({ strict: false });
  const navigate = useNavigate();
  const range = RANGES.find((one) => one === search.range) ?? 'today';
  const now = useNow();
  const scope = useScopeStores();
  const client = useQueryClient();
  const remedies = useRemedies();
  const [pulling, setPulling] = useState(false);
  const span = rangeOf(range, now);
  const query = useCall('workbench_get', { stores: scope.ids, from: span.from ?? 0, to: span.to ?? now }, ['orders', 'exceptions', 'stores', 'tasks', 'stock', 'findings', 'printing'], { every: 60_000 });
  const status = useCall('app_status', {}, ['orders', 'tasks', 'stores']).data;

  const pull = async (): Promise<void> => {
    if (pulling) return;
    setPulling(true);
    try {
      const answer = await call('orders_pull', { stores: scope.ids });
      const lost = answer.stores.filter((store) => store.error !== null).length;
      if (lost > 0) toast.failed(w('pull.failed', { n: lost }), { note: w('pull.failed.note') });
      else toast.done(w('pull.done', { new: grouped(answer.stores.reduce((sum, store) => sum + store.new, 0)), pushed: grouped(answer.pushed), exceptions: grouped(answer.exceptions) }));
    } catch (cause) {
      failed(cause);
    } finally {
      setPulling(false);
      markChanged(client, ['orders', 'exceptions', 'stores']);
    }
  };
  useKeys({ F5: () => void pull() });
  usePaletteActions([{ id: 'orders.pull', label: w('act.pull'), words: 'pull duqu dq dd', run: () => void pull() }]);

  const basis = range === 'today' ? w('basis.today', { date: dateText(now), day: w(`day.${weekday(now)}` as WorkbenchWord), time: clock(query.dataUpdatedAt || now) }) : w('basis.span', { from: dateText(span.from ?? now), to: dateText((span.to ?? now) - 1) });
  const day = w(range === 'yesterday' ? 'range.yesterday' : range === 'today' ? 'range.today' : 'hours.now', { day: dateText(span.from ?? now).slice(5) });
  return (
    <div className="page">
      <PageHead
        title={w('title')}
        note={<span>{basis}</span>}
        actions={
          <>
            <Tabs look="segment" label={w('range.label')} value={range} onChange={(id) => void navigate({ search: { range: id } as never, replace: true })} items={RANGES.map((id) => ({ id, label: w(`range.${id}`) }))} />
            <Button icon={IconRefreshCw} hint="F5" busy={pulling ? w('act.pulling') : null} onClick={() => void pull()}>
              {w('act.pull')}
            </Button>
          </>
        }
      />
      <OfflineBanner />
      {query.data ? (
        <div className="wb" data-region="main">
          {query.error ? <ErrorPanel title={w('failed.old', { time: clock(query.dataUpdatedAt, true) })} note={errorWords(query.error).title} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} /> : null}
          <Figures data={query.data} range={range} />
          <div className="wb-mid">
            <Todo stores={scope.ids} groups={query.data.todo} warnings={query.data.warnings} remedies={remedies} readAt={status?.orders_read_at ?? null} />
            <Authorizations stores={query.data.stores} />
          </div>
          <div className="wb-low">
            <SyncPanel list={query.data.sync} />
            <StockPanel rows={query.data.stock_alarms} />
            <HoursPanel data={query.data} day={day} />
          </div>
        </div>
      ) : query.error ? (
        <div className="page-body">
          <ErrorPanel title={errorWords(query.error).title} note={errorWords(query.error).advice ?? w('failed.kept')} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />
        </div>
      ) : (
        <Skeleton rows={12} />
      )}
      {remedies.picking ? <ErpPicker remedy={remedies.picking} onPick={(code) => void remedies.picked(code)} /> : null}
    </div>
  );
}

/** A share in percent with one digit, written from whole numbers. */
function percent(part: number, whole: number): string {
  const tenths = Math.round((Math.abs(part) * 1000) / whole);
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}

/** Figures of the span; each opens what it counts. */
function Figures({ data, range }: { data: Workbench; range: Range }): ReactNode {
  const navigate = useNavigate();
  const open = (view: string) => () => void navigate({ to: '/orders' as '/', search: { view, range } as never });
  const before = w(range === 'today' ? 'before.today' : 'before.span');
  const change = (now: number, then: number): string => (then === 0 ? '' : `　${w('note.change', { sign: now < then ? '−' : '+', n: percent(now - then, then) })}`);
  return (
    <KpiStrip
      items={[
        { label: w('kpi.orders'), value: grouped(data.orders), unit: w('unit.orders'), note: w('note.before', { when: before, value: grouped(data.orders_before) }) + change(data.orders, data.orders_before), onOpen: open('all') },
        { label: w('kpi.paid'), value: <Money fen={data.paid_fen} />, note: w('note.before', { when: before, value: money(data.paid_before_fen) }) + change(data.paid_fen, data.paid_before_fen), onOpen: open('all') },
        { label: w('kpi.refunds'), value: <Money fen={data.refunds_fen} />, unit: w('note.refunds', { n: grouped(data.refunds) }), note: data.paid_fen > 0 ? w('note.share', { n: percent(data.refunds_fen, data.paid_fen) }) : null },
        { label: w('kpi.erp'), value: grouped(data.in_erp), unit: w('unit.of', { n: grouped(data.orders) }), note: w('note.erp', { waiting: grouped(data.waiting), exceptions: grouped(data.exceptions) }), onOpen: open('pushed') },
        { label: w('kpi.healed'), value: grouped(data.healed), unit: w('unit.orders'), note: w('note.healed'), onOpen: open('healed') },
        {
          label: w('kpi.exceptions'),
          value: grouped(data.exceptions),
          unit: data.exceptions > 0 ? <Money fen={data.exceptions_fen} /> : w('unit.orders'),
          note: w('note.exceptions', { n: data.todo.length }),
          ...(data.exceptions > 0 ? { tone: 'red' as const } : {}),
          onOpen: () => void navigate({ to: '/exceptions' as '/' }),
        },
      ]}
    />
  );
}
