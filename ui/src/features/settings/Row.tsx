import { useState, type ReactNode } from 'react';
import { composing } from '../../shared/hooks';

/** A setting: name and what it means at the left, its control at the right. */
export function Row({ name, note, children }: { name: string; note?: string; children: ReactNode }): ReactNode {
  return (
    <div className="set-row">
      <div className="grow">
        <div>{name}</div>
        {note ? <div className="t3 small">{note}</div> : null}
      </div>
      <div className="set-control">{children}</div>
    </div>
  );
}

/** A text that is saved by Enter or on leaving, and only when it is good. */
export function TextSetting({ value, label, unit, width = 64, bad, isGood, onSave }: { value: string; label: string; unit?: string; width?: number; bad: string; isGood: (text: string) => boolean; onSave: (text: string) => void }): ReactNode {
  const [edited, setEdited] = useState<string | null>(null);
  const typed = edited ?? value;
  const good = isGood(typed.trim());
  const save = (): void => {
    if (!good) return;
    if (typed.trim() !== value) onSave(typed.trim());
    setEdited(null);
  };
  return (
    <>
      {good ? null : <span className="red small">{bad}</span>}
      <input
        className="field set-text"
        style={{ width }}
        value={typed}
        aria-label={label}
        aria-invalid={!good}
        onChange={(event) => setEdited(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.code === 'Enter' && !composing(event)) save();
        }}
      />
      {unit ? <span className="t2">{unit}</span> : null}
    </>
  );
}

export function isTime(text: string): boolean {
  return text === '' || /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

export function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

