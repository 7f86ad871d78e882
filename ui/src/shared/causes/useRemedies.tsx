import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../../api/client';
import type { RemedyView, RepushView } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { errorWords, sentence } from '../errors';
import { grouped } from '../format';
import { toast } from '../ui';
import { joined } from '../messages';
import { c } from './messages';

/** Says that a command failed, with its advice. */
export function failed(cause: unknown): void {
  const words = errorWords(cause);
  toast.failed(words.title, words.advice === null ? {} : { note: words.advice });
}

/** Says how a repush came out; failures stay on screen. */
export function sayRepush(view: RepushView, more: { fixed?: number; left?: number; batch?: number | null; note?: string; undo?: (batch: number) => void } = {}): void {
  const parts: string[] = [];
  const add = (key: 'fixed' | 'pushed' | 'waiting' | 'closed' | 'failed' | 'undecided' | 'left', n: number): void => {
    if (n > 0) parts.push(c(`done.${key}`, { n: grouped(n) }));
  };
  add('fixed', more.fixed ?? 0);
  add('pushed', view.pushed);
  add('waiting', view.waiting);
  add('closed', view.closed);
  const good = parts.length;
  add('failed', view.failed.length);
  add('undecided', view.undecided);
  add('left', more.left ?? 0);
  const title = parts.length === 0 ? c('done.nothing') : joined(parts);
  const note = more.note ? { note: more.note } : {};
  const { batch, undo } = more;
  if (good === 0 && parts.length > 0) toast.failed(title, note);
  else toast.done(title, { ...note, ...(batch !== null && batch !== undefined && undo ? { undo: () => undo(batch) } : {}) });
}

export interface Remedies {
  /** Key of what runs now, or null. */
  busy: string | null;
  /**
   * Runs one remedy; with `cause` for every exception of it, of these `stores` and `orders` only where they are named.
   * `product` is where 打开商品 leads.
   */
  run: (remedy: RemedyView, options: { key: string; cause?: string; product?: number | null; orders?: readonly number[]; stores?: readonly number[] }) => Promise<void>;
  /** Pushes these orders again and nothing else; a cause or all of them within `stores`. */
  repush: (request: { orders: readonly number[]; cause?: string; all?: boolean; stores?: readonly number[] }, key: string) => Promise<void>;
  /** The remedy whose ERP item is being chosen, for {@link ErpPicker}. */
  picking: RemedyView | null;
  picked: (itemCode: string | null) => Promise<void>;
}

/** Remedies that write into the library, the bindings or a store. */
const CHANGES: ReadonlySet<string> = new Set(['adopt_order_text', 'bind', 'clean_offline_code', 'copy_bindings', 'name_single_spec', 'relink_erp', 'set_field', 'sweep_orphans']);

const TOUCHED = ['orders', 'exceptions', 'products', 'bindings', 'listings', 'stores', 'findings'] as const;

function field(action: unknown, name: string): number | string | null {
  if (typeof action !== 'object' || action === null || !(name in action)) return null;
  const value = (action as Record<string, unknown>)[name];
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}

/** Running remedies: opens the page that a remedy needs, or runs it and says how it came out. */
export function useRemedies(): Remedies {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState<string | null>(null);
  const [picking, setPicking] = useState<RemedyView | null>(null);
  const go = (to: string, search: Record<string, unknown>): void => void navigate({ to: to as '/', search: search as never });

  const attempt = async (key: string, work: () => Promise<void>): Promise<void> => {
    setBusy(key);
    try {
      await work();
    } catch (cause) {
      failed(cause);
    } finally {
      markChanged(client, TOUCHED);
      setBusy(null);
    }
  };
  const undo = (batch: number): void =>
    void attempt('undo', async () => {
      const answer = await call('library_undo', { batch, redo: false });
      toast.done(c('done.undone', { n: grouped(answer.changes) }));
    });
  const execute = (action: unknown, key: string, group: { cause: string; orders: readonly number[]; stores: readonly number[] } = { cause: '', orders: [], stores: [] }): Promise<void> =>
    attempt(key, async () => {
      const answer = await call('remedy_run', { action, cause: group.cause, orders: [...group.orders], stores: [...group.stores] });
      if (field(action, 'kind') === 'close_order') {
        toast.done(c('done.closed', { n: grouped(Math.max(1, answer.fixed)) }));
        return;
      }
      // Only remedies that change data have something to tell of it.
      const fixed = answer.batch !== null || CHANGES.has(String(field(action, 'kind'))) ? answer.fixed : 0;
      sayRepush(answer.repush, { fixed, left: answer.left, batch: answer.batch, undo, ...(answer.words ? { note: sentence(answer.words) } : {}) });
    });
  const repush: Remedies['repush'] = (request, key) =>
    attempt(key, async () => {
      sayRepush(await call('exceptions_repush', { orders: [...request.orders], cause: request.cause ?? '', all: request.all ?? false, stores: [...(request.stores ?? [])] }));
    });

  const open = (remedy: RemedyView, product: number | null): void => {
    const store = field(remedy.action, 'store');
    if (remedy.opens === 'erp_picker') setPicking(remedy);
    else if (remedy.opens === 'matching') go('/matching', { listing_sku: field(remedy.action, 'listing_sku') ?? undefined });
    else if (remedy.opens === 'authorize') go('/stores', { store: store ?? undefined, authorize: true });
    else if (remedy.opens === 'change_platform') go('/stores', { store: store ?? undefined, change: true });
    else if (remedy.opens === 'store') go('/stores', { store: store ?? undefined, edit: true });
    else if (product !== null) go('/library', { open: product });
    else go('/library', { q: remedy.params['name'] ?? remedy.params['code'] ?? '' });
  };

  return {
    busy,
    picking,
    repush,
    async run(remedy, { key, cause = '', product = null, orders = [], stores = [] }) {
      if (remedy.kind === 'export_diagnostics') go('/settings', { part: 'help' });
      else if (remedy.opens !== '') open(remedy, product);
      else if (remedy.kind === 'repush' && (cause !== '' || orders.length > 0)) await repush({ orders, cause, stores }, key);
      else await execute(remedy.action, key, { cause, orders: cause === '' ? [] : orders, stores });
    },
    async picked(itemCode) {
      const remedy = picking;
      setPicking(null);
      // The action is handed back as it came, with the one value that the manager chose.
      if (remedy && itemCode !== null) await execute({ ...(remedy.action as object), item_code: itemCode }, 'picker');
    },
  };
}
