/*
 * Causes of exception orders and their remedies, for the pages that show them. Read
 * first: words.ts (names and button texts), useRemedies.tsx (running one, for one order
 * or a whole cause), ErpPicker.tsx.
 */
export { ErpPicker } from './ErpPicker';
export { c } from './messages';
export { OfflineBanner, useOffline } from './OfflineBanner';
export { failed, sayRepush, useRemedies } from './useRemedies';
export type { Remedies } from './useRemedies';
export { bestRemedy, causeName, causeSentence, goLabel, remedyLabel, remedyNote } from './words';
