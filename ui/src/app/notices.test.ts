import { describe, expect, it } from 'vitest';
import { isQuiet } from './notices';

describe('quiet hours', () => {
  it('go over midnight', () => {
    expect(isQuiet('22:30', '07:00', 23 * 60)).toBe(true);
    expect(isQuiet('22:30', '07:00', 6 * 60 + 59)).toBe(true);
    expect(isQuiet('22:30', '07:00', 7 * 60)).toBe(false);
  });
  it('lie within one day', () => {
    expect(isQuiet('12:00', '13:00', 12 * 60)).toBe(true);
    expect(isQuiet('12:00', '13:00', 13 * 60)).toBe(false);
  });
  it('are off when an end is missing, unreadable or the same', () => {
    expect(isQuiet('', '07:00', 60)).toBe(false);
    expect(isQuiet('22', '07:00', 60)).toBe(false);
    expect(isQuiet('07:00', '07:00', 420)).toBe(false);
  });
});
