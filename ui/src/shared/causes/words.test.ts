import { describe, expect, it } from 'vitest';
import type { ExceptionGroupView, RemedyView } from '../../api/generated';
import { setWords } from '../errors';
import { bestRemedy, causeSentence, goLabel } from './words';

const remedy = (kind: string, more: Partial<RemedyView> = {}): RemedyView => ({ kind, params: {}, action: { kind }, opens: '', sure: true, ...more });
const group = (cause: string, remedies: RemedyView[]): ExceptionGroupView => ({ cause, orders: 137, remedies, params: {} }) as unknown as ExceptionGroupView;

describe('the button of a cause', () => {
  it('runs the first remedy that is sure and needs no page, and carries the number', () => {
    const best = bestRemedy(group('F01b', [remedy('choose_binding', { opens: 'matching', sure: false }), remedy('reread'), remedy('repush')]));
    expect(best?.kind).toBe('reread');
    expect(best && goLabel(best, 1370)).toBe('重新读取并重推 1,370 单');
  });
  it('is none when only a plain repush is left, or when the outcome is unknown', () => {
    expect(bestRemedy(group('F19a', [remedy('edit_field', { opens: 'sku', sure: false }), remedy('repush')]))).toBeNull();
    expect(bestRemedy(group('UNKNOWN', [remedy('reread')]))).toBeNull();
  });
  it('says that an ERP item must be chosen while none is sure', () => {
    expect(goLabel(remedy('relink_erp', { opens: 'erp_picker' }), 5)).toBe('选 ERP 商品');
  });
});

describe('the sentence of a cause', () => {
  it('falls back to its name rather than show a hole', () => {
    setWords({ finding: { F03: { what: 'ERP 里找不到商品编码 {code}', why: '换一个' } } });
    expect(causeSentence('F03', { code: '1' }).what).toBe('ERP 里找不到商品编码 1');
    expect(causeSentence('F03', {})).toEqual({ what: 'ERP 商品被删除，编号对不上', why: '换一个' });
    setWords({});
  });
});
