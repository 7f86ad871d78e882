import type { CategoryTarget, CategoryView, RemedyView } from '../../api/generated';

/** One line of the tree as it is shown. */
export interface Line {
  category: CategoryView;
  depth: number;
  /** Names from the first level. */
  path: readonly string[];
}

/** The tree with what is looked up often. */
export interface Tree {
  lines: readonly Line[];
  byId: ReadonlyMap<string, Line>;
}

/** Every category below its parent, in the order in which the platform gives siblings. */
export function treeOf(categories: readonly CategoryView[]): Tree {
  const known = new Set(categories.map((one) => one.id));
  const below = new Map<string, CategoryView[]>();
  for (const one of categories) {
    // One whose parent is not told stands at the first level: it can be chosen all the same.
    const parent = known.has(one.parent) && one.parent !== one.id ? one.parent : '';
    const siblings = below.get(parent);
    if (siblings) siblings.push(one);
    else below.set(parent, [one]);
  }
  const lines: Line[] = [];
  const byId = new Map<string, Line>();
  const add = (parent: string, above: readonly string[]): void => {
    for (const category of below.get(parent) ?? []) {
      if (byId.has(category.id)) continue;
      const line = { category, depth: above.length, path: [...above, category.name] };
      lines.push(line);
      byId.set(category.id, line);
      add(category.id, line.path);
    }
  };
  add('', []);
  return { lines, byId };
}

/** Ids of everything above a category. */
export function above(tree: Tree, id: string): string[] {
  const found: string[] = [];
  let line = tree.byId.get(id);
  while (line) {
    line = tree.byId.get(line.category.parent);
    if (line) found.push(line.category.id);
  }
  return found;
}

/** The lines in sight: unfolded branches, or every last level whose path has all words of `query`. */
export function inSight(tree: Tree, open: ReadonlySet<string>, query: string): readonly Line[] {
  const words = query.split(/\s+/).filter(Boolean);
  if (words.length > 0) {
    const hits = tree.lines.filter((line) => line.category.leaf && words.every((word) => line.path.some((name) => name.includes(word))));
    const last = (line: Line): boolean => words.every((word) => line.category.name.includes(word));
    // What is called so itself comes before what merely stands below it.
    return [...hits.filter(last), ...hits.filter((line) => !last(line))];
  }
  return tree.lines.filter((line) => {
    let parent = tree.byId.get(line.category.parent);
    while (parent) {
      if (!open.has(parent.category.id)) return false;
      parent = tree.byId.get(parent.category.parent);
    }
    return true;
  });
}

/** The product that a remedy wants another category for; null when it wants something else. */
export function targetOf(remedy: RemedyView | undefined, name: string): CategoryTarget | null {
  const { action } = remedy ?? {};
  if (remedy?.opens !== 'category' || typeof action !== 'object' || action === null || !('store' in action) || !('product' in action)) return null;
  const { store, product } = action;
  return typeof store === 'number' && typeof product === 'number' ? { store, product, name } : null;
}
