import { describe, expect, it } from 'vitest';
import { changedTags } from './events';

describe('events of the api', () => {
  it('name the data that changed, and the frame looks again when the line changes', () => {
    expect(changedTags({ kind: 'changed', tags: ['orders', 3] })).toEqual(['orders']);
    expect(changedTags({ kind: 'throttled', service: 'ebai', store: null, until: 5 })).toEqual(['tasks']);
    expect(changedTags({ kind: 'connection', online: false })).toEqual(['tasks']);
    expect(changedTags({ kind: 'new_exceptions', count: 1, cause: 'F03' })).toEqual([]);
    expect(changedTags(null)).toEqual([]);
  });
});
