export interface ProductHit {
  id: string;
  name: string;
  code: string;
  search: string;
}
export function useProductHits(_query: string): ProductHit[] {
  return [];
}
