/* What the command palette offers. Pages add their own actions while they are shown. */
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface PaletteAction {
  id: string;
  /** Verb first: 推送库存. */
  label: string;
  /** Further words it is found by, e.g. pinyin initials. */
  words?: string;
  hint?: string;
  run: () => void;
}

let groups: PaletteAction[][] = [];
let flat: PaletteAction[] = [];
const listeners = new Set<() => void>();

function publish(next: PaletteAction[][]): void {
  groups = next;
  flat = next.flat();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Offers actions in the palette while the component is mounted. Ids and labels decide when to renew them. */
export function usePaletteActions(actions: PaletteAction[]): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  const key = actions.map((action) => `${action.id}\n${action.label}`).join('\n');
  useEffect(() => {
    const group = latest.current.map((action) => ({
      ...action,
      run: () => latest.current.find((one) => one.id === action.id)?.run(),
    }));
    publish([...groups, group]);
    return () => publish(groups.filter((one) => one !== group));
  }, [key]);
}

export function useAllActions(): PaletteAction[] {
  return useSyncExternalStore(subscribe, () => flat);
}
