/*
 * What the window's frame shows of the shop. The frame only knows this shape; which
 * commands fill it is decided in useFrameData.
 */
import { useSyncExternalStore } from 'react';

export interface FrameStore {
  id: string;
  name: string;
  platform: string;
}

export interface Wait {
  /** Who is waiting, in words. */
  who: string;
  /** When it goes on, UTC milliseconds. */
  until: number;
}

/** What the frame shows of printing. */
export interface Printing {
  /** Printers in use. */
  printers: number;
  /** Labels of those whose light is red. */
  down: readonly string[];
  /** Slips that wait for the manager. */
  asks: number;
}

export interface FrameData {
  stores: readonly FrameStore[];
  /** Number beside a menu entry. `red` is a badge, only for exceptions and dead authorizations. */
  counts: Readonly<Record<string, { value: number; tone: 'plain' | 'amber' | 'red' }>>;
  /** The last call to a platform got through. */
  online: boolean;
  runningTasks: number;
  waitingToSend: number;
  lastReadAt: number | null;
  wait: Wait | null;
  printing: Printing;
  backupAt: number | null;
  /** True while nothing is in the shop: no store and no product. */
  fresh: boolean;
  /** True once something is in it; before the first answer neither is. */
  begun: boolean;
}

export const NO_DATA: FrameData = { stores: [], counts: {}, online: true, runningTasks: 0, waitingToSend: 0, lastReadAt: null, wait: null, printing: { printers: 0, down: [], asks: 0 }, backupAt: null, fresh: false, begun: false };

function subscribeOnline(listener: () => void): () => void {
  globalThis.addEventListener('online', listener);
  globalThis.addEventListener('offline', listener);
  return () => {
    globalThis.removeEventListener('online', listener);
    globalThis.removeEventListener('offline', listener);
  };
}

/** Whether the machine has a network at all. */
export function useOnline(): boolean {
  return useSyncExternalStore(subscribeOnline, () => navigator.onLine);
}
