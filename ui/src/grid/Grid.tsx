import { useVirtualizer, type Range, defaultRangeExtractor } from '@tanstack/react-virtual';
import { useCallback, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useReducer, useRef, useState, type ReactNode, type Ref } from 'react';
import { useStored } from '../shared/hooks';
import { t } from '../shared/messages';
import { Button, ErrorPanel, Skeleton } from '../shared/ui';
import { boxOf } from './clipboard';
import { useColumns, type Columns } from './columns';
import { GridHead } from './GridHead';
import { GridRow, type RowActions } from './GridRow';
import { useRows } from './rows';
import { isTicked, NOTHING, setTicked, tickOf, type Selection } from './selection';
import type { CellAt, Column, Edit, Line, RowSource, Sort } from './types';
import { useGridKeys } from './useGridKeys';

/** Row heights a person can choose from. */
export const DENSITIES = [28, 32, 40] as const;
export type Density = (typeof DENSITIES)[number];

/** What a page can ask of a grid. */
export interface GridHandle<T> {
  /** Moves the current row; `onActive` tells which one it became. */
  step: (by: 1 | -1) => void;
  focus: () => void;
  /** Every loaded line, for actions on what is on screen. */
  loaded: () => T[];
}

export interface GridProps<T> {
  /** Settings are remembered under this name. */
  name: string;
  /** Accessible name. */
  label: string;
  columns: readonly Column<T>[];
  source: RowSource<T>;
  rowKey: (row: T) => string;
  childrenOf?: (row: T) => readonly T[];
  /** Fixed height for two-line (44) and picture rows (48–56); otherwise the chosen density. */
  rowHeight?: number;
  selection?: Selection;
  onSelection?: (next: Selection) => void;
  sort?: Sort | null;
  onSort?: (next: Sort | null) => void;
  /** Enter on a cell that cannot be edited, or a double click. */
  onOpen?: (row: T) => void;
  /** The current row changed. */
  onActive?: (row: T) => void;
  onEdit?: (edits: Edit<T>[]) => void;
  tone?: (row: T) => 'red' | 'amber' | null;
  /** Key of the row shown in the drawer. */
  openKey?: string | null;
  foot?: ReactNode;
  empty: ReactNode;
  onTotal?: (total: number) => void;
  columnsRef?: Ref<Columns<T>>;
  ref?: Ref<GridHandle<T>>;
}

const TICK = 32;
const HEAD = 32;
const NO_CHILDREN: readonly never[] = [];

/** Our own windowed tree grid: only the rows on screen exist in the page. */
export function Grid<T>(props: GridProps<T>): ReactNode {
  const { source, rowKey, selection, onSelection } = props;
  const [density] = useStored<Density>('density', 28);
  const height = props.rowHeight ?? density;
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<CellAt>({ line: 0, column: 0 });
  const [anchor, setAnchor] = useState<CellAt | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const ticks = onSelection ? TICK : 0;
  const childrenOf = props.childrenOf ?? (() => NO_CHILDREN);

  const columns = useColumns(props.name, props.columns, ticks, room);
  useImperativeHandle(props.columnsRef, () => columns, [columns]);
  const rows = useRows(source, rowKey, childrenOf, toggled);
  const { store, lineCount } = rows;

  const current = Math.min(active.line, Math.max(0, lineCount - 1));
  const extract = useCallback(
    (range: Range): number[] => {
      const list = defaultRangeExtractor(range);
      // The current row stays in the page when scrolled away, so focus is never lost.
      return current < range.count && !list.includes(current) ? [...list, current].toSorted((a, b) => a - b) : list;
    },
    [current],
  );
  const virtual = useVirtualizer({
    count: lineCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    scrollPaddingStart: HEAD,
    scrollPaddingEnd: props.foot ? 32 : 0,
    rangeExtractor: extract,
  });
  useEffect(() => virtual.measure(), [height, virtual]);
  const items = virtual.getVirtualItems();
  const from = virtual.range?.startIndex ?? 0;
  const to = virtual.range?.endIndex ?? 0;
  const { want } = rows;
  useEffect(() => want(from, to), [want, from, to, lineCount]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return undefined;
    const watch = new ResizeObserver(() => setRoom(box.clientWidth));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);

  // Another set of rows starts at its top.
  useEffect(() => {
    setActive({ line: 0, column: 0 });
    setAnchor(null);
    setEditing(null);
    scroller.current?.scrollTo({ top: 0 });
  }, [source.id]);
  const { onTotal } = props;
  const total = store.total;
  useEffect(() => {
    if (!rows.first) onTotal?.(total);
  }, [onTotal, total, rows.first]);

  const lineAt = (line: number): Line<T> | null => store.at(line);
  const { onActive } = props;
  const go = (cell: CellAt, extend = false): void => {
    setAnchor(extend ? (anchor ?? active) : null);
    setActive(cell);
    setEditing(null);
    virtual.scrollToIndex(cell.line, { align: 'auto' });
    const line = store.at(cell.line);
    if (line && cell.line !== active.line) onActive?.(line.row);
  };
  const toggle = (key: string): void => {
    const next = new Set(toggled);
    if (!next.delete(key)) next.add(key);
    setToggled(next);
  };
  const childKeys = (line: Line<T>): string[] => childrenOf(line.row).map(rowKey);
  const tick = (line: Line<T>, wanted?: boolean): void => {
    if (!selection || !onSelection) return;
    const children = childKeys(line);
    const on = wanted ?? tickOf(selection, line.key, children) !== 'on';
    let next = setTicked(selection, [line.key, ...children], on);
    // An item counts as ticked while all of its children are.
    if (line.level === 2 && !on) {
      const parent = parentOf(lineAt, lineCount - 1, line.item);
      if (parent) next = setTicked(next, [parent], false);
    }
    onSelection(next);
  };

  const [focusWish, wishFocus] = useReducer((count: number) => count + 1, 0);
  const focusGrid = wishFocus as () => void;
  useLayoutEffect(() => {
    // After the move is drawn: the field of the current cell, else the grid itself.
    if (focusWish === 0) return;
    const box = scroller.current;
    (box?.querySelector<HTMLElement>('.grid-editor') ?? box)?.focus({ preventScroll: true });
  }, [focusWish]);
  const keys = useGridKeys({ active: { line: current, column: active.column }, anchor, lineCount, columns, height, scroller, editing, lineAt, go, focusGrid, setEditing, setAnchor, toggle, tick, props, store });
  useImperativeHandle(props.ref, () => ({
    step: (by) => go({ line: Math.max(0, Math.min(lineCount - 1, current + by)), column: active.column }),
    focus: focusGrid,
    loaded: () => {
      const list: T[] = [];
      for (let line = 0; line < lineCount; line += 1) {
        const found = store.at(line);
        if (found) list.push(found.row);
      }
      return list;
    },
  }));

  const activeLine = lineCount > 0 ? store.at(current) : null;
  const fieldHere = Boolean(props.onEdit && activeLine && columns.placed[active.column]?.column.editable?.(activeLine.row));
  const act = useRef<RowActions>(null as never);
  act.current = {
    cell(index, column, event) {
      go({ line: index, column }, event.shiftKey);
      if (!event.shiftKey) focusGrid();
    },
    open(index) {
      const line = store.at(index);
      if (line) keys.open(index, line);
    },
    toggle,
    tick(index, shift) {
      const line = store.at(index);
      if (!line || !selection || !onSelection) return;
      if (shift) {
        const list: string[] = [];
        for (let at = Math.min(current, index); at <= Math.max(current, index); at += 1) {
          const one = store.at(at);
          if (one) list.push(one.key);
        }
        onSelection(setTicked(selection, list, !isTicked(selection, line.key)));
      } else tick(line);
      setActive({ line: index, column: active.column });
    },
    type: setEditing,
  };
  const range = useMemo(() => (anchor ? boxOf(anchor, { line: current, column: active.column }) : null), [anchor, current, active.column]);
  const headTick = headState(selection ?? NOTHING, total);
  const failedEmpty = rows.error !== null && lineCount === 0;
  return (
    <div className="grid-outer">
      <div
        ref={scroller}
        className="grid"
        role="treegrid"
        aria-label={props.label}
        aria-rowcount={lineCount + 1}
        aria-colcount={columns.placed.length + (onSelection ? 1 : 0)}
        aria-multiselectable={onSelection ? true : undefined}
        aria-busy={rows.busy || undefined}
        aria-activedescendant={lineCount > 0 ? `${props.name}-${current}-${active.column}` : undefined}
        tabIndex={fieldHere ? -1 : 0}
        data-region="main"
        onFocus={(event) => {
          // The field of an editable current cell takes the focus, so that a composition starts in it.
          if (event.target === event.currentTarget) event.currentTarget.querySelector<HTMLElement>('.grid-editor')?.focus({ preventScroll: true });
        }}
        onKeyDown={keys.onKeyDown}
        onCopy={keys.onCopy}
        onCut={keys.onCut}
        onPaste={keys.onPaste}
      >
        <GridHead columns={columns} height={HEAD} lead={ticks} sort={props.sort ?? null} onSort={props.onSort} tick={headTick} onTick={onSelection ? () => onSelection(headTick === 'off' ? { mode: 'all', keys: new Set() } : NOTHING) : undefined} />
        {rows.busy && !rows.first ? <div className="grid-busy" /> : null}
        <div className="grid-body" role="rowgroup" style={{ height: virtual.getTotalSize(), width: Math.max(columns.total, room) }}>
          {items.map((item) => {
            const line = store.at(item.index);
            const isCurrent = item.index === current;
            const children = line ? childKeys(line) : [];
            return (
              <GridRow
                key={item.index}
                name={props.name}
                index={item.index}
                top={item.start}
                height={height}
                line={line}
                columns={columns}
                lead={ticks}
                ticked={line && selection ? tickOf(selection, line.key, children) : 'off'}
                selectable={Boolean(onSelection)}
                active={isCurrent ? active.column : null}
                range={range && item.index >= range.top && item.index <= range.bottom ? range : null}
                editing={isCurrent ? editing : null}
                tone={line && props.tone ? props.tone(line.row) : null}
                open={line !== null && props.openKey === line.key}
                act={act}
              />
            );
          })}
        </div>
        {rows.first ? <Skeleton rows={12} /> : null}
      </div>
      {/* Beside the grid, whose children may be rows only. */}
      {failedEmpty ? (
        <div className="grid-note is-over">
          <ErrorPanel title={t('error.readFailed')} actions={<Button onClick={rows.retry}>{t('act.reload')}</Button>} />
        </div>
      ) : null}
      {!rows.first && !failedEmpty && lineCount === 0 ? <div className="grid-note is-over">{props.empty}</div> : null}
      {rows.error !== null && lineCount > 0 ? (
        <div className="grid-error" role="alert">
          {t('error.readFailed')}
          <Button kind="link" onClick={rows.retry}>
            {t('act.reload')}
          </Button>
        </div>
      ) : null}
      {props.foot ? <div className="grid-foot">{props.foot}</div> : null}
    </div>
  );
}

/** Key of the item a child line belongs to, searched upwards from `start`. */
function parentOf<T>(at: (line: number) => Line<T> | null, start: number, item: number): string | null {
  for (let line = start; line >= 0; line -= 1) {
    const found = at(line);
    if (found?.level === 1 && found.item === item) return found.key;
  }
  return null;
}

function headState(selection: Selection, total: number): 'on' | 'off' | 'part' {
  if (selection.mode === 'all') return selection.keys.size === 0 && total > 0 ? 'on' : 'part';
  return selection.keys.size === 0 ? 'off' : 'part';
}
