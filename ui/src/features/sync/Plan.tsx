import { useMemo, useState, type ReactNode } from 'react';
import type { PlanStep, PlanStore, PlanView } from '../../api/generated';
import { List, TickBox } from '../../grid';
import { sentence, word } from '../../shared/errors';
import { grouped, money, parseYuan } from '../../shared/format';
import { joined, t } from '../../shared/messages';
import { Button, Empty, PlanDiff, PlatformMark, SearchBox, SeverityIcon, Tabs, Tag, type Tone } from '../../shared/ui';
import { IconArrowRight } from '../../shared/ui/icons';
import { s } from './messages';
import { ACTIONS, boxOf, complete, inside, lineKey, linesOf, runs, tickSteps, type Line, type Tab, type Ticks } from './model';

const TONES: Record<string, Tone> = { add: 'green', change: 'accent' };

/** What a field is called. */
export function fieldName(field: string): string {
  return word(`field.${field}.text`) ?? field;
}

/** A value as the merchant reads it: money with its sign, pictures by number. */
function shown(step: PlanStep, value: string): string {
  if (step.field === 'price' || step.field === 'packing_fee') {
    const fen = value === '' ? null : parseYuan(value);
    return fen === null ? value : money(fen);
  }
  if (step.field === 'on_sale' && (value === 'on' || value === 'off')) return s(`plan.${value}`);
  if (step.field === 'attributes' && value !== '') return s('plan.attributes', { n: value });
  return step.field === 'pictures' && /^\d+$/.test(value) ? s('plan.pictures', { n: value }) : value;
}

/** Texts are compared sign by sign; amounts and states stand as they are. */
const TEXTS = new Set(['name', 'spec_name', 'barcode', 'outer_sku_code', 'group', 'category', 'description', 'whole']);

function Value({ step, side }: { step: PlanStep; side: 'from' | 'to' }): ReactNode {
  const own = side === 'from' ? step.old : step.new;
  if (side === 'to' && step.reason && (step.action === 'skip' || step.action === 'clear')) return <span className="t2 cut" title={sentence(step.reason)}>{sentence(step.reason)}</span>;
  if (side === 'from' && step.field === 'whole') return <span className="t3">{t('diff.empty')}</span>;
  if (TEXTS.has(step.field) && step.action !== 'skip' && step.action !== 'clear') return <PlanDiff from={step.old} to={step.new} side={side} />;
  if (own === '') return <span className="t3">{t('diff.empty')}</span>;
  return (
    <span className="cut" title={own}>
      {side === 'to' && step.action === 'add' ? <ins className="diff-add">{shown(step, own)}</ins> : shown(step, own)}
    </span>
  );
}

function StepRow({ step, on, onTick }: { step: PlanStep; on: boolean; onTick: () => void }): ReactNode {
  const skipped = step.action === 'skip';
  return (
    <div className={skipped ? 'sy-step is-skip' : 'sy-step'}>
      <span className="sy-tick">{skipped ? <i className="sy-notick" /> : <TickBox state={on ? 'on' : 'off'} label={s('plan.tick', { name: step.subject, field: fieldName(step.field) })} onTick={onTick} />}</span>
      <span className="sy-subject cut" title={step.subject}>
        {step.subject}
      </span>
      <span className="sy-field t2">{fieldName(step.field)}</span>
      <span className="sy-value">
        <Value step={step} side="from" />
      </span>
      <span className="sy-arrow t3">
        <IconArrowRight size={14} />
      </span>
      <span className="sy-value">
        <Value step={step} side="to" />
      </span>
      <span className="sy-action">
        <Tag tone={TONES[step.action] ?? (step.action === 'clear' ? 'amber' : 'neutral')} outline={skipped}>
          {t(`plan.${step.action}` as 'plan.add')}
        </Tag>
      </span>
    </div>
  );
}

function StoreRow({ store, steps, ticks, only, onTick }: { store: PlanStore; steps: readonly PlanStep[]; ticks: Ticks; only: boolean; onTick: (wanted: boolean) => void }): ReactNode {
  const box = boxOf(steps, ticks);
  // With chosen products the engine's numbers of the whole store would say too much.
  const run = only ? steps.filter((step) => runs(step, ticks, null)).length : store.will_run;
  const skips = only ? steps.filter((step) => step.action === 'skip').length : store.skips;
  const clears = only ? steps.filter((step) => step.action === 'clear').length : store.clears;
  const notes = [s('plan.store', { run: grouped(run) })];
  if (skips > 0) notes.push(s('plan.store.skips', { n: grouped(skips) }));
  const unticked = clears - steps.filter((step) => step.action === 'clear' && ticks.on.has(step.key)).length;
  if (unticked > 0) notes.push(s('plan.store.clears', { n: grouped(unticked) }));
  return (
    <div className="sy-step">
      <span className="sy-tick">
        <TickBox state={box} label={s('plan.tickStore', { name: store.store.name })} onTick={() => onTick(box === 'off')} />
      </span>
      <span className="pname">
        <PlatformMark platform={store.store.platform} />
        <b className="cut">{store.store.name}</b>
      </span>
      <span className="t3 cut">{joined(notes)}</span>
    </div>
  );
}

export interface PlanProps {
  plan: PlanView;
  ticks: Ticks;
  only: ReadonlySet<number> | null;
  tab: Tab;
  onTab: (tab: Tab) => void;
  onTicks: (next: Ticks) => void;
  /** Takes the platforms' values where the library has none; null when nothing offers it. */
  onAdopt: (() => void) | null;
}

/** The plan by store: what stands on the platform, what will be written, and a box for each. */
export function Plan({ plan, ticks, only, tab, onTab, onTicks, onAdopt }: PlanProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [current, setCurrent] = useState<string | null>(null);
  const lines = useMemo(() => linesOf(plan, { tab, search: typed, only }), [plan, tab, typed, only]);
  const index = lines.findIndex((line) => lineKey(line) === current);
  const steps = useMemo(() => plan.steps.filter((step) => inside(step, only)), [plan, only]);
  const count = (id: Tab): number => {
    if (only !== null) return id === 'all' ? steps.length : steps.filter((step) => step.action === id).length;
    return { all: plan.steps_total, add: plan.adds, change: plan.changes, clear: plan.clears, skip: plan.skips }[id];
  };
  const listed = lines.flatMap((line) => (line.kind === 'step' ? [line.step] : []));
  const box = boxOf(listed, ticks);
  const toggle = (step: PlanStep): void => onTicks(tickSteps(ticks, [step], !runs(step, ticks, null), false));
  // A long plan lists its first steps only; its own count knows the others, and they are never ticked.
  const unticked = count('clear') - steps.filter((step) => step.action === 'clear' && ticks.on.has(step.key)).length;
  const partial = only === null && !complete(plan);
  return (
    <div className="sy-plan">
      <div className="sy-planhead" data-region="toolbar">
        <h2>{s('plan.title')}</h2>
        <Tabs look="segment" label={s('plan.title')} value={tab} onChange={(id) => onTab(id as Tab)} items={(['all', ...ACTIONS] as Tab[]).map((id) => ({ id, label: id === 'all' ? s('plan.all') : t(`plan.${id}`), count: grouped(count(id)) }))} />
        <span className="grow" />
        <SearchBox main value={typed} placeholder={s('plan.search')} onChange={setTyped} width={180} />
      </div>
      <div className="sy-step sy-colhead">
        <span className="sy-tick">
          <TickBox state={box} label={s('plan.tickAll')} onTick={() => onTicks(tickSteps(ticks, listed, box === 'off', true))} />
        </span>
        <span className="sy-subject">{s('plan.col.subject')}</span>
        <span className="sy-field">{s('plan.col.field')}</span>
        <span className="sy-value">{s('plan.col.old')}</span>
        <span className="sy-arrow" />
        <span className="sy-value">{s('plan.col.new')}</span>
        <span className="sy-action">{s('plan.col.action')}</span>
      </div>
      <List<Line>
        name="plan"
        label={s('plan.title')}
        rows={lines}
        rowKey={lineKey}
        height={() => 32}
        skips={(line) => line.kind === 'store'}
        className={(line) => (line.kind === 'store' ? 'sy-store' : line.step.action === 'clear' ? 'sy-clear' : '')}
        current={index}
        onCurrent={(at) => {
          const line = lines[at];
          if (line) setCurrent(lineKey(line));
        }}
        onSpace={(line) => {
          if (line.kind === 'step') toggle(line.step);
        }}
        pageKeys
        empty={steps.length === 0 ? <Empty title={s('plan.none')} note={plan.skips > 0 ? s('plan.none.note', { n: grouped(plan.skips) }) : null} /> : <Empty title={s('plan.none.filter')} />}
        render={(line) =>
          line.kind === 'store' ? (
            <StoreRow store={line.store} steps={line.steps} ticks={ticks} only={only !== null} onTick={(wanted) => onTicks(tickSteps(ticks, line.steps, wanted, true))} />
          ) : (
            <StepRow step={line.step} on={runs(line.step, ticks, null)} onTick={() => toggle(line.step)} />
          )
        }
      />
      {unticked > 0 || partial ? (
        <div className="sy-planfoot">
          {unticked > 0 ? (
            <>
              <SeverityIcon severity="warning" />
              <span className="grow cut" title={s('plan.clears.note')}>
                <b>{s('plan.clears', { n: grouped(unticked) })}</b> <span className="t2">{s('plan.clears.note')}</span>
              </span>
              {partial ? <span className="t3 small sy-partial">{s('plan.more', { n: grouped(plan.steps.length) })}</span> : null}
              {onAdopt ? (
                <Button kind="link" onClick={onAdopt}>
                  {s('plan.clears.adopt')}
                </Button>
              ) : null}
            </>
          ) : (
            <span className="t3 grow">{s('plan.more', { n: grouped(plan.steps.length) })}</span>
          )}
        </div>
      ) : null}
    </div>
  );
}
