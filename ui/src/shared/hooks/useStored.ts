import { useCallback, useSyncExternalStore } from 'react';

/*
 * Small things a window remembers (widths, density, folded menu). They belong to this
 * machine's window, not to the shop's data, so they live in localStorage.
 */

const listeners = new Set<() => void>();
const cache = new Map<string, { raw: string | null; value: unknown }>();

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    cache.set(key, { raw: read(key), value });
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Like `useState`, kept under `guitai.<name>`; a value that cannot be read falls back. */
export function useStored<T>(name: string, fallback: T): [T, (next: T) => void] {
  const key = `guitai.${name}`;
  const snapshot = useCallback((): T => {
    const raw = read(key);
    const known = cache.get(key);
    if (known && known.raw === raw) return known.value as T;
    let value: T = fallback;
    if (raw !== null) {
      try {
        value = JSON.parse(raw) as T;
      } catch {
        value = fallback;
      }
    }
    cache.set(key, { raw, value });
    return value;
    // The fallback is a constant of the caller; the cache keeps the first one.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [key]);
  const value = useSyncExternalStore(subscribe, snapshot, snapshot);
  const set = useCallback((next: T) => write(key, next), [key]);
  return [value, set];
}
