import { describe, expect, it } from 'vitest';
import { applyFormula, parseFormula } from './formula';

function price(text: string, fen: number): number | null | 'no formula' {
  const formula = parseFormula(text);
  return formula ? applyFormula(formula, fen) : 'no formula';
}

describe('a price formula', () => {
  it('multiplies and rounds to a fen, without floats', () => {
    expect(price('×0.9', 350)).toBe(315);
    expect(price('*1.1', 29)).toBe(32);
    expect(price('x 0.35', 999)).toBe(350);
    expect(price('＊０．９', 1000)).toBe(900);
  });
  it('understands 折 as merchants say it', () => {
    expect(price('9折', 1000)).toBe(900);
    expect(price('85折', 1000)).toBe(850);
    expect(price('8.5折', 1000)).toBe(850);
  });
  it('adds, takes away and sets', () => {
    expect(price('+0.5', 300)).toBe(350);
    expect(price('−1', 300)).toBe(200);
    expect(price('=3.5', 999)).toBe(350);
    expect(price('3.50', 999)).toBe(350);
  });
  it('never makes a price below nothing', () => {
    expect(price('-5', 300)).toBeNull();
  });
  it('refuses what is no formula', () => {
    for (const text of ['', '×', '×-1', 'abc', '1.234', '×0.9.1', '折']) expect(price(text, 100), text).toBe('no formula');
  });
});
