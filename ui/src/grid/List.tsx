import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { composing, isTextField, useKeys } from '../shared/hooks';

/*
 * A windowed list of rows that are already in memory: proposals, plan steps, tasks. One
 * row is current; arrows, J K, Home, End, PgUp and PgDn move it. For rows that are read
 * page by page, or columns a person may change, use Grid.
 */

export interface ListProps<T> {
  /** Ids of rows start with it. */
  name: string;
  label: string;
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** Height of a row in px. */
  height: (row: T) => number;
  /** Index of the current row; −1 for none. */
  current: number;
  onCurrent: (index: number) => void;
  /** Space on the current row. */
  onSpace?: (row: T) => void;
  /** Enter on the current row, or a double click. */
  onOpen?: (row: T) => void;
  /** Rows that cannot be current, such as the heads of groups. */
  skips?: (row: T) => boolean;
  className?: (row: T) => string;
  render: (row: T, index: number) => ReactNode;
  empty?: ReactNode;
  /** Arrow keys work wherever the focus is on this page. */
  pageKeys?: boolean;
}

/** Only the rows on screen exist in the page. */
export function List<T>(props: ListProps<T>): ReactNode {
  const { rows, current, onCurrent, height, rowKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => {
      const row = rows[index];
      return row === undefined ? 32 : height(row);
    },
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowKey(row);
    },
    overscan: 8,
  });
  useEffect(() => virtual.measure(), [rows, virtual]);
  useEffect(() => {
    if (current >= 0) virtual.scrollToIndex(current, { align: 'auto' });
  }, [current, virtual]);

  const skipped = (index: number): boolean => {
    const row = rows[index];
    return row !== undefined && (props.skips?.(row) ?? false);
  };
  const move = (from: number, by: number): void => {
    const step = by < 0 ? -1 : 1;
    let at = Math.max(0, Math.min(rows.length - 1, from + by));
    while (at >= 0 && at < rows.length && skipped(at)) at += step;
    if (at >= 0 && at < rows.length) onCurrent(at);
  };
  const screen = (): number => Math.max(1, virtual.getVirtualItems().length - 18);
  const moves: Record<string, () => void> = {
    ArrowDown: () => move(current, 1),
    KeyJ: () => move(current, 1),
    ArrowUp: () => move(current, -1),
    KeyK: () => move(current, -1),
    PageDown: () => move(current, screen()),
    PageUp: () => move(current, -screen()),
    Home: () => move(0, 0),
    End: () => move(rows.length - 1, 0),
  };
  useKeys(moves, 'page', props.pageKeys ?? false);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (composing(event) || isTextField(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[current];
    const own = event.target === scroller.current;
    const run = event.code === 'Space' && own && row !== undefined && props.onSpace ? () => props.onSpace?.(row) : event.code === 'Enter' && own && row !== undefined && props.onOpen ? () => props.onOpen?.(row) : moves[event.code];
    if (!run || event.shiftKey) return;
    event.preventDefault();
    run();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      ref={scroller}
      className="list"
      // A grid holds rows; where there are none it is a part of the page with a note in it.
      role={rows.length === 0 ? 'region' : 'grid'}
      aria-label={props.label}
      aria-rowcount={rows.length === 0 ? undefined : rows.length}
      aria-activedescendant={current >= 0 && current < rows.length ? `${props.name}-${current}` : undefined}
      tabIndex={0}
      data-region="main"
      onKeyDown={onKeyDown}
    >
      {rows.length === 0 ? (
        <div className="grid-note">{props.empty}</div>
      ) : (
        <div role="rowgroup" style={{ position: 'relative', height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const classes = ['list-row', item.index === current ? 'is-current' : '', props.className?.(row) ?? ''];
            return (
              // Keys are handled once, on the list (aria-activedescendant).
              // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
              <div
                key={item.key}
                id={`${props.name}-${item.index}`}
                className={classes.filter(Boolean).join(' ')}
                role="row"
                aria-rowindex={item.index + 1}
                aria-selected={item.index === current}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
                onMouseDown={() => {
                  if (!skipped(item.index)) onCurrent(item.index);
                }}
                onDoubleClick={() => props.onOpen?.(row)}
              >
                <div className="list-cell" role="gridcell">
                  {props.render(row, item.index)}
                </div>
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}
