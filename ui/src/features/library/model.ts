import type { PlatformState, ProductRow, SkuRow } from '../../api/generated';
import { SYNC_STATES, type SyncState } from '../../shared/ui';

/** A line of the library's grid: a product, or one SKU of a product with several. */
export interface Row {
  key: string;
  product: ProductRow;
  /** The SKU of this line: the own one of a SKU line, the only one of a single-spec product. */
  sku: SkuRow | null;
  children: Row[];
}

export function rowOf(product: ProductRow): Row {
  const only = product.skus.length === 1 ? (product.skus[0] ?? null) : null;
  return {
    key: String(product.id),
    product,
    sku: only,
    children: only ? [] : product.skus.map((sku) => ({ key: `${product.id}/${sku.id}`, product, sku, children: [] })),
  };
}

/** A SKU line under its product. */
export function isChild(row: Row): boolean {
  return row.key.includes('/');
}

/** From the most to the least urgent, for a product's one mark per platform. */
const URGENCY: readonly SyncState[] = ['rejected', 'warning', 'pending', 'review', 'off', 'synced', 'none'];

/** A state as the api names it; what the window does not know counts as a warning. */
export function syncState(state: string): SyncState {
  return SYNC_STATES.find((one) => one === state) ?? 'warning';
}

/** State of a line on a platform: its own, or the most urgent of its SKUs. */
export function stateOn(row: Row, platform: string): SyncState {
  const of = (states: readonly PlatformState[]): SyncState => syncState(states.find((one) => one.platform === platform)?.state ?? 'none');
  const all = row.sku ? [of(row.sku.states)] : row.product.skus.map((sku) => of(sku.states));
  return URGENCY.find((state) => all.includes(state)) ?? 'none';
}
