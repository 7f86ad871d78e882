/*
 * 换类目: the dialog with a platform's own categories. Read first: CategoryPicker.tsx
 * (choosing, what a category asks for, syncing again), model.ts (the tree and its search).
 */
export { CategoryPicker } from './CategoryPicker';
export type { CategoryPickerProps } from './CategoryPicker';
export { k } from './messages';
export { targetOf } from './model';
