/** Marks beside the troubles the demo shop shows, by trouble. */
export const DEMO_TROUBLES = { rename: 'meituan_shangou', throttle: 'ebai' } as const;

/** Platforms an empty shop offers to connect first. */
export const OFFERED_FIRST: readonly string[] = ['meituan_shangou', 'ebai'];
