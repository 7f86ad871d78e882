import { theme as antdTheme, type ThemeConfig } from 'antd';
import { useEffect, useSyncExternalStore } from 'react';
import { useStored } from '../../shared/hooks';

/* Light, dark, or as the system says. Tokens live in tokens.css; antd gets the same colours here. */

export type ThemeChoice = 'system' | 'light' | 'dark';
export type ThemeName = 'light' | 'dark';

const DARK = '(prefers-color-scheme: dark)';

function subscribeSystem(listener: () => void): () => void {
  const query = globalThis.matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The person's choice and what it means now; sets `html[data-theme]`. */
export function useTheme(): { choice: ThemeChoice; name: ThemeName; choose: (next: ThemeChoice) => void } {
  const [choice, choose] = useStored<ThemeChoice>('theme', 'system');
  const systemDark = useSyncExternalStore(subscribeSystem, () => globalThis.matchMedia(DARK).matches);
  const name: ThemeName = choice === 'system' ? (systemDark ? 'dark' : 'light') : choice;
  useEffect(() => {
    document.documentElement.dataset['theme'] = name;
  }, [name]);
  return { choice, name, choose };
}

/** Sets the theme before the first paint, so that nothing flashes. */
export function applyStoredTheme(): void {
  let choice: ThemeChoice = 'system';
  try {
    choice = (JSON.parse(localStorage.getItem('guitai.theme') ?? '"system"') as ThemeChoice) ?? 'system';
  } catch {
    choice = 'system';
  }
  const dark = choice === 'dark' || (choice === 'system' && globalThis.matchMedia(DARK).matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

/*
 * compactAlgorithm turns text into 12 and 10 px and can never give 13, so the sizes are set
 * by hand. In dark, darkAlgorithm darkens seeds: these come out within two steps of ours.
 */
const SEEDS: Record<ThemeName, { primary: string; error: string; warning: string; success: string }> = {
  light: { primary: '#3553cc', error: '#c4271c', warning: '#c47700', success: '#2b9757' },
  dark: { primary: '#4e6cfa', error: '#ff6255', warning: '#fbae2f', success: '#43c27a' },
};

export function antdConfig(name: ThemeName): ThemeConfig {
  const seed = SEEDS[name];
  return {
    algorithm: name === 'dark' ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      colorPrimary: seed.primary,
      colorError: seed.error,
      colorWarning: seed.warning,
      colorSuccess: seed.success,
      colorLink: 'var(--accent-text)',
      colorText: 'var(--text1)',
      colorTextSecondary: 'var(--text2)',
      colorTextTertiary: 'var(--text3)',
      colorTextPlaceholder: 'var(--text3)',
      colorTextDescription: 'var(--text3)',
      colorBgContainer: 'var(--canvas)',
      colorBgElevated: 'var(--raised)',
      colorBgLayout: 'var(--frame)',
      colorBorder: 'var(--control)',
      colorBorderSecondary: 'var(--line)',
      controlItemBgActive: 'var(--accent-soft)',
      controlItemBgHover: 'var(--hover)',
      colorBgMask: name === 'dark' ? 'rgba(0, 0, 0, 0.5)' : 'rgba(20, 24, 36, 0.28)',
      fontFamily: 'inherit',
      fontSize: 13,
      fontSizeSM: 12,
      fontSizeXL: 16,
      lineHeight: 20 / 13,
      lineHeightSM: 16 / 12,
      controlHeight: 28,
      controlHeightSM: 24,
      controlHeightLG: 32,
      sizeStep: 3,
      paddingXXS: 4,
      marginXXS: 4,
      borderRadius: 4,
      borderRadiusSM: 3,
      borderRadiusLG: 6,
      boxShadow: 'var(--float)',
      boxShadowSecondary: 'var(--float)',
      motionDurationFast: '0.08s',
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.14s',
      wireframe: false,
    },
    components: {
      Tooltip: { colorBgSpotlight: name === 'dark' ? '#3d434f' : '#2b2e37' },
      Modal: { titleFontSize: 14 },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  };
}
