/*
 * The route table, in code. For authors of pages:
 *
 * - A page is a folder src/features/<id>/ whose `page.tsx` exports the page as default. It
 *   appears in the menu, in Alt+number and in the palette by itself once that file exists;
 *   nothing here needs an edit. `<id>` must be one of ENTRIES.
 * - The page's root is <div className="page"> with PageHead, Toolbar and a body. What the
 *   page filters by lives in its typed search params (`useSearch`/`useNavigate` of the
 *   router with `strict: false`), so that back, forward and links keep it.
 * - Words: `messages.ts` beside the page (defineMessages(zh, en)); words shared by pages
 *   come from shared/messages or, when they belong to codes, from shared/errors.
 * - Data: `useCall(command, request, tags)`, `useAction`, and `useVersion(tags)` for a
 *   grid's source (api/queries.ts). Files and dialogs of the system through host().
 * - A feature never imports another feature; app -> features -> {grid, shared} -> api -> host.
 */
import { createHashHistory, createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { IconBoxes, IconCircleAlert, IconKeyRound, IconLayoutDashboard, IconLink, IconListChecks, IconListTodo, IconPackage, IconPrinter, IconReceiptText, IconSettings, IconStore, type Icon } from '../shared/ui/icons';
import { Frame } from './Frame';
import type { AppWord } from './messages';
import { PageError } from './PageError';

export interface Entry {
  /** Folder under features/ and first part of the path. */
  id: string;
  label: AppWord;
  icon: Icon;
  group: 1 | 2 | 3 | 4;
}

/** All pages in menu order. A page without a `page.tsx` does not exist and is not shown. */
const ENTRIES: readonly Entry[] = [
  { id: 'workbench', label: 'nav.workbench', icon: IconLayoutDashboard, group: 1 },
  { id: 'library', label: 'nav.library', icon: IconPackage, group: 1 },
  { id: 'listings', label: 'nav.listings', icon: IconStore, group: 1 },
  { id: 'matching', label: 'nav.matching', icon: IconLink, group: 1 },
  { id: 'sync', label: 'nav.sync', icon: IconListChecks, group: 1 },
  { id: 'orders', label: 'nav.orders', icon: IconReceiptText, group: 2 },
  { id: 'exceptions', label: 'nav.exceptions', icon: IconCircleAlert, group: 2 },
  { id: 'stock', label: 'nav.stock', icon: IconBoxes, group: 2 },
  { id: 'printing', label: 'nav.printing', icon: IconPrinter, group: 2 },
  { id: 'tasks', label: 'nav.tasks', icon: IconListTodo, group: 3 },
  { id: 'stores', label: 'nav.stores', icon: IconKeyRound, group: 4 },
  { id: 'settings', label: 'nav.settings', icon: IconSettings, group: 4 },
];

type PageModule = { default: ComponentType };
const pages = import.meta.glob<PageModule>('../features/*/page.tsx');

function loaderOf(id: string): (() => Promise<PageModule>) | undefined {
  return pages[`../features/${id}/page.tsx`];
}

/** The pages that exist. */
export const entries: readonly Entry[] = ENTRIES.filter((entry) => loaderOf(entry.id) !== undefined);

const root = createRootRoute({ errorComponent: PageError, notFoundComponent: () => null });

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame, errorComponent: PageError });

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    const first = entries[0];
    // oxlint-disable-next-line typescript/only-throw-error
    if (first) throw redirect({ to: `/${first.id}` as '/' });
  },
});

const pageRoutes = entries.map((entry) =>
  createRoute({
    getParentRoute: () => frame,
    path: `/${entry.id}`,
    validateSearch: (search: Record<string, unknown>) => search,
    component: lazyRouteComponent(() => loaderOf(entry.id)?.() ?? Promise.reject(new Error(entry.id))),
    errorComponent: PageError,
  }),
);

const sheet = createRoute({
  getParentRoute: () => root,
  path: '/_components',
  component: lazyRouteComponent(() => import('./components/ComponentsPage'), 'ComponentsPage'),
});

const gridSheet = createRoute({
  getParentRoute: () => frame,
  path: '/_grid',
  component: lazyRouteComponent(() => import('./components/GridPage'), 'GridPage'),
});

/** The sheets of parts exist in development and in browser tests only. */
const sheets = import.meta.env.DEV || import.meta.env.MODE === 'e2e';

export const router = createRouter({
  routeTree: root.addChildren([frame.addChildren([home, ...pageRoutes, ...(sheets ? [gridSheet] : [])]), ...(sheets ? [sheet] : [])]),
  history: createHashHistory(),
  defaultPreload: false,
  defaultPendingMs: 300,
});
