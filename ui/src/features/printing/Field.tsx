import type { ReactNode } from 'react';

/** A label, its control, and below what belongs there or what is wrong with it. */
export function Field({ label, note, fault, children }: { label: string; note?: string; fault?: string | null; children: ReactNode }): ReactNode {
  return (
    <div className="pr-field">
      <span className="t2 small">{label}</span>
      {children}
      {fault ? (
        <span className="red small" role="status">
          {fault}
        </span>
      ) : note ? (
        <span className="t3 small">{note}</span>
      ) : null}
    </div>
  );
}
