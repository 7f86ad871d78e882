import { describe, expect, it } from 'vitest';
import { filled, isBranchCode, missing, warningOf } from './fields';

const field = (key: string, shape: string, secret = false, optional = false) => ({ key, label: key, shape, secret, optional, choices: [] });

describe('credential fields', () => {
  it('tell a login from an app number (F53)', () => {
    expect(warningOf(field('source', 'digits'), '13800138000')).toBe('cred.warn.phone');
    expect(warningOf(field('source', 'digits'), 'wangjiang@heji.cn')).toBe('cred.warn.mail');
    expect(warningOf(field('source', 'digits'), '34665321')).toBeNull();
    expect(warningOf(field('app_secret', 'hex', true), 'zz12')).toBe('cred.warn.hex');
  });
  it('warn of what cannot be seen and send the value without it', () => {
    expect(warningOf(field('app_id', 'digits'), ' 1234\u200b5 ')).toBe('cred.warn.space');
    expect(filled({ app_id: ' 1234\u200b5 ', app_secret: '   ', token: 'a　b' })).toEqual({ app_id: '12345', token: 'ab' });
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
