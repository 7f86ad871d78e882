import { describe, expect, it } from 'vitest';
import { rangeOf } from './ranges';

const at = (text: string): number => Date.parse(text);

describe('quick picks of time', () => {
  // Half past seven in the morning of Shanghai is still the day before in UTC.
  const now = at('2026-11-20T07:30:00+08:00');
  it('are days of Shanghai, not of the machine', () => {
    expect(rangeOf('today', now)).toEqual({ from: at('2026-11-20T00:00:00+08:00'), to: at('2026-11-21T00:00:00+08:00') });
    expect(rangeOf('yesterday', now)).toEqual({ from: at('2026-11-19T00:00:00+08:00'), to: at('2026-11-20T00:00:00+08:00') });
  });
  it('count today among the seven days and start the month on its first', () => {
    expect(rangeOf('week', now).from).toBe(at('2026-11-14T00:00:00+08:00'));
    expect(rangeOf('month', now).from).toBe(at('2026-11-01T00:00:00+08:00'));
    expect(rangeOf('all', now)).toEqual({ from: null, to: null });
  });
});
