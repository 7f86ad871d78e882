import type { ErpMoveView, ErpMoveWay } from '../../api/generated';

/** Old branches of which it is not known what they become. */
export function openBranches(plan: ErpMoveView | undefined): string[] {
  return (plan?.branches ?? []).filter((branch) => branch.old !== '' && (branch.new ?? '') === '').map((branch) => branch.old);
}

/** The way that is shown first: what needs the manager, else the largest. */
export function firstWay(ways: readonly ErpMoveWay[]): string {
  const open = ways.find((way) => way.way === 'ambiguous' || way.way === 'none');
  return (open ?? ways.toSorted((left, right) => right.count - left.count)[0])?.way ?? 'barcode';
}

/** SKUs that will have no sure code after the move, given what was chosen. */
export function unsure(plan: ErpMoveView, choices: Readonly<Record<string, string>>): number {
  const count = (name: string): number => plan.ways.find((way) => way.way === name)?.count ?? 0;
  const answered = Object.values(choices).filter((code) => code !== '').length;
  return Math.max(0, count('ambiguous') - answered) + count('none');
}
