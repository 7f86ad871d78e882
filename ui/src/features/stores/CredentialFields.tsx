import { Select } from 'antd';
import type { ReactNode } from 'react';
import type { CredentialFieldView, StoreFieldView } from '../../api/generated';
import { IconTriangleAlert } from '../../shared/ui/icons';
import { asked, decides, storeFieldFault, warningOf } from './fields';
import { s } from './messages';

export interface CredentialFieldsProps {
  fields: readonly CredentialFieldView[];
  values: Readonly<Record<string, string>>;
  onChange: (key: string, value: string) => void;
  /** What is set already, masked; then nothing is required. */
  masked?: Readonly<Record<string, string>>;
}

/** What authorizing asks for, in the merchant's words, with a warning beside what looks wrong. */
export function CredentialFields({ fields, values, onChange, masked }: CredentialFieldsProps): ReactNode {
  return (
    <div className="st-fields">
      {asked(fields, values).map((field) => {
        const value = values[field.key] ?? (decides(fields, field.key) ? (field.choices[0]?.value ?? '') : '');
        const warning = warningOf(field, value);
        const now = masked?.[field.key];
        const hint = now !== undefined && now !== '' ? s('cred.keep', { masked: now }) : field.optional ? s('cred.optional') : s('cred.need');
        return (
          <FieldRow key={field.key} label={field.label} warning={warning === null ? null : s(warning)}>
            {field.choices.length > 0 ? (
              <Select
                value={value === '' ? null : value}
                placeholder={hint}
                options={field.choices.map((one) => ({ value: one.value, label: one.label }))}
                aria-label={field.label}
                onChange={(chosen: string) => onChange(field.key, chosen)}
              />
            ) : (
              <input
                className="field"
                type={field.secret ? 'password' : 'text'}
                autoComplete="off"
                spellCheck={false}
                value={value}
                placeholder={hint}
                aria-label={field.label}
                onChange={(event) => onChange(field.key, event.target.value)}
              />
            )}
          </FieldRow>
        );
      })}
    </div>
  );
}

/** What a platform wants to know of each store: no secrets, shown as they are. */
export function StoreFields({ fields, values, onChange }: { fields: readonly StoreFieldView[]; values: Readonly<Record<string, string>>; onChange: (key: string, value: string) => void }): ReactNode {
  return (
    <>
      {fields.map((field) => {
        const value = values[field.key] ?? '';
        const fault = storeFieldFault(field, value);
        return (
          <FieldRow key={field.key} label={field.label} warning={fault === null ? null : s(fault)}>
            <input className="field" value={value} placeholder={field.needed ? s('field.needed') : s('cred.optional')} aria-label={field.label} onChange={(event) => onChange(field.key, event.target.value)} />
          </FieldRow>
        );
      })}
    </>
  );
}

/** A label, its control, and what is wrong with it. */
export function FieldRow({ label, note, warning, children }: { label: string; note?: string; warning?: string | null; children: ReactNode }): ReactNode {
  return (
    <div className="st-field">
      <span className="t2 small">{label}</span>
      {children}
      {warning ? (
        <span className="amber small st-warning" role="status">
          <IconTriangleAlert size={14} />
          {warning}
        </span>
      ) : note ? (
        <span className="t3 small">{note}</span>
      ) : null}
    </div>
  );
}
