import type { CellAt } from './types';

/* Where a key moves the current cell. Pure, so that it can be tested key by key. */

export interface Extent {
  lines: number;
  columns: number;
  /** Lines of one screen. */
  page: number;
}

type Keys = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

const clamp = (value: number, top: number): number => Math.max(0, Math.min(top, value));

/** The cell the key leads to, or null when it is not a movement. `letters` lets J and K walk rows. */
export function moveTo(from: CellAt, event: Keys, extent: Extent, letters: boolean): CellAt | null {
  const step = stepOf(event, extent, letters);
  if (!step) return null;
  return {
    line: clamp(step.line === undefined ? from.line + (step.down ?? 0) : step.line, extent.lines - 1),
    column: clamp(step.column === undefined ? from.column + (step.right ?? 0) : step.column, extent.columns - 1),
  };
}

interface Step {
  down?: number;
  right?: number;
  line?: number;
  column?: number;
}

function stepOf(event: Keys, extent: Extent, letters: boolean): Step | null {
  const mod = event.ctrlKey || event.metaKey;
  if (event.altKey) return null;
  const last = { line: extent.lines - 1, column: extent.columns - 1 };
  switch (event.code) {
    case 'ArrowDown':
      return mod ? { line: last.line } : { down: 1 };
    case 'ArrowUp':
      return mod ? { line: 0 } : { down: -1 };
    case 'ArrowRight':
      return mod ? { column: last.column } : { right: 1 };
    case 'ArrowLeft':
      return mod ? { column: 0 } : { right: -1 };
    case 'PageDown':
      return { down: extent.page };
    case 'PageUp':
      return { down: -extent.page };
    case 'Home':
      return mod || letters ? { line: 0, column: 0 } : { column: 0 };
    case 'End':
      return mod || letters ? { ...last } : { column: last.column };
    case 'KeyJ':
      return letters && !mod && !event.shiftKey ? { down: 1 } : null;
    case 'KeyK':
      return letters && !mod && !event.shiftKey ? { down: -1 } : null;
    default:
      return null;
  }
}
