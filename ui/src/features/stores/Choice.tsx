import type { ReactNode } from 'react';
import { PlatformMark } from '../../shared/ui';

/** One answer of a question, as a row that can be clicked. */
export function Choice({ name, on, title, note, mark, tag, off = false, onChoose }: { name: string; on: boolean; title: ReactNode; note?: ReactNode; mark?: string; tag?: ReactNode; off?: boolean; onChoose: () => void }): ReactNode {
  return (
    <label className={on ? 'remedy is-on' : 'remedy'}>
      <input type="radio" name={name} checked={on} disabled={off} onChange={onChoose} />
      {mark ? <PlatformMark platform={mark} decorative /> : null}
      <span className="grow">
        <span>{title}</span>
        {note ? <span className="t2 small remedy-note">{note}</span> : null}
      </span>
      {tag}
    </label>
  );
}
