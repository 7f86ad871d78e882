import type { ReactNode } from 'react';
import type { CredentialFieldView } from '../../api/generated';
import { Field } from './Field';
import { p } from './messages';

/** What an account of a printer cloud asks for; `masked` where some of it is set already. */
export function CredentialInputs({ fields, values, masked, onChange }: { fields: readonly CredentialFieldView[]; values: Readonly<Record<string, string>>; masked?: Readonly<Record<string, string>>; onChange: (key: string, value: string) => void }): ReactNode {
  return (
    <>
      {fields.map((field) => {
        const now = masked?.[field.key];
        return (
          <Field key={field.key} label={field.label}>
            <input
              className="field"
              type={field.secret ? 'password' : 'text'}
              autoComplete="off"
              spellCheck={false}
              value={values[field.key] ?? ''}
              placeholder={now === undefined ? p('cred.need') : p('cred.keep', { masked: now })}
              aria-label={field.label}
              onChange={(event) => onChange(field.key, event.target.value)}
            />
          </Field>
        );
      })}
    </>
  );
}
