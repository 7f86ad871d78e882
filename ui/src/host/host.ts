/*
 * What the page needs from the program around it. Two implementations: tauri.ts
 * (the desktop app, the only place that names Tauri) and http.ts (the devhost, for
 * browser tests and machines without a display). Nothing above this folder knows
 * which one it has.
 */

/** Why a call failed, as the api reports it. `code` picks the words, `detail` is for the log. */
export interface WireError {
  code: string;
  params?: Record<string, unknown>;
  detail?: string | null;
  trace?: string | null;
}

export interface FileFilter {
  /** Dialog title. */
  title: string;
  /** Extensions without the dot; empty takes every file. */
  extensions: string[];
  /** Several files at once. */
  multiple?: boolean;
}

export interface SaveRequest {
  title: string;
  /** Proposed file name with its extension. */
  name: string;
  extensions: string[];
}

export interface WindowControls {
  /** True when the page draws the window buttons itself (Windows). */
  buttons: boolean;
  /** Pixels to keep free at the left of the head (macOS traffic lights). */
  inset: number;
  minimize: () => void;
  toggleMaximize: () => void;
  close: () => void;
  /** Shows the window: called once after the first paint, so there is no white flash. */
  show: () => void;
}

export interface Host {
  kind: 'tauri' | 'http';
  platform: 'windows' | 'macos' | 'linux';
  /** Calls one api command; rejects with a {@link WireError}. */
  rpc: (cmd: string, payload: unknown) => Promise<unknown>;
  /** Loads the page anew, once every call that is under way has been answered. */
  reload: () => void;
  /** Subscribes to api events; returns the unsubscribe function. */
  onEvent: (listener: (event: unknown) => void) => () => void;
  /** Paths the api can read; empty when the person changed their mind. */
  pickFile: (filter: FileFilter) => Promise<string[]>;
  pickFolder: (title: string) => Promise<string | null>;
  /** A path to write to, or null. */
  saveFile: (request: SaveRequest) => Promise<string | null>;
  /** A notification of the operating system. */
  notify: (title: string, body: string) => Promise<void>;
  /** Address of a stored picture by content hash; `side` asks for a thumbnail of that edge in px. */
  pictureUrl: (hash: string, side?: number) => string;
  window: WindowControls;
}

/** Turns whatever a transport threw into a {@link WireError}. */
export function toWireError(cause: unknown): WireError {
  if (typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string') {
    return cause as WireError;
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return { code: 'host_unreachable', detail: text };
}

/** The operating system as far as key names and window buttons care. */
export function systemOf(userAgent: string): Host['platform'] {
  if (/Mac/i.test(userAgent)) return 'macos';
  return /Windows/i.test(userAgent) ? 'windows' : 'linux';
}
