/*
 * The parts pages are built from. Read first: Layout.tsx (PageHead, Toolbar, Panel,
 * Drawer, SplitView), Feedback.tsx (Finding, ProgressBar, Empty), Button.tsx.
 *
 * Rules of the house:
 * - One primary button per screen; while a BatchBar is up it owns it. Verb first, number
 *   in it. A button that cannot run says why (`blocked`); what does not exist is not shown.
 * - Normal is quiet: a good state is a grey dot or nothing. Red only for what blocks.
 * - Words come from `messages.ts` beside the page (defineMessages) or from the data
 *   served by the api (shared/errors); never inline.
 * - Money is fen and goes through <Money>, moments through <TimeText>, codes through
 *   <CodeText>, long order numbers through <OrderNumber>.
 * - antd for forms, selects, dates, dropdowns and tooltips; never its Table for lists
 *   that can grow (use grid/), never its Button, Tag or message.
 * - Keys through useKeys (hooks), Esc through useEscape, dialogs through Dialog.
 * - A page's root has class `page`; its parts carry data-region so that F6 finds them:
 *   head, toolbar, main, drawer, status.
 */
export { Button, Kbd } from './Button';
export type { ButtonProps } from './Button';
export { ConfirmDialog, Dialog, TypedConfirmDialog } from './Dialog';
export { Banner, CopyLink, Dock, Empty, ErrorPanel, Finding, MatchTable, ProgressBar, SeverityIcon, Skeleton } from './Feedback';
export type { FindingProps, MatchRow, Segment, Severity } from './Feedback';
export { BatchBar, Drawer, FilterChip, KpiStrip, PageHead, Panel, SearchBox, Section, SplitView, Tabs, Toolbar } from './Layout';
export type { DrawerProps, KpiItem, TabItem } from './Layout';
export { State, StateMark, SYNC_STATES, stateName } from './StateMark';
export type { SyncState } from './StateMark';
export { byPlatformOrder, describePlatforms, platformName } from '../platforms';
export { Platform, PlatformMark, Tag } from './Tag';
export type { Tone } from './Tag';
export { AgoText, charBoxes, CharDiff, CodeText, Money, OrderNumber, PlanDiff, TimeText } from './Text';
export { toast, Toasts } from './Toasts';
