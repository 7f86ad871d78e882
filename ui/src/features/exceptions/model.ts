import { useState } from 'react';
import type { ExceptionGroupView, OrderRow, RemedyView } from '../../api/generated';

/** The cause of orders whose outcome at the ERP is not known. */
export const UNKNOWN = 'UNKNOWN';

/** Remedies shown for a cause. An unknown outcome is decided one by one: close it, or push it again. */
export function remediesOf(cause: string, remedies: readonly RemedyView[], order: number | null): RemedyView[] {
  if (cause !== UNKNOWN) return [...remedies];
  if (order === null) return [];
  const named = (kind: string): RemedyView => remedies.find((one) => one.kind === kind) ?? { kind, params: {}, action: { kind, order }, opens: '', sure: false };
  return [named('close_order'), named('repush')];
}

/** Remedies of a group change data when their batch can be undone. */
const UNDOABLE = new Set(['adopt_order_text', 'bind', 'clean_offline_code', 'copy_bindings', 'relink_erp', 'set_field']);

export function isUndoable(remedy: RemedyView): boolean {
  return UNDOABLE.has(remedy.kind) && remedy.opens === '';
}

export interface Held {
  shown: OrderRow[];
  /** Orders that came since and are not shown yet. */
  fresh: number;
  take: () => void;
}

/**
 * The orders of a list that does not move under the pointer: what is gone leaves, what
 * is new waits until it is taken in. Another `key` is another list.
 */
export function useHeld(key: string, rows: readonly OrderRow[] | null): Held {
  const [held, setHeld] = useState<{ key: string; ids: ReadonlySet<number> } | null>(null);
  const idsOf = (list: readonly OrderRow[]): ReadonlySet<number> => new Set(list.map((row) => row.id));
  const current = held?.key === key ? held : null;
  if (rows && !current) setHeld({ key, ids: idsOf(rows) });
  const shown = rows?.filter((row) => current === null || current.ids.has(row.id)) ?? [];
  const fresh = (rows?.length ?? 0) - shown.length;
  // Nothing is under the pointer in an empty list.
  if (rows && current && shown.length === 0 && fresh > 0) setHeld({ key, ids: idsOf(rows) });
  return { shown, fresh, take: () => setHeld({ key, ids: idsOf(rows ?? []) }) };
}

/** The cause that is open: the asked one while it has orders, else the most urgent. */
export function openGroup(groups: readonly ExceptionGroupView[], asked: string | undefined): ExceptionGroupView | null {
  return groups.find((group) => group.cause === asked) ?? groups[0] ?? null;
}
