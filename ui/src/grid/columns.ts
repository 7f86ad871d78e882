import { useMemo } from 'react';
import { useStored } from '../shared/hooks';
import type { Column } from './types';

/** What a person changed about the columns of one grid. */
export interface ColumnSettings {
  widths: Record<string, number>;
  hidden: string[];
  order: string[];
}

const PLAIN: ColumnSettings = { widths: {}, hidden: [], order: [] };
const MIN = 40;

export interface PlacedColumn<T> {
  column: Column<T>;
  width: number;
  /** Left edge inside the frozen part. */
  left: number;
}

export interface Columns<T> {
  placed: PlacedColumn<T>[];
  /** Every column in its order, hidden ones too. */
  all: { column: Column<T>; hidden: boolean }[];
  /** Width of all columns, tick column included. */
  total: number;
  /** Number of frozen ones at the left. */
  frozen: number;
  changed: boolean;
  resize: (id: string, width: number) => void;
  hide: (id: string, hidden: boolean) => void;
  move: (id: string, step: 1 | -1) => void;
  reset: () => void;
}

/** Frozen columns first, then the person's order; unknown ones keep their place. */
export function arrange<T>(columns: readonly Column<T>[], settings: ColumnSettings): Column<T>[] {
  const place = (column: Column<T>, at: number): number => {
    const wanted = settings.order.indexOf(column.id);
    return (column.frozen ? 0 : 10_000) + (wanted < 0 ? at : wanted);
  };
  return columns
    .map((column, at) => ({ column, at: place(column, at) }))
    .toSorted((a, b) => a.at - b.at)
    .map((entry) => entry.column);
}

/** Widths, order and visibility of the columns, remembered under the grid's name. */
export function useColumns<T>(name: string, columns: readonly Column<T>[], lead: number, room: number): Columns<T> {
  const [settings, store] = useStored<ColumnSettings>(`grid.${name}`, PLAIN);
  return useMemo(() => {
    const ordered = arrange(columns, settings);
    const visible = ordered.filter((column) => !settings.hidden.includes(column.id));
    const widthOf = (column: Column<T>): number => settings.widths[column.id] ?? column.width;
    const natural = lead + visible.reduce((sum, column) => sum + widthOf(column), 0);
    const growing = visible.filter((column) => column.grow && settings.widths[column.id] === undefined);
    const extra = growing.length > 0 ? Math.max(0, Math.floor((room - natural) / growing.length)) : 0;
    let left = lead;
    const placed = visible.map((column) => {
      const width = widthOf(column) + (growing.includes(column) ? extra : 0);
      const here = { column, width, left };
      left += width;
      return here;
    });
    const ids = ordered.map((column) => column.id);
    return {
      placed,
      all: ordered.map((column) => ({ column, hidden: settings.hidden.includes(column.id) })),
      total: left,
      frozen: visible.filter((column) => column.frozen).length,
      changed: Object.keys(settings.widths).length + settings.hidden.length + settings.order.length > 0,
      resize: (id, width) => store({ ...settings, widths: { ...settings.widths, [id]: Math.max(MIN, Math.round(width)) } }),
      hide: (id, hidden) => store({ ...settings, hidden: hidden ? [...settings.hidden, id] : settings.hidden.filter((one) => one !== id) }),
      move: (id, step) => {
        const at = ids.indexOf(id);
        const to = at + step;
        if (at < 0 || to < 0 || to >= ids.length) return;
        const order = [...ids];
        order.splice(at, 1);
        order.splice(to, 0, id);
        store({ ...settings, order });
      },
      reset: () => store(PLAIN),
    };
  }, [columns, settings, store, lead, room]);
}
