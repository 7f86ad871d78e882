import { useState, type ReactNode } from 'react';
import { ConfirmDialog } from '../../shared/ui';
import { l, type LibraryWord } from './messages';

/** The cell a remedy asks the manager to fill. */
export interface FieldWish {
  sku: number;
  field: string;
  value: string;
}

/** Reads which cell a remedy means; null when it means none. */
export function wishOf(action: unknown, value: (sku: number, field: string) => string): FieldWish | null {
  if (typeof action !== 'object' || action === null || !('sku' in action) || !('field' in action)) return null;
  const { sku, field } = action;
  return typeof sku === 'number' && typeof field === 'string' ? { sku, field, value: value(sku, field) } : null;
}

function label(field: string): string {
  const key = `field.${field}`;
  return key in l.tables['zh-CN'] ? l(key as LibraryWord) : field;
}

/** One field, filled in place. */
export function FieldFix({ wish, busy, onSave, onClose }: { wish: FieldWish; busy: boolean; onSave: (value: string) => void; onClose: () => void }): ReactNode {
  const [text, setText] = useState(wish.value);
  return (
    <ConfirmDialog title={label(wish.field)} confirm={l('fix.save')} busy={busy ? l('batch.saving') : null} blocked={text.trim() === wish.value ? l('batch.same') : null} onConfirm={() => onSave(text.trim())} onClose={onClose}>
      {/* The dialog is about this field. */}
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
      <input className="field lib-wide" autoFocus value={text} aria-label={label(wish.field)} onChange={(event) => setText(event.target.value)} />
    </ConfirmDialog>
  );
}
