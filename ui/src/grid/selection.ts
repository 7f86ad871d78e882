/*
 * Which rows are ticked. "All" is a filter plus exceptions, never a list of ids, so that
 * 100,000 rows can be ticked without reading them. A child (规格) is ticked by itself;
 * ticking its item ticks its children too.
 */

export interface Selection {
  /** `some`: the keys are ticked; `all`: everything that matches, except the keys. */
  mode: 'some' | 'all';
  keys: ReadonlySet<string>;
}

export const NOTHING: Selection = { mode: 'some', keys: new Set() };
export const EVERYTHING: Selection = { mode: 'all', keys: new Set() };

export function isTicked(selection: Selection, key: string): boolean {
  return selection.keys.has(key) === (selection.mode === 'some');
}

/** Ticks or unticks all of `keys`. */
export function setTicked(selection: Selection, keys: Iterable<string>, ticked: boolean): Selection {
  const next = new Set(selection.keys);
  for (const key of keys) {
    if (ticked === (selection.mode === 'some')) next.add(key);
    else next.delete(key);
  }
  return { mode: selection.mode, keys: next };
}

/** State of the box of an item with children: all, some, none of them. */
export function tickOf(selection: Selection, own: string, children: readonly string[]): 'on' | 'off' | 'part' {
  if (children.length === 0) return isTicked(selection, own) ? 'on' : 'off';
  const on = children.filter((key) => isTicked(selection, key)).length;
  if (on === 0) return 'off';
  return on === children.length ? 'on' : 'part';
}

/** Whether nothing is ticked; `total` is the number of items that match. */
export function isEmpty(selection: Selection, total: number): boolean {
  return selection.mode === 'some' ? selection.keys.size === 0 : total === 0;
}

/** Ctrl A: first everything that is loaded, again everything that matches. */
export function tickAll(selection: Selection, loaded: readonly string[]): Selection {
  if (selection.mode === 'all') return selection.keys.size === 0 ? selection : EVERYTHING;
  const complete = loaded.length > 0 && loaded.every((key) => selection.keys.has(key));
  return complete ? EVERYTHING : setTicked(selection, loaded, true);
}
