import type { Host } from './host';

export { systemOf, toWireError } from './host';
export type { FileFilter, Host, SaveRequest, WindowControls, WireError } from './host';

let chosen: Host | null = null;

/** Chooses the host once, before the first render. */
export async function openHost(): Promise<Host> {
  if ('__TAURI_INTERNALS__' in globalThis) {
    chosen = (await import('./tauri')).tauriHost();
  } else {
    chosen = (await import('./http')).httpHost();
  }
  return chosen;
}

/** The host chosen at start. */
export function host(): Host {
  if (!chosen) throw new Error('openHost() has not run');
  return chosen;
}

/** Puts a host in place; for tests. */
export function useHostForTests(value: Host): void {
  chosen = value;
}
