import { describe, expect, it } from 'vitest';
import { isTime, isWhole } from './Row';

describe('what a setting takes', () => {
  it('is a time of the day, or nothing', () => {
    for (const good of ['', '07:00', '23:59']) expect(isTime(good), good).toBe(true);
    for (const bad of ['24:00', '7', '7:05', '7:5', '07：00', 'noon']) expect(isTime(bad), bad).toBe(false);
  });
  it('is a whole number within its bounds', () => {
    expect(isWhole('1', 1, 60)).toBe(true);
    for (const bad of ['0', '61', '1.5', '-3', '', '1e1']) expect(isWhole(bad, 1, 60), bad).toBe(false);
  });
});
