import { useCallback, useEffect, useMemo, useReducer, useRef } from 'react';
import type { Line, RowSource } from './types';

/*
 * The rows of a grid, read page by page. Pages hold items; an item with children shows
 * one line for itself and one for each child while it is unfolded. Lines that are not
 * loaded count as one each; a page that was dropped keeps its number of lines, so nothing
 * moves when it comes back.
 */

export const PAGE = 100;
/** Pages kept in memory. */
const KEEP = 40;

interface Slot<T> {
  rows: T[];
  used: number;
}

/** Pages and their line counts; no React in here. */
export class PageStore<T> {
  total = 0;
  private readonly pages = new Map<number, Slot<T>>();
  private readonly lines = new Map<number, number>();
  private clock = 0;
  private known: number[] | null = null;

  constructor(
    private readonly keyOf: (row: T) => string,
    private readonly childrenOf: (row: T) => readonly T[],
    private readonly isOpen: (key: string) => boolean,
  ) {}

  has(page: number): boolean {
    return this.pages.has(page);
  }

  /** Last row of a page, for keyset paging. */
  tail(page: number): T | null {
    return this.pages.get(page)?.rows.at(-1) ?? null;
  }

  /** Starts from the line counts of the rows it will replace, so that nothing jumps. */
  expect(before: PageStore<T>): void {
    this.total = before.total;
    for (const [page, count] of before.lines) this.lines.set(page, count);
  }

  put(page: number, rows: T[], total: number): void {
    this.total = total;
    this.clock += 1;
    this.pages.set(page, { rows, used: this.clock });
    this.lines.set(page, this.countLines(rows));
    this.known = null;
    if (this.pages.size <= KEEP) return;
    let oldest = -1;
    let least = Infinity;
    for (const [at, slot] of this.pages) {
      if (slot.used < least) {
        least = slot.used;
        oldest = at;
      }
    }
    this.pages.delete(oldest);
  }

  /** Counts lines anew after something was folded or unfolded. */
  recount(): void {
    this.known = null;
    for (const [page, slot] of this.pages) this.lines.set(page, this.countLines(slot.rows));
  }

  private countLines(rows: T[]): number {
    let count = rows.length;
    for (const row of rows) {
      const children = this.childrenOf(row).length;
      if (children > 0 && this.isOpen(this.keyOf(row))) count += children;
    }
    return count;
  }

  private linesOf(page: number): number {
    return this.lines.get(page) ?? Math.min(PAGE, Math.max(0, this.total - page * PAGE));
  }

  get pageCount(): number {
    return Math.ceil(this.total / PAGE);
  }

  /** First line of every page and, last, the number of lines; counted anew after a change. */
  private starts(): readonly number[] {
    if (this.known && this.known.length === this.pageCount + 1) return this.known;
    const starts = [0];
    let sum = 0;
    for (let page = 0; page < this.pageCount; page += 1) {
      sum += this.linesOf(page);
      starts.push(sum);
    }
    this.known = starts;
    return starts;
  }

  get lineCount(): number {
    return this.starts().at(-1) ?? 0;
  }

  /** Page and line within it. */
  locate(line: number): { page: number; offset: number } | null {
    const starts = this.starts();
    let low = 0;
    let high = starts.length - 2;
    while (low <= high) {
      const page = (low + high) >> 1;
      const start = starts[page] ?? 0;
      if (line < start) high = page - 1;
      else if (line >= (starts[page + 1] ?? 0)) low = page + 1;
      else return { page, offset: line - start };
    }
    return null;
  }

  /** The line, or null while its page is not loaded. */
  at(line: number): Line<T> | null {
    const place = this.locate(line);
    const slot = place ? this.pages.get(place.page) : undefined;
    if (!place || !slot) return null;
    this.clock += 1;
    slot.used = this.clock;
    let rest = place.offset;
    for (const [at, row] of slot.rows.entries()) {
      const key = this.keyOf(row);
      const children = this.childrenOf(row);
      const expanded = children.length > 0 && this.isOpen(key);
      const item = place.page * PAGE + at;
      if (rest === 0) return { row, key, item, level: 1, last: false, children: children.length, expanded };
      rest -= 1;
      if (!expanded) continue;
      const child = children[rest];
      if (rest < children.length && child !== undefined) {
        return { row: child, key: this.keyOf(child), item, level: 2, last: rest === children.length - 1, children: 0, expanded: false };
      }
      rest -= children.length;
    }
    return null;
  }

  /** Keys of everything loaded, children included. */
  loadedKeys(): string[] {
    const keys: string[] = [];
    for (const slot of this.pages.values()) {
      for (const row of slot.rows) {
        keys.push(this.keyOf(row));
        for (const child of this.childrenOf(row)) keys.push(this.keyOf(child));
      }
    }
    return keys;
  }

  pagesLoaded(): number[] {
    return [...this.pages.keys()];
  }
}

export interface Rows<T> {
  store: PageStore<T>;
  lineCount: number;
  /** First pages of this source are on their way. */
  first: boolean;
  /** Something is being read while older rows are shown. */
  busy: boolean;
  error: unknown;
  /** Asks for the pages these lines need. */
  want: (from: number, to: number) => void;
  retry: () => void;
}

interface Fetching<T> {
  store: PageStore<T>;
  pending: Set<number>;
  failed: unknown;
  arrived: boolean;
  dead: boolean;
}

/** Reads pages of `source` as lines are wanted; keeps the old rows until a new version has arrived. */
export function useRows<T>(source: RowSource<T>, keyOf: (row: T) => string, childrenOf: (row: T) => readonly T[], folded: ReadonlySet<string>): Rows<T> {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const isOpen = (key: string): boolean => !folded.has(key);
  const latest = useRef({ source, isOpen, keyOf, childrenOf });
  latest.current = { source, isOpen, keyOf, childrenOf };
  const set = useMemo<{ shown: Fetching<T>; next: Fetching<T> | null }>(
    () => ({ shown: empty(latest), next: null }),
    // A new id is another set of rows.
    // oxlint-disable-next-line react/exhaustive-deps
    [source.id],
  );

  const load = useCallback(
    async (into: Fetching<T>, page: number): Promise<void> => {
      if (into.dead || into.pending.has(page) || into.store.has(page)) return;
      into.pending.add(page);
      redraw();
      try {
        const after = page > 0 ? into.store.tail(page - 1) : null;
        const answer = await latest.current.source.fetch({ offset: page * PAGE, limit: PAGE, after });
        if (into.dead) return;
        into.store.put(page, answer.rows, answer.total);
        into.failed = null;
        into.arrived = true;
      } catch (cause) {
        into.failed = cause;
      } finally {
        into.pending.delete(page);
        if (set.next === into && into.pending.size === 0 && into.failed === null) {
          set.shown.dead = true;
          set.shown = into;
          set.next = null;
        }
        redraw();
      }
    },
    [set],
  );

  useEffect(() => {
    const current = set;
    current.shown.dead = false;
    void load(current.shown, 0);
    return () => {
      current.shown.dead = true;
      if (current.next) current.next.dead = true;
    };
  }, [set, load]);

  const version = source.version ?? 0;
  const seen = useRef({ set, version });
  const visible = useRef<number[]>([0]);
  useEffect(() => {
    if (seen.current.set === set && seen.current.version !== version && set.shown.arrived) {
      if (set.next) set.next.dead = true;
      const fresh = empty(latest);
      fresh.store.expect(set.shown.store);
      set.next = fresh;
      for (const page of visible.current) void load(fresh, page);
    }
    seen.current = { set, version };
  }, [set, version, load]);

  const { shown } = set;
  // Folding changes the number of lines; the store itself does not know about it.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useMemo(() => shown.store.recount(), [shown, folded]);
  const want = useCallback(
    (from: number, to: number): void => {
      const start = set.shown.store.locate(from)?.page ?? 0;
      const end = set.shown.store.locate(to)?.page ?? start;
      const pages: number[] = [];
      for (let page = start; page <= end; page += 1) pages.push(page);
      visible.current = pages;
      if (!set.shown.arrived) return;
      for (const page of pages) if (set.shown.failed === null) void load(set.shown, page);
    },
    [set, load],
  );
  const retry = useCallback((): void => {
    set.shown.failed = null;
    for (const page of visible.current) void load(set.shown, page);
  }, [set, load]);

  return {
    store: shown.store,
    lineCount: shown.store.lineCount,
    first: !shown.arrived && shown.failed === null,
    busy: shown.pending.size > 0 || set.next !== null,
    error: shown.failed ?? set.next?.failed ?? null,
    want,
    retry,
  };
}

interface Latest<T> {
  current: {
    keyOf: (row: T) => string;
    childrenOf: (row: T) => readonly T[];
    isOpen: (key: string) => boolean;
  };
}

function empty<T>(latest: Latest<T>): Fetching<T> {
  const store = new PageStore<T>(
    (row) => latest.current.keyOf(row),
    (row) => latest.current.childrenOf(row),
    (key) => latest.current.isOpen(key),
  );
  return { store, pending: new Set(), failed: null, arrived: false, dead: false };
}
