/** A filter combination under a name of the manager's own. */
export interface SavedView extends Narrowing {
  name: string;
}

/** What narrows the grid, as it stands in the address of the page. */
export interface Narrowing {
  q?: string;
  view?: string;
  category?: number;
  state?: string;
  /** Prices in fen, both ends included. */
  from?: number;
  to?: number;
}

/** The key under which the settings of the data folder keep them. */
export const VIEWS_KEY = 'library_views';

/** So many can be kept; the api refuses more. */
export const MOST_VIEWS = 50;

const TEXTS = ['q', 'view', 'state'] as const;
const NUMBERS = ['category', 'from', 'to'] as const;

/** Only what narrows, in a fixed order, so that two of them can be compared as text. */
export function narrowingOf(from: Readonly<Record<string, unknown>>): Narrowing {
  const out: Narrowing = {};
  for (const key of TEXTS) {
    const value = from[key];
    if (typeof value === 'string' && value !== '' && !(key === 'view' && value === 'all')) out[key] = value;
  }
  for (const key of NUMBERS) {
    const value = from[key];
    if (typeof value === 'number') out[key] = value;
  }
  return out;
}

export function isSame(a: Narrowing, b: Narrowing): boolean {
  return JSON.stringify(narrowingOf({ ...a })) === JSON.stringify(narrowingOf({ ...b }));
}

/** Reads the setting; what is damaged or from elsewhere is left out, never an error. */
export function readViews(text: string | undefined): SavedView[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    if (!Array.isArray(list)) return [];
    return list.flatMap((one: unknown): SavedView[] => {
      if (typeof one !== 'object' || one === null) return [];
      const fields = one as Record<string, unknown>;
      return typeof fields['name'] === 'string' && fields['name'] !== '' ? [{ name: fields['name'], ...narrowingOf(fields) }] : [];
    });
  } catch {
    return [];
  }
}

/** With one more; the same name is replaced where it stands. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const at = views.findIndex((one) => one.name === view.name);
  return at < 0 ? [...views, view].slice(-MOST_VIEWS) : views.with(at, view);
}
