import { describe, expect, it } from 'vitest';
import { pushState, waited } from './words';

describe('words of orders', () => {
  it('say how long one has waited in the largest fitting units', () => {
    expect(waited(0)).toBe('0分');
    expect(waited(59 * 60_000)).toBe('59分');
    expect(waited((6 * 60 + 14) * 60_000)).toBe('6时14分');
    expect(waited((3 * 24 + 5) * 3_600_000)).toBe('3天5时');
    expect(waited(-5)).toBe('0分');
  });
  it('leave a state the window does not know as it is', () => {
    expect(pushState('pushed')).toBe('已进 ERP');
    expect(pushState('from_the_future')).toBe('from_the_future');
  });
});
