/*
 * What the api tells while it happens (engine::event). The frame passes every event on
 * (app/main.tsx); parts listen by kind, so that there is one connection only.
 */
import { useEffect, useRef } from 'react';

export type ApiEvent =
  | { kind: 'changed'; tags: string[] }
  | { kind: 'job'; id: number; done: number; total: number; state: string; waiting: string; wait_ms: number }
  | { kind: 'new_exceptions'; count: number; cause: string }
  | { kind: 'connection'; online: boolean }
  | { kind: 'authorization'; account: number; valid: boolean }
  | { kind: 'printer'; id: number; ready: boolean }
  | { kind: 'throttled'; service: string; store: number | null; until: number };

type Listener = (event: ApiEvent) => void;
const listeners = new Set<Listener>();

/** Hands an event of the host to whoever listens; what is no event of ours is ignored. */
export function publishEvent(event: unknown): void {
  if (typeof event !== 'object' || event === null || !('kind' in event)) return;
  for (const listener of listeners) listener(event as ApiEvent);
}

/** Calls `listener` for every event while the component is mounted. */
export function useApiEvent(listener: Listener): void {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    const own: Listener = (event) => latest.current(event);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  }, []);
}
