import type { Product, Sku } from '../../api/contract';

/** A line of the library's grid: a product, or one SKU of a product with several. */
export interface Row {
  key: string;
  product: Product;
  /** The SKU of this line: the own one of a SKU line, the only one of a single-spec product. */
  sku: Sku | null;
  children: Row[];
}

export function rowOf(product: Product): Row {
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

/** Lowest and highest price of a product, null when none has one. */
export function priceRange(product: Product): [number, number] | null {
  const prices = product.skus.flatMap((sku) => (sku.price_fen === null ? [] : [sku.price_fen]));
  return prices.length === 0 ? null : [Math.min(...prices), Math.max(...prices)];
}
