import type { ClipboardEvent, KeyboardEvent, RefObject } from 'react';
import { composing } from '../shared/hooks';
import { boxOf, fromTsv, spread, toTsv, type Box } from './clipboard';
import type { Columns } from './columns';
import type { GridProps } from './Grid';
import { moveTo } from './navigate';
import type { PageStore } from './rows';
import { setTicked, tickAll } from './selection';
import type { CellAt, Edit, Line } from './types';

/* What the keys and the clipboard do in a grid (visual guide, part 4). */

interface Parts<T> {
  active: CellAt;
  anchor: CellAt | null;
  lineCount: number;
  columns: Columns<T>;
  height: number;
  scroller: RefObject<HTMLDivElement | null>;
  editing: string | null;
  lineAt: (line: number) => Line<T> | null;
  go: (cell: CellAt, extend?: boolean) => void;
  focusGrid: () => void;
  setEditing: (text: string | null) => void;
  setAnchor: (cell: CellAt | null) => void;
  toggle: (key: string) => void;
  tick: (line: Line<T>, wanted?: boolean) => void;
  props: GridProps<T>;
  store: PageStore<T>;
}

export interface GridKeys<T> {
  onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void;
  onCopy: (event: ClipboardEvent<HTMLDivElement>) => void;
  onCut: (event: ClipboardEvent<HTMLDivElement>) => void;
  onPaste: (event: ClipboardEvent<HTMLDivElement>) => void;
  open: (index: number, line: Line<T>) => void;
}

export function useGridKeys<T>(parts: Parts<T>): GridKeys<T> {
  const { active, columns, props, lineAt, focusGrid } = parts;
  const go = (cell: CellAt, extend = false): void => {
    parts.go(cell, extend);
    focusGrid();
  };
  const range = (): Box => boxOf(parts.anchor ?? active, active);
  const columnAt = (at: number) => columns.placed[at]?.column;
  const canEdit = (line: Line<T> | null, at: number): boolean => {
    const column = columnAt(at);
    return Boolean(props.onEdit && line && column?.editable?.(line.row));
  };
  const textAt = (line: number, at: number): string => {
    const found = lineAt(line);
    return found ? (columnAt(at)?.text(found.row) ?? '') : '';
  };
  const editsFor = (cells: readonly { line: number; column: number; text: string }[]): Edit<T>[] => {
    const edits: Edit<T>[] = [];
    for (const cell of cells) {
      const line = lineAt(cell.line);
      const column = columnAt(cell.column);
      if (line && column && canEdit(line, cell.column) && column.text(line.row) !== cell.text) {
        edits.push({ row: line.row, column: column.id, text: cell.text });
      }
    }
    return edits;
  };
  const send = (cells: readonly { line: number; column: number; text: string }[]): void => {
    const edits = editsFor(cells);
    if (edits.length > 0) props.onEdit?.(edits);
  };

  const commit = (): void => {
    if (parts.editing !== null) send([{ ...active, text: parts.editing }]);
    parts.setEditing(null);
  };

  const copyText = (): string => {
    const box = range();
    const out: string[][] = [];
    for (let line = box.top; line <= box.bottom; line += 1) {
      const row: string[] = [];
      for (let at = box.left; at <= box.right; at += 1) row.push(textAt(line, at));
      out.push(row);
    }
    return toTsv(out);
  };

  /** Ctrl D repeats the first line of the range, Ctrl R its first column. */
  const fillRange = (down: boolean): void => {
    const box = range();
    const cells: { line: number; column: number; text: string }[] = [];
    // With a single cell the value comes from the neighbour above or at the left.
    const alone = down ? box.top === box.bottom : box.left === box.right;
    const from = alone ? -1 : 0;
    for (let line = box.top; line <= box.bottom; line += 1) {
      for (let at = box.left; at <= box.right; at += 1) {
        const text = down ? textAt(box.top + from, at) : textAt(line, box.left + from);
        cells.push({ line, column: at, text });
      }
    }
    if (down ? box.top + from >= 0 : box.left + from >= 0) send(cells);
  };

  const emptyRange = (): void => {
    const box = range();
    const cells: { line: number; column: number; text: string }[] = [];
    for (let line = box.top; line <= box.bottom; line += 1) {
      for (let at = box.left; at <= box.right; at += 1) cells.push({ line, column: at, text: '' });
    }
    send(cells);
  };

  const whileEditing = (event: KeyboardEvent): boolean => {
    if (parts.editing === null) return false;
    const next = { ...active };
    if (event.code === 'Enter' || event.code === 'NumpadEnter') next.line += event.shiftKey ? -1 : 1;
    else if (event.code === 'Tab') next.column += event.shiftKey ? -1 : 1;
    else if (event.code === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      parts.setEditing(null);
      focusGrid();
      return true;
    } else return true;
    event.preventDefault();
    commit();
    go({ line: Math.max(0, Math.min(parts.lineCount - 1, next.line)), column: Math.max(0, Math.min(columns.placed.length - 1, next.column)) });
    return true;
  };

  const open = (index: number, line: Line<T>): void => {
    if (index === active.line && canEdit(line, active.column)) parts.setEditing(textAt(index, active.column));
    else props.onOpen?.(line.row);
  };

  const withMod = (event: KeyboardEvent): boolean => {
    if (!(event.ctrlKey || event.metaKey)) return false;
    if (event.code === 'KeyA' && props.onSelection && props.selection) props.onSelection(tickAll(props.selection, parts.store.loadedKeys()));
    else if (event.code === 'KeyD' && props.onEdit) fillRange(true);
    else if (event.code === 'KeyR' && props.onEdit) fillRange(false);
    else return false;
    event.preventDefault();
    return true;
  };

  const treeKey = (event: KeyboardEvent, line: Line<T>): boolean => {
    if (line.children === 0 || !columnAt(active.column)?.tree) return false;
    const wants = event.code === 'ArrowRight' ? true : event.code === 'ArrowLeft' ? false : null;
    if (wants === null || wants === line.expanded) return false;
    parts.toggle(line.key);
    event.preventDefault();
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (composing(event) || event.defaultPrevented) return;
    if (event.target instanceof Element && event.target.closest('.grid-head')) return;
    if (whileEditing(event) || withMod(event)) return;
    const line = lineAt(active.line);
    const letters = !props.onEdit;
    if (line && treeKey(event, line)) return;
    const next = moveTo(active, event, { lines: parts.lineCount, columns: columns.placed.length, page: Math.max(1, Math.floor((parts.scroller.current?.clientHeight ?? 0) / parts.height) - 2) }, letters);
    if (next && parts.lineCount > 0) {
      event.preventDefault();
      if (event.shiftKey && letters && props.selection && props.onSelection && next.line !== active.line) {
        const from = lineAt(active.line);
        const into = lineAt(next.line);
        props.onSelection(setTicked(props.selection, [from, into].flatMap((one) => (one ? [one.key] : [])), true));
      }
      go(next, event.shiftKey);
      return;
    }
    if (!line) return;
    if (event.code === 'Space' && props.onSelection) parts.tick(line);
    else if (event.code === 'F2' && canEdit(line, active.column)) parts.setEditing(textAt(active.line, active.column));
    else if (event.code === 'Enter' || event.code === 'NumpadEnter') {
      if (canEdit(line, active.column)) go({ ...active, line: Math.min(parts.lineCount - 1, active.line + 1) });
      else props.onOpen?.(line.row);
    } else if (event.code === 'Tab' && props.onEdit) {
      const column = active.column + (event.shiftKey ? -1 : 1);
      // At the edge of a row Tab leaves the grid, so nobody is caught in it.
      if (column < 0 || column >= columns.placed.length) return;
      go({ ...active, column });
    } else if ((event.code === 'Delete' || event.code === 'Backspace') && props.onEdit) emptyRange();
    else return;
    event.preventDefault();
  };

  const onCopy = (event: ClipboardEvent<HTMLDivElement>): void => {
    if (parts.editing !== null) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', copyText());
  };
  return {
    onKeyDown,
    onCopy,
    onCut(event) {
      if (parts.editing !== null) return;
      onCopy(event);
      if (props.onEdit) emptyRange();
    },
    onPaste(event) {
      if (parts.editing !== null || !props.onEdit) return;
      event.preventDefault();
      const values = fromTsv(event.clipboardData.getData('text/plain'));
      const first = values[0];
      if (!first) return;
      send(spread(values, range()));
      const box = range();
      if (values.length > 1 || first.length > 1) {
        parts.setAnchor({ line: box.top + values.length - 1, column: box.left + first.length - 1 });
      }
    },
    open,
  };
}
