/*
 * Samples of the sheet of parts that name a platform or an ERP. The sheet exists in
 * development and browser tests only: import this file by its own path, never through
 * index.ts, so that no other page's chunk carries it.
 */

/** An ERP's tag. */
export const SAMPLE_ERP = 'AMA';

/** Texts of the sheet, in the language of the design picture. */
export const SAMPLE_TEXTS = {
  tooLong: '饿百分类名最多 12 个字，超 1 个',
  locked: '饿百多规格商品不能改类目',
  syncing: '同步饿百零售',
  notSynced: '饿百分类名超过 12 个字，缩短后自动重试',
  unread: '美团闪购读取失败，显示的是 14:18 的数据',
} as const;

/** A sync plan by platform: added, changed, skipped, not sent. */
export const SAMPLE_PLAN: readonly { platform: string; counts: readonly number[] }[] = [
  { platform: 'meituan_shangou', counts: [12, 214, 6, 3] },
  { platform: 'ebai', counts: [4, 96, 2, 5] },
  { platform: 'jddj', counts: [0, 88, 11, 1] },
];
