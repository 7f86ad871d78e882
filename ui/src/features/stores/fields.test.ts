import { describe, expect, it } from 'vitest';
import { asked, chosen, filled, isBranchCode, missing, warningOf } from './fields';

const field = (key: string, shape: string, secret = false, optional = false) => ({ key, label: key, shape, secret, optional, choices: [], asked_with: null });

/** One of two families, each with a key of its own. */
const families = [
  { ...field('family', 'any', false, true), choices: [{ value: 'a', label: 'A' }, { value: 'b', label: 'B' }] },
  { ...field('id', 'any'), asked_with: { field: 'family', value: 'a' } },
  { ...field('token', 'any'), asked_with: { field: 'family', value: 'b' } },
];

describe('credential fields', () => {
  it('tell a login from an app number (F53)', () => {
    expect(warningOf(field('source', 'digits'), '13800138000')).toBe('cred.warn.phone');
    expect(warningOf(field('source', 'digits'), 'wangjiang@heji.cn')).toBe('cred.warn.mail');
    expect(warningOf(field('source', 'digits'), '34665321')).toBeNull();
    expect(warningOf(field('app_secret', 'hex', true), 'zz12')).toBe('cred.warn.hex');
  });
  it('warn of what cannot be seen and send the value without it', () => {
    expect(warningOf(field('app_id', 'digits'), ' 1234\u200b5 ')).toBe('cred.warn.space');
    expect(filled(['app_id', 'app_secret', 'token'].map((key) => field(key, 'any')), { app_id: ' 1234\u200b5 ', app_secret: '   ', token: 'a　b' })).toEqual({ app_id: '12345', token: 'ab' });
  });
  it('ask for the fields of the chosen family alone, and send the choice along', () => {
    expect(asked(families, {}).map((one) => one.key)).toEqual(['family', 'id']);
    expect(missing(families, { family: 'b', id: 'left over' })).toEqual(['token']);
    expect(filled(families, { family: 'b', id: 'left over', token: 'x' })).toEqual({ family: 'b', token: 'x' });
    expect(filled(families, { id: 'x' })).toEqual({ family: 'a', id: 'x' });
  });
  it('begin with what was chosen before, and send nothing while that stands', () => {
    const start = chosen(families, { family: 'b', token: '••••••••' });
    expect(start).toEqual({ family: 'b' });
    expect(filled(families, start, start)).toEqual({});
    expect(filled(families, { family: 'a' }, start)).toEqual({ family: 'a' });
  });
  it('name what is required and still empty', () => {
    expect(missing([field('a', 'any'), field('b', 'any', true, true), field('c', 'any')], { a: 'x', c: ' ' })).toEqual(['c']);
  });
  it('keep branch numbers to letters and digits (F19b)', () => {
    expect(isBranchCode('1004')).toBe(true);
    expect(isBranchCode('1004　')).toBe(false);
    expect(isBranchCode('望江')).toBe(false);
  });
});
