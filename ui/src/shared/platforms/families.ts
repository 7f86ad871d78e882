/** Two platforms that are mixed up, told apart by one question; its words are `family.<id>…`. */
export interface Family {
  id: 'meituan' | 'ele';
  /** What the answer means: platform ids. */
  yes: string;
  no: string;
}

/** What decides: a menu entry of the merchant console (F31a), or which merchant app one signs in with (F46). */
export const FAMILIES: readonly Family[] = [
  { id: 'meituan', yes: 'meituan_shangou', no: 'meituan_waimai' },
  { id: 'ele', yes: 'ebai', no: 'eleme' },
];
