import type { GroupView } from '../../api/generated';

/** Ids of siblings in their order, by the id of their parent; the first level has none. */
export type Order = ReadonlyMap<string, readonly string[]>;

export interface GroupRow {
  group: GroupView;
  depth: number;
  /** Ids of all groups beside it, itself included, in their order. */
  siblings: readonly string[];
  /** Its index among them. */
  place: number;
}

/** Groups as the platform lists them. */
export function arranged(groups: readonly GroupView[]): Order {
  const order = new Map<string, string[]>();
  for (const group of groups) {
    const siblings = order.get(group.parent);
    if (siblings) siblings.push(group.id);
    else order.set(group.parent, [group.id]);
  }
  return order;
}

/** One line for each group, children below their parent. */
export function flattened(groups: readonly GroupView[], order: Order): GroupRow[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  const rows: GroupRow[] = [];
  const add = (parent: string, depth: number): void => {
    const siblings = order.get(parent) ?? [];
    for (const [place, id] of siblings.entries()) {
      const group = byId.get(id);
      if (!group || depth > 8) continue;
      rows.push({ group, depth, siblings, place });
      add(id, depth + 1);
    }
  };
  add('', 0);
  return rows;
}

function put(order: Order, parent: string, id: string, to: number): Order {
  const left = (order.get(parent) ?? []).filter((one) => one !== id);
  return new Map(order).set(parent, [...left.slice(0, to), id, ...left.slice(to)]);
}

function parentOf(order: Order, id: string): string | undefined {
  return [...order].find(([, ids]) => ids.includes(id))?.[0];
}

/** A group some places down (or up) among its siblings, not beyond the ends. */
export function moved(order: Order, id: string, by: number): Order {
  const parent = parentOf(order, id);
  if (parent === undefined) return order;
  const siblings = order.get(parent) ?? [];
  const to = Math.max(0, Math.min(siblings.length - 1, siblings.indexOf(id) + by));
  return put(order, parent, id, to);
}

/** A group at the place of one of its siblings. */
export function movedTo(order: Order, id: string, place: string): Order {
  const parent = parentOf(order, id);
  const siblings = parent === undefined ? [] : (order.get(parent) ?? []);
  return parent === undefined || !siblings.includes(place) ? order : put(order, parent, id, siblings.indexOf(place));
}

/** Parents whose children stand otherwise than they did. */
export function changedParents(from: Order, to: Order): string[] {
  return [...to].filter(([parent, ids]) => ids.join('\n') !== (from.get(parent) ?? []).join('\n')).map(([parent]) => parent);
}
