import { describe, expect, it } from 'vitest';
import { ago, bytes, clock, codePoint, fullTime, grouped, invisible, middle, money, moneyRange, orderGroups, parseYuan, shortTime, span, weekday, yuan, yuanInput } from '.';

describe('money', () => {
  it('groups thousands and keeps two decimals', () => {
    expect(money(101_860)).toBe('¥1,018.60');
    expect(money(5)).toBe('¥0.05');
    expect(money(0)).toBe('¥0.00');
    expect(yuan(123_456_789_01)).toBe('123,456,789.01');
  });
  it('writes a minus as U+2212 before the sign', () => {
    expect(money(-2600)).toBe('\u2212¥26.00');
    expect(yuan(-1)).toBe('\u22120.01');
    expect(grouped(-1234)).toBe('\u22121,234');
  });
  it('shows one price when both ends agree', () => {
    expect(moneyRange(350, 4200)).toBe('¥3.50–42.00');
    expect(moneyRange(350, 350)).toBe('¥3.50');
  });
  it('reads what people type and paste, without floats', () => {
    expect(parseYuan('3.5')).toBe(350);
    expect(parseYuan('¥1,018.60')).toBe(101_860);
    expect(parseYuan('１２．３０')).toBe(1230);
    expect(parseYuan('\u221226')).toBe(-2600);
    expect(parseYuan('0.29')).toBe(29);
    expect(parseYuan('4.350')).toBe(435);
    expect(parseYuan('-0')).toBe(0);
  });
  it('refuses what is no amount or has parts of a fen', () => {
    for (const text of ['', 'abc', '1.234', '1.2.3', '--1', '1e3']) expect(parseYuan(text)).toBeNull();
  });
  it('gives back for editing what it reads', () => {
    for (const fen of [0, 1, 350, 101_860, -2600]) expect(parseYuan(yuanInput(fen))).toBe(fen);
  });
});

describe('time in Asia/Shanghai', () => {
  const at = Date.UTC(2026, 10, 20, 6, 26, 2);
  const words = { yesterday: '昨' };
  it('is eight hours ahead of UTC', () => {
    expect(fullTime(at)).toBe('2026-11-20 14:26:02');
    expect(clock(at)).toBe('14:26');
    expect(weekday(at)).toBe(5);
  });
  it('shortens by the Shanghai day, not the UTC day', () => {
    expect(shortTime(at, at + 1000, words)).toBe('14:26');
    // 22:41 the evening before, and 00:30 of the same Shanghai day that is still yesterday in UTC.
    expect(shortTime(Date.UTC(2026, 10, 19, 14, 41), at, words)).toBe('昨 22:41');
    expect(shortTime(Date.UTC(2026, 10, 19, 16, 30), at, words)).toBe('00:30');
    expect(shortTime(Date.UTC(2026, 10, 18, 1, 5), at, words)).toBe('11-18 09:05');
    expect(shortTime(Date.UTC(2025, 10, 18, 1, 5), at, words)).toBe('2025-11-18');
  });
  it('says how long ago something was, in the largest whole words', () => {
    const words = { now: 'now', minutes: (n: number) => `${n}m`, hours: (n: number) => `${n}h`, days: (n: number) => `${n}d` };
    const minute = 60_000;
    for (const [minutes, told] of [
      [0, 'now'],
      [3, '3m'],
      [59, '59m'],
      [60, '1h'],
      [47 * 60, '47h'],
      [48 * 60, '2d'],
    ] as const) {
      expect(ago(0, minutes * minute, words)).toBe(told);
    }
    // A clock that was put back makes nothing that is still to come.
    expect(ago(minute, 0, words)).toBe('now');
  });

  it('names a length of time in its largest words', () => {
    const zh = { seconds: (n: number) => `${n} 秒`, minutes: (n: number) => `${n} 分`, hours: (h: number, m: number) => `${h} 时 ${m} 分`, days: (n: number) => `${n} 天` };
    expect(span(12_400, zh)).toBe('12 秒');
    expect(span(114_000, zh)).toBe('1 分');
    expect(span(6 * 3_600_000 + 14 * 60_000, zh)).toBe('6 时 14 分');
    expect(span(3 * 86_400_000, zh)).toBe('3 天');
  });
});

describe('codes', () => {
  it('puts the ellipsis in the middle and never at the end', () => {
    expect(middle('10223111500047340021', 13)).toBe('10223111…0021');
    expect(middle('6922255447838', 13)).toBe('6922255447838');
  });
  it('groups order numbers so that joining gives them back', () => {
    const number = '201174203316884502';
    expect(orderGroups(number)).toEqual(['2011', '7420', '3316', '8845', '02']);
    expect(orderGroups(number).join('')).toBe(number);
    expect(orderGroups('A-17')).toEqual(['A-17']);
  });
  it('makes unseen signs visible', () => {
    for (const sign of ['\u00a0', '\u200b', '\ufeff', '\u3000', '\t', ' ']) expect(invisible(sign)).toBe('␣');
    expect(invisible('箱')).toBeNull();
    expect(codePoint('×')).toBe('U+00D7');
  });
  it('writes sizes as people read them', () => {
    expect(bytes(190_464)).toBe('186 KB');
    expect(bytes(7_654_605)).toBe('7.3 MB');
  });
});
