/*
 * Edits that are not saved yet. Every change of the person (typing, paste, fill) is one
 * step that can be undone and redone; saving sends them as one change batch.
 */

export interface Draft {
  product: number;
  /** The SKU; for a field of the product, any SKU of it. */
  sku: number;
  field: string;
  /** What the library holds. */
  old: string;
  value: string;
}

export interface Drafts {
  /** Unsaved cells by {@link cellKey}. */
  cells: ReadonlyMap<string, Draft>;
  past: readonly ReadonlyMap<string, Draft>[];
  future: readonly ReadonlyMap<string, Draft>[];
}

export const NO_DRAFTS: Drafts = { cells: new Map(), past: [], future: [] };

/** One key per cell; the name is one cell of the whole product. */
export function cellKey(product: number, sku: number, field: string): string {
  return `${product}/${field === 'name' ? '' : sku}/${field}`;
}

/** One step; a value that is back at what the library holds is no draft any more. */
export function draft(drafts: Drafts, edits: readonly Draft[]): Drafts {
  const cells = new Map(drafts.cells);
  for (const edit of edits) {
    const key = cellKey(edit.product, edit.sku, edit.field);
    if (edit.value === edit.old) cells.delete(key);
    else cells.set(key, edit);
  }
  return { cells, past: [...drafts.past, drafts.cells], future: [] };
}

export function undoDraft(drafts: Drafts): Drafts {
  const before = drafts.past.at(-1);
  if (!before) return drafts;
  return { cells: before, past: drafts.past.slice(0, -1), future: [drafts.cells, ...drafts.future] };
}

export function redoDraft(drafts: Drafts): Drafts {
  const [next, ...rest] = drafts.future;
  if (!next) return drafts;
  return { cells: next, past: [...drafts.past, drafts.cells], future: rest };
}
