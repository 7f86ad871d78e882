import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useState, type ReactNode } from 'react';
import { useKeys, useScanner, useStored, type KeyMap } from '../shared/hooks';
import { usePaletteActions } from '../shared/palette';
import { currentLanguage } from '../shared/messages';
import { Toasts } from '../shared/ui';
import { useOnline } from './frameData';
import { FirstStart } from './FirstStart';
import { Head } from './Head';
import { KeySheet } from './KeySheet';
import { changeLanguage } from '../shared/language';
import { Menu } from './Menu';
import { a } from './messages';
import { Palette } from './Palette';
import { entries } from './routes';
import { StatusBar } from './StatusBar';
import { useTheme } from './theme/theme';
import { useFrameData } from './useFrameData';

/** While the shop is empty these show the first-start page instead. */
const FIRST_PAGES = new Set(['', 'workbench', 'library']);

const REGIONS = ['head', 'toolbar', 'main', 'drawer', 'status'] as const;

/** F6: the next region that exists gets focus. */
function nextRegion(back: boolean): void {
  const found = REGIONS.map((name) => document.querySelector<HTMLElement>(`[data-region="${name}"]`)).filter((region) => region !== null);
  if (found.length === 0) return;
  const at = found.findIndex((region) => region.contains(document.activeElement));
  const next = found[(at + (back ? found.length - 1 : 1)) % found.length];
  const target = next?.matches('[tabindex]') ? next : next?.querySelector<HTMLElement>('button, input, a[href], [tabindex="0"]');
  target?.focus();
}

/** Brings the caret into the page's search field; a scanned code goes in with it. */
function search(code?: string): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]');
  if (!field) return;
  field.focus();
  if (code === undefined) field.select();
  else {
    field.value = code;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/** Head (44), menu (160, folded 52) and status bar (28) around one white sheet. */
export function Frame(): ReactNode {
  const data = useFrameData();
  const online = useOnline() && data.online;
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  // A link that asks for something on the page itself (the import dialog) gets the page.
  const asked = useRouterState({ select: (state) => 'import' in state.location.search });
  const [folded, setFolded] = useStored('menu.folded', false);
  const [narrow, setNarrow] = useState(() => globalThis.innerWidth < 1280);
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  // Whoever empties the library by undoing stays where that can be redone.
  const [begun, setBegun] = useState(false);
  if (!begun && data.begun) setBegun(true);
  const { choose } = useTheme();

  useEffect(() => {
    const watch = (): void => setNarrow(globalThis.innerWidth < 1280);
    globalThis.addEventListener('resize', watch);
    return () => globalThis.removeEventListener('resize', watch);
  }, []);

  const open = (id: string): void => void navigate({ to: `/${id}` as '/' });
  const keys: KeyMap = {
    'Mod+KeyK': () => setPalette(true),
    Slash: () => search(),
    'Shift+Slash': () => setSheet(true),
    F6: () => nextRegion(false),
    'Shift+F6': () => nextRegion(true),
  };
  for (const [at, entry] of entries.slice(0, 10).entries()) keys[`Alt+Digit${(at + 1) % 10}`] = () => open(entry.id);
  useKeys(keys, 'global');
  useScanner(search);
  usePaletteActions([
    ...(['system', 'light', 'dark'] as const).map((choice) => ({ id: `theme.${choice}`, label: a(`theme.${choice}`), words: 'theme waiguan wg', run: () => choose(choice) })),
    { id: 'language', label: a('language.switch'), words: 'language yuyan yy', run: () => changeLanguage(currentLanguage() === 'en' ? 'zh-CN' : 'en') },
  ]);

  return (
    <div className="frame">
      <Head data={data} onSearch={() => setPalette(true)} />
      <div className="frame-mid">
        <Menu entries={entries} counts={data.counts} folded={folded || narrow} canUnfold={!narrow} current={path.split('/')[1] ?? ''} onFold={setFolded} />
        <main className="sheet">
          {data.fresh && !begun && FIRST_PAGES.has(path.split('/')[1] ?? '') && !asked ? <FirstStart /> : <Outlet />}
        </main>
      </div>
      <StatusBar data={data} online={online} onKeys={() => setSheet(true)} />
      <Toasts />
      {palette ? <Palette data={data} onClose={() => setPalette(false)} /> : null}
      {sheet ? <KeySheet onClose={() => setSheet(false)} /> : null}
    </div>
  );
}
