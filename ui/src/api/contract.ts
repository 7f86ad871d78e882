/*
 * The commands the window calls: name -> request and response. Field names are those of
 * the Rust side (snake_case); ids are row ids, remote ids and codes are text, money is
 * fen, times are UTC milliseconds. Written by hand until the types exported from Rust
 * take this file's place (api/client.ts and app/ import `Commands` from here only).
 */

export type PlatformState = 'synced' | 'pending' | 'review' | 'warning' | 'rejected' | 'off' | 'none';

export interface StoreRow {
  id: number;
  platform: string;
  remote_id: string;
  name: string;
  state: 'none' | 'valid' | 'expired' | 'revoked' | 'vault_unavailable';
  expires_at: number | null;
}

export interface Sku {
  id: number;
  spec_name: string;
  item_code: string;
  barcode: string;
  unit: string;
  price_fen: number | null;
  stock: number | null;
}

export interface Product {
  id: number;
  name: string;
  category: string | null;
  /** Content hash of the main picture. */
  picture: string | null;
  /** Its only SKU is called 单规格. */
  single: boolean;
  skus: Sku[];
  /** Worst state of each platform's stores; a platform that is missing has no offer. */
  platforms: { platform: string; state: PlatformState }[];
  errors: number;
  warnings: number;
}

export interface FindingRow {
  id: string;
  severity: 'hint' | 'warning' | 'error';
  params: Record<string, string>;
  raw: string | null;
}

export interface ProductDetail {
  product: Product;
  category_path: string[];
  pictures: string[];
  /** Bound of all, on the platforms' side and on the ERP's. */
  chain: { platform: { bound: number; total: number }; erp: { bound: number; total: number } };
  stores: { store: number; name: string; platform: string; state: PlatformState; price_fen: number | null; inherited: boolean; at: number | null; note: string | null }[];
  findings: FindingRow[];
  history: { batch: number; at: number; who: string; kind: string; rows: number; old: string | null; new: string | null }[];
}

export type SkuField = 'spec_name' | 'item_code' | 'barcode' | 'unit' | 'price';

export interface ProductEdit {
  /** `name` belongs to the product, the other fields to the SKU. */
  product: number;
  sku: number | null;
  field: 'name' | SkuField;
  /** Text as typed; a price in yuan. */
  value: string;
}

export interface ImportColumn {
  index: number;
  title: string;
  /** What it was recognised as. */
  field: string | null;
  samples: string[];
}

export interface ImportCounts {
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  rejected: { row: number; column: string; reason: string; value: string }[];
}

export interface Commands {
  /** Words that belong to codes, as a nested table. */
  messages_get: { request: { lang: string }; response: unknown };
  /** Opens the simulated shop: its stores, ERP, products and orders. */
  demo_open: { request: Record<string, never>; response: { products: number; stores: number } };
  stores_list: { request: Record<string, never>; response: { stores: StoreRow[] } };
  products_list: {
    request: { search: string; view: string; stores: number[] | null; sort: { column: string; descending: boolean } | null; offset: number; limit: number };
    response: { total: number; total_skus: number; products: Product[] };
  };
  products_views: { request: { stores: number[] | null }; response: { views: { id: string; count: number }[] } };
  product_get: { request: { id: number }; response: ProductDetail };
  products_edit: { request: { edits: ProductEdit[] }; response: { batch: number; changed: number } };
  history_undo: { request: { batch: number | null }; response: { changed: number } };
  import_preview: { request: { path: string; mapping: Record<string, string | null> | null }; response: { columns: ImportColumn[]; fields: string[]; counts: ImportCounts } };
  import_run: { request: { path: string; mapping: Record<string, string | null> | null }; response: ImportCounts & { batch: number | null } };
  library_export: { request: { path: string }; response: { rows: number } };
}
