import type { CredentialFieldView, StoreFieldView } from '../../api/generated';
import { cleaned } from '../../shared/format';
import type { StoresWord } from './messages';

export { cleaned };

/** What looks wrong with a value before it is sent; it warns, it never forbids. */
export function warningOf(field: Pick<CredentialFieldView, 'shape' | 'secret'>, value: string): StoresWord | null {
  const text = cleaned(value);
  if (text === '') return null;
  // F53: the store's login instead of the app's number.
  if (!field.secret && /^1[3-9]\d{9}$/.test(text)) return 'cred.warn.phone';
  if (text.includes('@')) return 'cred.warn.mail';
  if (field.shape === 'digits' && !/^\d+$/.test(text)) return 'cred.warn.digits';
  if (field.shape === 'hex' && !/^[0-9a-f]+$/i.test(text)) return 'cred.warn.hex';
  return text === value ? null : 'cred.warn.space';
}

/** What a field has: what was put in, else the first of its choices where others hang on it. */
function valueIn(fields: readonly CredentialFieldView[], values: Readonly<Record<string, string>>, key: string): string {
  return cleaned(values[key] ?? '') || (fields.find((field) => field.key === key)?.choices[0]?.value ?? '');
}

/** The fields that are asked for, given what was chosen. */
export function asked(fields: readonly CredentialFieldView[], values: Readonly<Record<string, string>>): CredentialFieldView[] {
  return fields.filter((field) => field.asked_with === null || valueIn(fields, values, field.asked_with.field) === field.asked_with.value);
}

/** Whether other fields hang on this one, so that it has its first choice from the start. */
export function decides(fields: readonly CredentialFieldView[], key: string): boolean {
  return fields.some((field) => field.asked_with?.field === key);
}

/** What was chosen before, of the fields on which others hang. */
export function chosen(fields: readonly CredentialFieldView[], held: Readonly<Record<string, string>>): Record<string, string> {
  const deciding = fields.filter((field) => decides(fields, field.key) && field.choices.some((one) => one.value === held[field.key]));
  return Object.fromEntries(deciding.map((field) => [field.key, held[field.key] ?? '']));
}

/** The fields that are asked for and were filled in, cleaned; a choice on which others hang goes along. Nothing where all stands as at the start. */
export function filled(fields: readonly CredentialFieldView[], values: Readonly<Record<string, string>>, start: Readonly<Record<string, string>> = {}): Record<string, string> {
  const out: Record<string, string> = {};
  let own = false;
  for (const { key } of asked(fields, values)) {
    const text = cleaned(values[key] ?? '');
    if (text !== '' && text !== start[key]) own = true;
    const value = decides(fields, key) ? valueIn(fields, values, key) : text;
    if (value !== '') out[key] = value;
  }
  return own ? out : {};
}

/** Required fields that are still empty. */
export function missing(fields: readonly CredentialFieldView[], values: Readonly<Record<string, string>>): string[] {
  return asked(fields, values).filter((field) => !field.optional && cleaned(values[field.key] ?? '') === '').map((field) => field.key);
}

/** F19b: the ERP reads letters and digits only. */
export function isBranchCode(code: string): boolean {
  return /^[0-9A-Za-z]*$/.test(code);
}

/** What is wrong with a value that a platform wants of a store; nothing when it is empty or sound. */
export function storeFieldFault(field: Pick<StoreFieldView, 'shape'>, value: string): StoresWord | null {
  const text = value.trim();
  if (text === '') return null;
  if (field.shape === 'phone' && !/^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4})$/.test(text)) return 'field.phone';
  if (field.shape === 'money' && !/^\d{1,4}(\.\d{1,2})?$/.test(text)) return 'field.money';
  return null;
}

/** The values of a store's own fields, without blanks around them. */
export function trimmed(fields: readonly StoreFieldView[], values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field.key, (values[field.key] ?? '').trim()]));
}
