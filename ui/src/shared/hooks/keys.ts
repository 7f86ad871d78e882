/*
 * The keyboard layer. Keys are named by `event.code` (a Chinese input method may swallow
 * `key`), nothing happens while something is being composed, single letters work only
 * when no text field has focus, and a page's key beats a global one.
 */
import { useEffect, useRef } from 'react';

/** `Mod` is Ctrl, on macOS ⌘. Order of parts: Mod, Alt, Shift, code: `Mod+Shift+KeyZ`. */
export type Combo = string;
export type KeyMap = Record<Combo, (event: KeyboardEvent) => void>;
export type KeyScope = 'dialog' | 'page' | 'global';

interface Composing {
  isComposing?: boolean;
  keyCode?: number;
  nativeEvent?: { isComposing?: boolean; keyCode?: number };
}

/** True while an input method owns the keys: Enter, Esc and arrows belong to it. */
export function composing(event: Composing): boolean {
  const native = event.nativeEvent ?? event;
  return native.isComposing === true || native.keyCode === 229;
}

/** Name of the pressed keys, as used in a {@link KeyMap}. */
export function comboOf(event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): Combo {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push('Mod');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey) parts.push('Shift');
  parts.push(event.code === 'NumpadEnter' ? 'Enter' : event.code);
  return parts.join('+');
}

/** Whether typing goes into this element. */
export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type);
}

/** Combos that may run while a text field has focus. */
function worksInText(combo: Combo): boolean {
  return /^(Mod|Alt)\+/.test(combo) || /^F\d+$/.test(combo);
}

/** A field that waits for its first sign, as that of a grid's current cell, has no text of its own to undo. */
function isIdle(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.dataset['idle'] === 'true';
}

/** In a text field these belong to the text. */
const TEXT_OWNED = new Set(['Mod+KeyA', 'Mod+KeyC', 'Mod+KeyV', 'Mod+KeyX', 'Mod+KeyZ', 'Mod+KeyY', 'Mod+Shift+KeyZ']);

/** A focused button keeps Enter for itself, so that 取消 cancels; one that only chooses (a radio) leaves it to the dialog. */
function ownsEnter(target: EventTarget | null): boolean {
  const pushed = target instanceof HTMLElement ? target.closest('button, a[href], summary') : null;
  return pushed !== null && !['radio', 'option', 'tab'].includes(pushed.getAttribute('role') ?? '');
}

interface Layer {
  scope: KeyScope;
  keys: { current: KeyMap };
}

const layers: Layer[] = [];

function dispatch(event: KeyboardEvent): void {
  if (event.defaultPrevented || composing(event)) return;
  const combo = comboOf(event);
  if (isTextField(event.target) && (!worksInText(combo) || (TEXT_OWNED.has(combo) && !isIdle(event.target)))) return;
  if (combo === 'Enter' && ownsEnter(event.target)) return;
  // An open dialog owns the keyboard.
  const scopes: readonly KeyScope[] = dialogOpen() ? ['dialog'] : ['page', 'global'];
  for (const scope of scopes) {
    for (let at = layers.length - 1; at >= 0; at -= 1) {
      const layer = layers[at];
      const run = layer?.scope === scope ? layer.keys.current[combo] : undefined;
      if (!run) continue;
      event.preventDefault();
      run(event);
      return;
    }
  }
}

/** Whether a modal dialog is up. */
export function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"]') !== null;
}

let listening = false;

function listenOnce(): void {
  if (listening) return;
  listening = true;
  globalThis.addEventListener('keydown', dispatch);
  globalThis.addEventListener('keydown', escape, true);
}

/** Registers keys while the component is mounted; `active` switches them off. */
export function useKeys(keys: KeyMap, scope: KeyScope = 'page', active = true): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    if (!active) return undefined;
    listenOnce();
    const layer: Layer = { scope, keys: latest };
    layers.push(layer);
    return () => {
      layers.splice(layers.indexOf(layer), 1);
    };
  }, [scope, active]);
}

// Esc closes the topmost thing only.
const closers: { current: () => void }[] = [];

function escape(event: KeyboardEvent): void {
  if (event.code !== 'Escape' || composing(event)) return;
  const top = closers.at(-1);
  if (!top) return;
  event.preventDefault();
  event.stopPropagation();
  top.current();
}

/** While `open`, Esc calls `close`, unless something opened later is still up. */
export function useEscape(open: boolean, close: () => void): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!open) return undefined;
    listenOnce();
    closers.push(latest);
    return () => {
      closers.splice(closers.indexOf(latest), 1);
    };
  }, [open]);
}

/** Longest pause between two keys of a scanner, in milliseconds; people are slower. */
const SCAN_GAP = 45;

/**
 * A scanner is fast digits followed by Enter. Returns the code once it is complete.
 * Fed with every keydown; keeps its own memory.
 */
export function scanReader(): (event: Pick<KeyboardEvent, 'key' | 'timeStamp'>) => string | null {
  let digits = '';
  let last = 0;
  return (event) => {
    const quick = event.timeStamp - last < SCAN_GAP;
    last = event.timeStamp;
    if (/^\d$/.test(event.key)) {
      digits = quick ? digits + event.key : event.key;
      return null;
    }
    const code = event.key === 'Enter' && quick && digits.length >= 8 ? digits : null;
    digits = '';
    return code;
  };
}

/** Calls `found` with a scanned code, from anywhere except another text field. */
export function useScanner(found: (code: string) => void): void {
  const latest = useRef(found);
  useEffect(() => {
    latest.current = found;
  });
  useEffect(() => {
    const read = scanReader();
    const listen = (event: KeyboardEvent): void => {
      if (isTextField(event.target) || composing(event)) return;
      const code = read(event);
      if (code === null) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current(code);
    };
    globalThis.addEventListener('keydown', listen, true);
    return () => globalThis.removeEventListener('keydown', listen, true);
  }, []);
}

/** How a combo is written on a button: `Ctrl Enter`, on macOS `⌘ Enter`. */
export function comboText(combo: Combo, mac: boolean): string {
  const names: Record<string, string> = {
    Mod: mac ? '⌘' : 'Ctrl',
    Alt: mac ? '⌥' : 'Alt',
    Slash: '/',
    Escape: 'Esc',
    Space: 'Space',
    ArrowUp: '↑',
    ArrowDown: '↓',
  };
  if (combo === 'Shift+Slash') return '?';
  return combo
    .split('+')
    .map((part) => names[part] ?? part.replace(/^(Key|Digit)/, ''))
    .join(' ');
}
