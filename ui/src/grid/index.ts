/*
 * Our own windowed tree grid. Read Grid.tsx first (GridProps), then types.ts (Column,
 * RowSource). It knows nothing about shops: rows come from a RowSource, edits go out as
 * texts per cell, and ticked rows are a filter plus exceptions (selection.ts).
 */
export { DENSITIES, Grid } from './Grid';
export type { Density, GridHandle, GridProps } from './Grid';
export { ColumnMenu, DensityMenu } from './GridTools';
export { List } from './List';
export type { ListProps } from './List';
export { TickBox } from './GridRow';
export type { Columns } from './columns';
export { EVERYTHING, isEmpty, isTicked, NOTHING, setTicked, tickAll } from './selection';
export type { Selection } from './selection';
export type { CellState, Column, Edit, Page, PageRequest, RowSource, Sort } from './types';
