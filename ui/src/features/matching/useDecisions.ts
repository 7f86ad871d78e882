import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/client';
import type { BindReport, MatchRow } from '../../api/generated';
import { markChanged } from '../../api/queries';
import { failed } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { toast } from '../../shared/ui';
import { joined } from '../../shared/messages';
import { m } from './messages';
import { NO_DECISIONS, type Decision, type Decisions } from './model';

const TOUCHED = ['bindings', 'listings', 'orders', 'exceptions', 'stock', 'tasks'] as const;

interface Pair {
  row: MatchRow;
  sku: number;
}

export interface Deciding {
  decided: Decisions;
  busy: string | null;
  bind: (pairs: readonly Pair[], rebind: boolean) => Promise<boolean>;
  /** The same for every row that is sure, after refusals that still wait were told. */
  bindSure: (pairs: readonly Pair[]) => Promise<boolean>;
  refuse: (row: MatchRow, sku: number) => void;
  later: (row: MatchRow) => void;
  adopt: (row: MatchRow) => Promise<boolean>;
  /** The last decision that can be taken back, or the one about this row. */
  undo: (row?: MatchRow) => Promise<number | null>;
  canUndo: (row: MatchRow) => boolean;
}

/**
 * What the manager decides on this page. Refusals cannot be undone at the api, so they are
 * kept here until the page is left, another store is chosen, or the engine binds by itself;
 * until then U takes them back. Bindings are undone by their batch.
 */
export function useDecisions(store: number | null): Deciding {
  const client = useQueryClient();
  const [decided, setDecided] = useState<Decisions>(NO_DECISIONS);
  const [busy, setBusy] = useState<string | null>(null);
  const past = useRef<Decision[]>([]);
  const pending = useRef<Decision[]>([]);

  const flush = (): void => {
    const list = pending.current;
    pending.current = [];
    const pairs = list.flatMap((one) => (one.sku === null ? [] : [{ listing_sku: one.row.listing_sku, sku: one.sku }]));
    if (pairs.length === 0) return;
    past.current = past.current.filter((one) => !list.includes(one));
    call('matching_refuse', { pairs, rebind: false }).then(() => markChanged(client, ['bindings']), failed);
  };
  const latest = useRef(flush);
  useEffect(() => {
    latest.current = flush;
  });
  useEffect(() => {
    const leave = (): void => latest.current();
    globalThis.addEventListener('pagehide', leave);
    return () => {
      globalThis.removeEventListener('pagehide', leave);
      leave();
      past.current = [];
      setDecided(NO_DECISIONS);
    };
  }, [store]);

  const note = (list: readonly Decision[]): void => {
    past.current = [...past.current, ...list];
    setDecided((before) => {
      const next = new Map(before);
      for (const one of list) next.set(one.row.listing_sku, one);
      return next;
    });
  };
  const attempt = async (what: string, work: () => Promise<boolean>): Promise<boolean> => {
    if (busy !== null) return false;
    if (what === 'sure') flush();
    setBusy(what);
    try {
      return await work();
    } catch (cause) {
      failed(cause);
      return false;
    } finally {
      setBusy(null);
      markChanged(client, TOUCHED);
    }
  };
  const undoBatch = async (batch: number): Promise<void> => {
    await call('library_undo', { batch, redo: false });
    past.current = past.current.filter((one) => one.batch !== batch);
    setDecided((before) => new Map([...before].filter(([, one]) => one.batch !== batch)));
    markChanged(client, TOUCHED);
  };
  const say = (report: BindReport, quiet: boolean): void => {
    const { batch, refused } = report;
    const parts = [m('done.bound', { n: grouped(report.bound) })];
    if (report.repushed > 0) parts.push(m('done.repushed', { n: grouped(report.repushed) }));
    if (report.bound > 0 && !(quiet && report.repushed === 0)) {
      toast.done(joined(parts), batch === null ? {} : { undo: () => void undoBatch(batch).then(() => toast.done(m('done.undone')), failed) });
    }
    const [first] = refused;
    if (first) toast.failed(m('done.refused', { n: grouped(refused.length) }), { note: sentence(first.words) });
  };
  const boundOf = (pairs: readonly Pair[], report: BindReport): Decision[] => {
    const refused = new Set(report.refused.map((one) => one.listing_sku));
    return pairs.filter((pair) => !refused.has(pair.row.listing_sku)).map((pair) => ({ row: pair.row, what: 'bound', sku: pair.sku, batch: report.batch }));
  };

  const bindAll = (what: string, pairs: readonly Pair[], rebind: boolean): Promise<boolean> =>
    attempt(what, async () => {
      const report = await call('matching_bind', { pairs: pairs.map((pair) => ({ listing_sku: pair.row.listing_sku, sku: pair.sku })), rebind });
      note(boundOf(pairs, report));
      say(report, pairs.length === 1);
      return report.bound > 0;
    });

  return {
    decided,
    busy,
    bind: (pairs, rebind) => bindAll('bind', pairs, rebind),
    bindSure: (pairs) => bindAll('sure', pairs, false),
    refuse(row, sku) {
      const one: Decision = { row, what: 'refused', sku, batch: null };
      pending.current = [...pending.current, one];
      note([one]);
    },
    later(row) {
      note([{ row, what: 'later', sku: null, batch: null }]);
    },
    adopt: (row) =>
      attempt('adopt', async () => {
        const report = await call('matching_adopt', { listing_skus: [row.listing_sku] });
        if (report.bound > 0) {
          note([{ row, what: 'bound', sku: null, batch: report.batch }]);
          const { batch } = report;
          toast.done(m('done.adopted', { name: row.name }), {
            ...(report.repushed > 0 ? { note: m('done.repushed', { n: grouped(report.repushed) }) } : {}),
            ...(batch === null ? {} : { undo: () => void undoBatch(batch).catch(failed) }),
          });
        } else say(report, false);
        return report.bound > 0;
      }),
    async undo(row) {
      const one = row ? decided.get(row.listing_sku) : past.current.at(-1);
      if (!one) return null;
      if (one.batch !== null) {
        try {
          await undoBatch(one.batch);
        } catch (cause) {
          failed(cause);
          return null;
        }
        return one.row.listing_sku;
      }
      pending.current = pending.current.filter((each) => each !== one);
      past.current = past.current.filter((each) => each !== one);
      setDecided((before) => new Map([...before].filter(([, each]) => each !== one)));
      return one.row.listing_sku;
    },
    canUndo(row) {
      const one = decided.get(row.listing_sku);
      return one !== undefined && (one.batch !== null || one.what === 'later' || pending.current.includes(one));
    },
  };
}
