import { useCall } from '../api/queries';

export interface ProductHit {
  id: number;
  name: string;
  code: string;
  /** What the library page has to search for to show it. */
  search: string;
}

/** The first products a search finds, for the palette. */
export function useProductHits(query: string): ProductHit[] {
  const answer = useCall('library_list', { search: query, category: null, view: 'all', state: '', stores: [], sort: '', descending: false, offset: 0, limit: 5 }, ['products'], { enabled: query !== '' });
  if (query === '') return [];
  return (
    answer.data?.products.map((product) => ({
      id: product.id,
      name: product.name,
      code: product.skus[0]?.barcode ?? '',
      search: query,
    })) ?? []
  );
}
