import { describe, expect, it } from 'vitest';
import { defineMessages, fill, setLanguage } from '../shared/messages';

interface Tables {
  tables: Record<'zh-CN' | 'en', Record<string, string>>;
}

const modules = import.meta.glob<Record<string, unknown>>(['../**/messages.ts', '../shared/messages/index.ts'], { eager: true });

function tablesOf(module: Record<string, unknown>): Tables['tables'][] {
  return Object.values(module).flatMap((value) => (typeof value === 'function' && 'tables' in value ? [(value as unknown as Tables).tables] : []));
}

const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').toSorted();

describe('words', () => {
  const found = Object.entries(modules).flatMap(([path, module]) => tablesOf(module).map((tables) => ({ path, tables })));
  it('exist in both languages with the same parameters', () => {
    expect(found.length).toBeGreaterThanOrEqual(2);
    for (const { path, tables } of found) {
      expect(Object.keys(tables.en).toSorted(), path).toEqual(Object.keys(tables['zh-CN']).toSorted());
      for (const [key, zh] of Object.entries(tables['zh-CN'])) {
        const en = tables.en[key] ?? '';
        expect(zh.trim(), `${path} ${key}`).not.toBe('');
        expect(en.trim(), `${path} ${key}`).not.toBe('');
        expect(holes(en), `${path} ${key}`).toEqual(holes(zh));
      }
    }
  });
  it('in Chinese follow the house style: no 请 first, no exclamation marks, full-width punctuation', () => {
    for (const { path, tables } of found) {
      for (const [key, zh] of Object.entries(tables['zh-CN'])) {
        expect(zh, `${path} ${key}`).not.toMatch(/^请|[!！]|亲|操作成功|请求异常|映射|实体/);
        expect(zh, `${path} ${key}`).not.toMatch(/[\u4e00-\u9fff][,;:?]/);
      }
    }
  });
  it('keep an unknown parameter visible', () => {
    expect(fill('有 {n} 单', { m: 1 })).toBe('有 {n} 单');
    expect(fill('有 {n} 单', { n: 0 })).toBe('有 0 单');
  });
  it('take the word for one where there is one', () => {
    const text = '{n} {n|order|orders}';
    expect([fill(text, { n: 1 }), fill(text, { n: '1' }), fill(text, { n: 0 }), fill(text, { n: '1,001' })]).toEqual(['1 order', '1 order', '0 orders', '1,001 orders']);
    expect(fill(text, { m: 1 })).toBe(text);
  });
  it('follow the language', () => {
    const words = defineMessages({ one: '一' }, { one: 'one' });
    setLanguage('en');
    expect(words('one')).toBe('one');
    setLanguage('zh-CN');
    expect(words('one')).toBe('一');
  });
});
