import { memo, useEffect, useRef, type MouseEvent, type ReactNode, type RefObject } from 'react';
import { composing } from '../shared/hooks';
import { t } from '../shared/messages';
import { IconChevronDown, IconChevronRight } from '../shared/ui/icons';
import type { Box } from './clipboard';
import type { Columns, PlacedColumn } from './columns';
import type { CellState, Line } from './types';

export interface GridRowProps<T> {
  name: string;
  index: number;
  top: number;
  height: number;
  line: Line<T> | null;
  columns: Columns<T>;
  lead: number;
  ticked: 'on' | 'off' | 'part';
  selectable: boolean;
  /** Column of the current cell when it is in this row. */
  active: number | null;
  range: Box | null;
  /** Text being typed into the current cell. */
  editing: string | null;
  tone: 'red' | 'amber' | null;
  open: boolean;
  act: RefObject<RowActions>;
}

/** What a row can ask for. One object for all rows, so that a row is drawn anew only when it shows something else. */
export interface RowActions {
  cell: (index: number, column: number, event: MouseEvent) => void;
  open: (index: number) => void;
  toggle: (key: string) => void;
  tick: (index: number, shift: boolean) => void;
  type: (text: string | null) => void;
}

function Row<T>(props: GridRowProps<T>): ReactNode {
  const { line, columns, index, lead } = props;
  const classes = ['grid-row'];
  if (props.ticked === 'on') classes.push('is-ticked');
  if (props.tone) classes.push(`tone-${props.tone}`);
  if (line && line.children > 0) classes.push('is-parent');
  if (props.open) classes.push('is-open');
  return (
    // Keys are handled once, on the grid (aria-activedescendant).
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      className={classes.join(' ')}
      role="row"
      aria-rowindex={index + 2}
      aria-level={line?.level}
      aria-expanded={line && line.children > 0 ? line.expanded : undefined}
      aria-selected={props.selectable ? props.ticked === 'on' : undefined}
      style={{ transform: `translateY(${props.top}px)`, height: props.height }}
      onDoubleClick={() => props.act.current.open(index)}
    >
      {props.selectable ? (
        <div className="grid-cell is-frozen tick" role="gridcell" aria-colindex={1} style={{ width: lead, left: 0 }}>
          <TickBox
            state={props.ticked}
            label={t('grid.selectRow', { n: index + 1 })}
            onTick={(shift) => props.act.current.tick(index, shift)}
          />
        </div>
      ) : null}
      {columns.placed.map((placed, at) => (
        <Cell key={placed.column.id} row={props} placed={placed} at={at} />
      ))}
    </div>
  );
}

const SHOWN = ['top', 'height', 'columns', 'ticked', 'active', 'range', 'editing', 'tone', 'open', 'index', 'selectable', 'lead'] as const;

function sameLine<T>(before: Line<T> | null, after: Line<T> | null): boolean {
  if (before === null || after === null) return before === after;
  return before.row === after.row && before.expanded === after.expanded && before.last === after.last && before.children === after.children;
}

/** Memoised on what a row shows; ticking one of 100,000 rows draws one. */
export const GridRow = memo(Row, (before, after) => sameLine(before.line, after.line) && SHOWN.every((key) => before[key] === after[key])) as typeof Row;

function Cell<T>({ row, placed, at }: { row: GridRowProps<T>; placed: PlacedColumn<T>; at: number }): ReactNode {
  const { line, columns } = row;
  const { column, width, left } = placed;
  const isActive = row.active === at;
  const frozen = at < columns.frozen;
  const state = line ? (column.state?.(line.row) ?? null) : null;
  const editable = Boolean(line && column.editable?.(line.row));
  const classes = ['grid-cell', `al-${column.align ?? 'left'}`];
  if (frozen) classes.push('is-frozen');
  if (frozen && at === columns.frozen - 1) classes.push('is-edge');
  if (isActive) classes.push('is-active');
  if (editable) classes.push('is-editable');
  if (row.range && at >= row.range.left && at <= row.range.right) classes.push('in-range');
  if (state?.changed !== undefined) classes.push('is-changed');
  if (state?.inherited) classes.push('is-inherited');
  if (state?.readOnly) classes.push('is-readonly');
  if (state?.finding) classes.push(`has-${state.finding}`);
  const editing = isActive && row.editing !== null;
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      id={`${row.name}-${row.index}-${at}`}
      className={classes.join(' ')}
      role="gridcell"
      aria-colindex={at + (row.selectable ? 2 : 1)}
      aria-readonly={editable ? undefined : true}
      style={frozen ? { width, left } : { width }}
      title={noteOf(state)}
      onMouseDown={(event) => {
        if (event.button !== 0 || editing || isControl(event.target)) return;
        event.preventDefault();
        row.act.current.cell(row.index, at, event);
      }}
    >
      {line && column.tree ? <Tree line={line} onToggle={(key) => row.act.current.toggle(key)} /> : null}
      {line ? <Value line={line} placed={placed} state={state} /> : <span className="grid-wait" />}
      {isActive && editable && line ? <Editor label={column.name} editing={row.editing} align={column.align} onType={(text) => row.act.current.type(text)} /> : null}
    </div>
  );
}

function isControl(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button, a, input, [role=button]') !== null;
}

function noteOf(state: CellState | null): string | undefined {
  if (!state) return undefined;
  const parts = [
    state.note,
    state.changed === undefined ? undefined : t('cell.changed', { old: state.changed }),
    state.readOnly === undefined ? undefined : t('cell.readOnly', { why: state.readOnly }),
    state.inherited ? t('cell.inherited') : undefined,
  ].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join('\n') : undefined;
}

function Value<T>({ line, placed, state }: { line: Line<T>; placed: PlacedColumn<T>; state: CellState | null }): ReactNode {
  const { column } = placed;
  const text = column.text(line.row);
  if (text === '' && state?.missing) return <span className={state.missing === 'required' ? 'red' : 'amber'}>{t(`cell.${state.missing}`)}</span>;
  return (
    <>
      {state?.changed === undefined ? null : <s className="grid-old">{state.changed}</s>}
      {column.render ? column.render(line.row) : <span className="cut">{text}</span>}
    </>
  );
}

function Tree<T>({ line, onToggle }: { line: Line<T>; onToggle: (key: string) => void }): ReactNode {
  if (line.level === 2) return <span className={line.last ? 'tree tree-last' : 'tree'} />;
  if (line.children === 0) return <span className="tree-space" />;
  return (
    <button type="button" tabIndex={-1} className="tree-toggle" aria-label={t(line.expanded ? 'act.collapse' : 'act.expand')} onClick={() => onToggle(line.key)}>
      {line.expanded ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
    </button>
  );
}

/**
 * The field of the current editable cell. It has focus before typing starts (so that a
 * composition begins inside it) but stays invisible until the first sign arrives.
 */
function Editor({ label, editing, align, onType }: { label: string; editing: string | null; align: string | undefined; onType: (text: string | null) => void }): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const busy = useRef(false);
  const ready = editing === null;
  useEffect(() => {
    const field = input.current;
    if (!field || busy.current) return;
    if (editing === null) field.value = '';
    else if (field.value !== editing) {
      field.value = editing;
      field.focus({ preventScroll: true });
      field.select();
    }
  }, [editing]);
  return (
    <input
      ref={input}
      className={ready ? 'grid-editor is-ready' : 'grid-editor'}
      style={{ textAlign: align === 'right' ? 'right' : 'left' }}
      aria-label={label}
      data-idle={ready}
      defaultValue=""
      onCompositionStart={() => {
        busy.current = true;
        onType('');
      }}
      onCompositionEnd={(event) => {
        busy.current = false;
        onType(event.currentTarget.value);
      }}
      onInput={(event) => {
        if (!busy.current && !composing({ nativeEvent: event.nativeEvent as InputEvent })) onType(event.currentTarget.value);
      }}
    />
  );
}

export function TickBox({ state, label, onTick }: { state: 'on' | 'off' | 'part'; label: string; onTick: (shift: boolean) => void }): ReactNode {
  return (
    <span className={`tickbox tick-${state}`}>
      <input
        type="checkbox"
        tabIndex={-1}
        aria-label={label}
        checked={state === 'on'}
        ref={(box) => {
          if (box) box.indeterminate = state === 'part';
        }}
        onChange={(event) => onTick(event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)}
      />
    </span>
  );
}
