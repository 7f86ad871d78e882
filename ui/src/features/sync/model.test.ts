import { describe, expect, it } from 'vitest';
import type { PlanStep, PlanView } from '../../api/generated';
import { boxOf, byPlatform, linesOf, NO_TICKS, runs, tickSteps, willRun } from './model';

/** Keys read `store/product/sku/field`, as the engine makes them. */
function step(key: string, action: string, store = 1, product = 10): PlanStep {
  return { key: `${store}/${product}/-/${key}`, store, subject: `商品 ${key}`, sku: null, field: 'price', action, old: '1.00', new: '2.00', reason: null, ticked: action !== 'clear' && action !== 'skip' };
}

const steps = [step('a', 'add'), step('b', 'change', 1, 11), step('c', 'clear'), step('d', 'skip'), step('e', 'change', 2)];
const badge = (id: number, platform: string) => ({ id, platform, name: `店 ${id}` });
const plan: PlanView = {
  steps_total: 5,
  adds: 1,
  changes: 2,
  clears: 1,
  skips: 1,
  will_run: 3,
  stores: [
    { store: badge(2, 'ebai'), will_run: 1, skips: 0, clears: 0 },
    { store: badge(1, 'meituan_shangou'), will_run: 2, skips: 1, clears: 1 },
  ],
  steps,
};

describe('a plan', () => {
  it('runs neither 清空 nor 跳过 by itself', () => {
    expect(steps.filter((one) => runs(one, NO_TICKS, null)).map((one) => one.key.split('/')[3])).toEqual(['a', 'b', 'e']);
    expect(willRun(plan, NO_TICKS, null)).toBe(3);
  });
  it('never ticks 清空 through the box over many', () => {
    const all = tickSteps(NO_TICKS, steps, true, true);
    expect(runs(steps[2] as PlanStep, all, null)).toBe(false);
    expect(boxOf(steps, all)).toBe('part');
    const one = tickSteps(NO_TICKS, [steps[2] as PlanStep], true, false);
    expect(willRun(plan, one, null)).toBe(4);
    expect(boxOf(steps, one)).toBe('on');
  });
  it('takes 清空 out again with the box over many', () => {
    const one = tickSteps(NO_TICKS, [steps[2] as PlanStep], true, false);
    expect(willRun(plan, tickSteps(one, steps, false, true), null)).toBe(0);
  });
  it('counts only the chosen products when there are some', () => {
    expect(willRun(plan, NO_TICKS, new Set([11]))).toBe(1);
    expect(linesOf(plan, { tab: 'all', search: '', only: new Set([11]) })).toHaveLength(2);
  });
  it('stands by store in the order of platforms', () => {
    const lines = linesOf(plan, { tab: 'all', search: '', only: null });
    expect(lines.map((line) => (line.kind === 'store' ? line.store.store.id : line.step.key.split('/')[3]))).toEqual([1, 'a', 'b', 'c', 'd', 2, 'e']);
    expect(linesOf(plan, { tab: 'clear', search: '', only: null })).toHaveLength(2);
  });
  it('says by platform what will happen, and the parts add up', () => {
    const ticks = tickSteps(tickSteps(NO_TICKS, [steps[2] as PlanStep], true, false), [steps[0] as PlanStep], false, false);
    const sums = byPlatform(plan, ticks, null);
    expect(sums.map((sum) => sum.platform)).toEqual(['meituan_shangou', 'ebai']);
    expect(sums.reduce((sum, one) => sum + one.run, 0)).toBe(willRun(plan, ticks, null));
    expect(sums[0]).toMatchObject({ run: 2, clears: 1, skips: 1 });
  });
});
