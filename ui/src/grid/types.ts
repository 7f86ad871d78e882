import type { ReactNode } from 'react';

/** What a cell says about its value besides the value. */
export interface CellState {
  /** Not saved yet; the text it had before. */
  changed?: string;
  /** The value comes from the library and is shown in grey. */
  inherited?: boolean;
  /** Corner at the top right; `note` is its sentence. */
  finding?: 'error' | 'warning';
  note?: string;
  /** Why the cell cannot be edited; also tints it. */
  readOnly?: string;
  /** An empty cell that must (必填) or should (待补) have a value. */
  missing?: 'required' | 'wanted';
}

export interface Column<T> {
  id: string;
  /** Head cell; the name when left out. */
  title?: ReactNode;
  /** Word for the column menu and for assistive technology. */
  name: string;
  /** Width in px before the person changes it. */
  width: number;
  /** Takes its share of the room that is left. */
  grow?: boolean;
  /** Stands at the left while the rest scrolls. */
  frozen?: boolean;
  align?: 'left' | 'right' | 'center';
  sortable?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
  /** Carries the expander and the tree lines. */
  tree?: boolean;
  /** Plain text: what is copied, and what editing starts from. */
  text: (row: T) => string;
  render?: (row: T) => ReactNode;
  state?: (row: T) => CellState | null;
  editable?: (row: T) => boolean;
}

export interface Page<T> {
  rows: T[];
  /** Number of items of the whole set. */
  total: number;
}

export interface PageRequest<T> {
  offset: number;
  limit: number;
  /** Last row of the page before, when it is loaded: for keyset paging. */
  after: T | null;
}

/** Where rows come from. A new `id` is another set; a new `version` is the same set read again. */
export interface RowSource<T> {
  id: string;
  version?: number;
  fetch: (request: PageRequest<T>) => Promise<Page<T>>;
}

export interface Sort {
  column: string;
  descending: boolean;
}

export interface Edit<T> {
  row: T;
  column: string;
  text: string;
}

/** One visible line of the grid. */
export interface Line<T> {
  row: T;
  key: string;
  /** Position in the source, counted in items. */
  item: number;
  /** 1 for an item, 2 for a child. */
  level: 1 | 2;
  /** For a child: whether it is the last one. */
  last: boolean;
  /** For an item: number of children, whatever is folded. */
  children: number;
  expanded: boolean;
}

export interface CellAt {
  line: number;
  column: number;
}
