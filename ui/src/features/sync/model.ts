import type { PlanStep, PlanStore, PlanView } from '../../api/generated';
import { byPlatformOrder } from '../../shared/ui';

export const ACTIONS = ['add', 'change', 'clear', 'skip'] as const;
export type Action = (typeof ACTIONS)[number];
export type Tab = Action | 'all';

/** What the manager ticked by hand: 清空 steps that shall run, others that shall not. */
export interface Ticks {
  on: ReadonlySet<string>;
  off: ReadonlySet<string>;
}

export const NO_TICKS: Ticks = { on: new Set(), off: new Set() };

/** Whether a step will run. 跳过 never, 清空 only when ticked one by one, the rest unless taken out. */
export function runs(step: PlanStep, ticks: Ticks, only: ReadonlySet<number> | null): boolean {
  if (step.action === 'skip' || !inside(step, only)) return false;
  return step.action === 'clear' ? ticks.on.has(step.key) : !ticks.off.has(step.key);
}

/** Inside the products chosen in the library; all of them when none were chosen. */
export function inside(step: PlanStep, only: ReadonlySet<number> | null): boolean {
  return only === null || only.has(productOf(step));
}

/** The library product of a step. Steps about a whole product carry no SKU, but every key reads `store/product/sku/field`. */
function productOf(step: PlanStep): number {
  return Number(step.key.split('/')[1]);
}

/** Ticks or unticks these steps; a box for many never ticks 清空. */
export function tickSteps(ticks: Ticks, steps: readonly PlanStep[], wanted: boolean, many: boolean): Ticks {
  const on = new Set(ticks.on);
  const off = new Set(ticks.off);
  for (const step of steps) {
    if (step.action === 'skip') continue;
    if (step.action === 'clear') {
      if (wanted && !many) on.add(step.key);
      else if (!wanted) on.delete(step.key);
    } else if (wanted) off.delete(step.key);
    else off.add(step.key);
  }
  return { on, off };
}

export type Line = { kind: 'store'; store: PlanStore; steps: PlanStep[] } | { kind: 'step'; step: PlanStep };

export function lineKey(line: Line): string {
  return line.kind === 'store' ? `store ${line.store.store.id}` : line.step.key;
}

/** The plan as lines: each store's head, then its steps that fit tab and search. */
export function linesOf(plan: PlanView, filter: { tab: Tab; search: string; only: ReadonlySet<number> | null }): Line[] {
  const text = filter.search.trim().toLowerCase();
  const fits = (step: PlanStep): boolean => {
    if (filter.tab !== 'all' && step.action !== filter.tab) return false;
    if (!inside(step, filter.only)) return false;
    return text === '' || [step.subject, step.field, step.old, step.new].some((part) => part.toLowerCase().includes(text));
  };
  const byStore = new Map<number, PlanStep[]>();
  for (const step of plan.steps.filter(fits)) {
    const list = byStore.get(step.store);
    if (list) list.push(step);
    else byStore.set(step.store, [step]);
  }
  return plan.stores
    .toSorted((a, b) => byPlatformOrder(a.store.platform, b.store.platform) || a.store.id - b.store.id)
    .flatMap((store): Line[] => {
      const steps = byStore.get(store.store.id) ?? [];
      return steps.length === 0 ? [] : [{ kind: 'store', store, steps }, ...steps.map((step): Line => ({ kind: 'step', step }))];
    });
}

/** State of the box over several steps. */
export function boxOf(steps: readonly PlanStep[], ticks: Ticks): 'on' | 'off' | 'part' {
  const able = steps.filter((step) => step.action !== 'skip');
  const on = able.filter((step) => runs(step, ticks, null)).length;
  if (on === 0) return 'off';
  return on === able.length ? 'on' : 'part';
}

/** How many steps will run. Counted from the engine's number, so that steps beyond the listed ones are in it. */
export function willRun(plan: PlanView, ticks: Ticks, only: ReadonlySet<number> | null): number {
  if (only !== null) return plan.steps.filter((step) => runs(step, ticks, only)).length;
  const known = plan.steps.filter((step) => step.action === 'clear' ? ticks.on.has(step.key) : ticks.off.has(step.key));
  return known.reduce((sum, step) => sum + (step.action === 'clear' ? 1 : step.action === 'skip' ? 0 : -1), plan.will_run);
}

/** The listed steps are all there are. */
export function complete(plan: PlanView): boolean {
  return plan.steps.length >= plan.steps_total;
}

export interface PlatformSum {
  platform: string;
  stores: number;
  run: number;
  clears: number;
  skips: number;
}

/** Consequences by platform, for the dialog. */
export function byPlatform(plan: PlanView, ticks: Ticks, only: ReadonlySet<number> | null): PlatformSum[] {
  const sums = new Map<string, PlatformSum>();
  for (const { store, will_run: planned, skips } of plan.stores) {
    const steps = plan.steps.filter((step) => step.store === store.id);
    const clears = steps.filter((step) => step.action === 'clear' && runs(step, ticks, only)).length;
    const off = steps.filter((step) => step.action !== 'clear' && step.action !== 'skip' && ticks.off.has(step.key)).length;
    const run = only === null ? planned + clears - off : steps.filter((step) => runs(step, ticks, only)).length;
    const before = sums.get(store.platform) ?? { platform: store.platform, stores: 0, run: 0, clears: 0, skips: 0 };
    const skipped = only === null ? skips : steps.filter((step) => step.action === 'skip' && inside(step, only)).length;
    sums.set(store.platform, { platform: store.platform, stores: before.stores + (run > 0 ? 1 : 0), run: before.run + run, clears: before.clears + clears, skips: before.skips + skipped });
  }
  return [...sums.values()].filter((sum) => sum.run + sum.skips > 0).toSorted((a, b) => byPlatformOrder(a.platform, b.platform));
}
