/*
 * All the UI itself knows of single platforms: their marks and names, the two families
 * that are mixed up, and what the first page shows. Everything else comes from the
 * connectors' descriptors. Read first: marks.ts.
 */
export { FAMILIES } from './families';
export type { Family } from './families';
export { DEMO_TROUBLES, OFFERED_FIRST } from './firstStart';
export { byPlatformOrder, describePlatforms, PLATFORM_ORDER, platformName, platformSign } from './marks';
export { p } from './messages';
