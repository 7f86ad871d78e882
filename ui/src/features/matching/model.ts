import type { MatchCandidate, MatchRow } from '../../api/generated';

/** What the manager decided about a row since the page was opened. */
export interface Decision {
  row: MatchRow;
  what: 'bound' | 'refused' | 'later';
  /** The library SKU it was about. */
  sku: number | null;
  /** Undo batch of a binding. */
  batch: number | null;
}

export type Decisions = ReadonlyMap<number, Decision>;
export const NO_DECISIONS: Decisions = new Map();

export const KINDS = ['sure', 'look', 'without', 'surplus'] as const;
export type Kind = (typeof KINDS)[number];

/** A line of the list: a row, or the head of rows that share a code. */
export type Item = { head: string; code: string; rows: number } | { row: MatchRow; head?: undefined };

export function keyOf(item: Item): string {
  return item.head === undefined ? String(item.row.listing_sku) : `head ${item.head}`;
}

export function scoreOf(row: MatchRow): number {
  return row.candidates[0]?.score ?? 0;
}

/** The code a surplus row shares with others. */
export function sharedCode(row: MatchRow): string {
  const [best] = row.candidates;
  return row.barcode || best?.barcode || row.outer_sku_code || best?.item_code || '';
}

/** Its best partner was found by a code, not by its name. */
export function byCode(row: MatchRow): boolean {
  return row.kind === 'surplus' || (row.candidates[0]?.reasons.some((reason) => reason.supports && (reason.code === 'same_barcode' || reason.code === 'same_code')) ?? false);
}

/** Rows of the store plus those that were bound meanwhile and stay in sight. */
export function withDecided(rows: readonly MatchRow[], decided: Decisions): MatchRow[] {
  const here = new Set(rows.map((row) => row.listing_sku));
  const kept = [...decided.values()].filter((one) => one.what === 'bound' && !here.has(one.row.listing_sku)).map((one) => one.row);
  // A bound row keeps the kind under which it was seen, so that it does not wander to another tab.
  return [...rows.map((row) => ({ ...row, kind: decided.get(row.listing_sku)?.row.kind ?? row.kind })), ...kept];
}

/** The lines of one tab in their order; rows that share a code stand together under a head. */
export function itemsOf(rows: readonly MatchRow[], filter: { kind: Kind | 'code' | 'left'; search: string; rising: boolean }): Item[] {
  const text = filter.search.trim().toLowerCase();
  const fits = (row: MatchRow): boolean => {
    if (filter.kind === 'code' ? !byCode(row) : filter.kind !== 'left' && row.kind !== filter.kind) return false;
    return text === '' || [row.name, row.barcode, row.outer_sku_code, row.remote_id, row.candidates[0]?.name ?? ''].some((field) => field.toLowerCase().includes(text));
  };
  const found = rows.filter(fits).toSorted((a, b) => (filter.rising ? scoreOf(a) - scoreOf(b) : scoreOf(b) - scoreOf(a)) || a.listing_sku - b.listing_sku);
  if (filter.kind !== 'surplus') return found.map((row) => ({ row }));
  const groups = new Map<string, MatchRow[]>();
  for (const row of found) groups.set(sharedCode(row), [...(groups.get(sharedCode(row)) ?? []), row]);
  return [...groups].flatMap(([code, members]): Item[] => [{ head: code, code, rows: members.length }, ...members.map((row) => ({ row }))]);
}

export interface Sums {
  total: number;
  bound: number;
  /** Not bound now. */
  left: number;
  /** Bound since the page was opened. */
  now: number;
  /** Of those, by a code. */
  nowByCode: number;
  /** Not bound, one partner by code. */
  ready: number;
  kinds: Record<Kind, number>;
  groups: number;
}

/** The arithmetic of F22 over what is shown, so that every sum adds up. */
export function sumsOf(total: number, rows: readonly MatchRow[], decided: Decisions): Sums {
  const bound = new Set([...decided.values()].filter((one) => one.what === 'bound').map((one) => one.row.listing_sku));
  const open = rows.filter((row) => !bound.has(row.listing_sku));
  const count = (kind: Kind): number => open.filter((row) => row.kind === kind).length;
  return {
    total,
    bound: total - open.length,
    left: open.length,
    now: bound.size,
    nowByCode: [...decided.values()].filter((one) => one.what === 'bound' && byCode(one.row)).length,
    ready: open.filter((row) => row.kind !== 'surplus' && byCode(row)).length,
    kinds: { sure: count('sure'), look: count('look'), without: count('without'), surplus: count('surplus') },
    groups: new Set(open.filter((row) => row.kind === 'surplus').map(sharedCode)).size,
  };
}

export type Verdict = 'same' | 'near' | 'differs' | 'unknown';

/** How two fields stand to each other; an empty one says nothing. */
export function verdict(theirs: string, ours: string): Verdict {
  if (theirs === '' || ours === '') return 'unknown';
  if (theirs === ours) return 'same';
  const plain = (text: string): string => text.normalize('NFKC').replaceAll(/[\s()（）[\]【】]/g, '').toLowerCase();
  const [a, b] = [plain(theirs), plain(ours)];
  return a === b || a.includes(b) || b.includes(a) || overlap(a, b) >= 0.5 ? 'near' : 'differs';
}

/** Share of signs of the shorter text that the longer one has too. */
function overlap(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const rest = [...long];
  let hits = 0;
  for (const sign of short) {
    const at = rest.indexOf(sign);
    if (at >= 0) {
      hits += 1;
      rest.splice(at, 1);
    }
  }
  return short.length === 0 ? 0 : hits / [...short].length;
}

/** What a single-spec product calls its size, else its spec. */
export function specOf(candidate: MatchCandidate): string {
  return candidate.size_text !== '' && candidate.size_text !== candidate.spec_name && candidate.spec_name === '单规格' ? `${candidate.spec_name} ${candidate.size_text}` : candidate.spec_name;
}
