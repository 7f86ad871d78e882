import { useRef, type ReactNode } from 'react';
import { t } from '../shared/messages';
import { IconArrowDown, IconArrowUp } from '../shared/ui/icons';
import type { Columns, PlacedColumn } from './columns';
import { TickBox } from './GridRow';
import type { Sort } from './types';

export interface GridHeadProps<T> {
  columns: Columns<T>;
  height: number;
  lead: number;
  sort: Sort | null;
  onSort?: ((next: Sort | null) => void) | undefined;
  tick: 'on' | 'off' | 'part';
  onTick?: (() => void) | undefined;
}

/** Sticky head: ticks, titles that sort, borders that resize. */
export function GridHead<T>({ columns, height, lead, sort, onSort, tick, onTick }: GridHeadProps<T>): ReactNode {
  return (
    <div className="grid-head" role="rowgroup" style={{ height, minWidth: columns.total }}>
      <div role="row" aria-rowindex={1} className="grid-headrow">
        {onTick ? (
          <div className="grid-cell is-frozen tick" role="columnheader" aria-colindex={1} aria-label={t('grid.selectAll')} style={{ width: lead, left: 0 }}>
            <TickBox state={tick} label={t('grid.selectAll')} onTick={onTick} />
          </div>
        ) : null}
        {columns.placed.map((placed, at) => (
          <HeadCell key={placed.column.id} columns={columns} placed={placed} at={at} index={at + (onTick ? 2 : 1)} sort={sort} onSort={onSort} />
        ))}
      </div>
    </div>
  );
}

/** First click sorts upwards, then downwards, then not at all. */
export function nextSort(sort: Sort | null, column: string): Sort | null {
  if (sort?.column !== column) return { column, descending: false };
  return sort.descending ? null : { column, descending: true };
}

function HeadCell<T>({ columns, placed, at, index, sort, onSort }: { columns: Columns<T>; placed: PlacedColumn<T>; at: number; index: number; sort: Sort | null; onSort: ((next: Sort | null) => void) | undefined }): ReactNode {
  const { column, width, left } = placed;
  const frozen = at < columns.frozen;
  const sorted = sort?.column === column.id ? sort : null;
  const start = useRef<{ x: number; width: number } | null>(null);
  const classes = ['grid-cell', `al-${column.align ?? 'left'}`];
  if (frozen) classes.push('is-frozen');
  if (frozen && at === columns.frozen - 1) classes.push('is-edge');
  const title = column.title ?? column.name;
  return (
    <div className={classes.join(' ')} role="columnheader" aria-colindex={index} aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : undefined} style={frozen ? { width, left } : { width }}>
      {column.sortable && onSort ? (
        <button
          type="button"
          className="grid-sort"
          title={t(sorted && !sorted.descending ? 'grid.sortDesc' : 'grid.sortAsc')}
          onClick={() => onSort(nextSort(sort, column.id))}
          onKeyDown={(event) => {
            const by = event.code === 'ArrowLeft' ? -16 : event.code === 'ArrowRight' ? 16 : 0;
            if (!event.altKey || by === 0) return;
            event.preventDefault();
            columns.resize(column.id, width + by);
          }}
        >
          <span className="cut">{title}</span>
          {sorted ? sorted.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} /> : null}
        </button>
      ) : (
        <span className="cut">{title}</span>
      )}
      <span
        className="grid-resize"
        aria-hidden
        title={t('grid.resize', { name: column.name })}
        onPointerDown={(event) => {
          event.preventDefault();
          start.current = { x: event.clientX, width };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          if (start.current) columns.resize(column.id, start.current.width + event.clientX - start.current.x);
        }}
        onPointerUp={() => {
          start.current = null;
        }}
      />
    </div>
  );
}
