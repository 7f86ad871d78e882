import { call } from '../../api/client';
import type { LibraryQuery, ProductRow, SkuRow } from '../../api/generated';
import { isTicked, type Selection } from '../../grid';

/** What is ticked: products, and of each the SKUs. */
export interface Ticked {
  products: ProductRow[];
  skus: { product: ProductRow; sku: SkuRow }[];
}

const STEP = 500;

function take(products: readonly ProductRow[], selection: Selection): Ticked {
  const out: Ticked = { products: [], skus: [] };
  for (const product of products) {
    const single = product.skus.length === 1;
    const skus = product.skus.filter((sku) => isTicked(selection, single ? String(product.id) : `${product.id}/${sku.id}`));
    if (skus.length === 0) continue;
    out.products.push(product);
    for (const sku of skus) out.skus.push({ product, sku });
  }
  return out;
}

/** How many products are ticked; in `all` mode those that match less the exceptions. */
export function tickedCount(selection: Selection, total: number): number {
  const products = new Set([...selection.keys].map((key) => key.split('/')[0]));
  if (selection.mode === 'some') return products.size;
  const out = [...selection.keys].filter((key) => !key.includes('/')).length;
  return Math.max(0, total - out);
}

/** Reads what is ticked: from the rows on hand when they hold it all, else page by page. */
export async function gather(selection: Selection, onHand: readonly ProductRow[], query: Omit<LibraryQuery, 'offset' | 'limit'>): Promise<Ticked> {
  const here = [...new Map(onHand.map((product) => [product.id, product])).values()];
  if (selection.mode === 'some') {
    const known = new Set(here.map((product) => String(product.id)));
    if ([...selection.keys].every((key) => known.has(key.split('/')[0] ?? ''))) return take(here, selection);
  }
  const all: ProductRow[] = [];
  for (;;) {
    const page = await call('library_list', { ...query, offset: all.length, limit: STEP });
    all.push(...page.products);
    if (page.products.length === 0 || all.length >= page.total) return take(all, selection);
  }
}
