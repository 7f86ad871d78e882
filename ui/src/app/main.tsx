import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useEffect, useReducer, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { publishEvent } from '../api/events';
import { createQueryClient, markChanged } from '../api/queries';
import { host, openHost } from '../host';
import { takeJobEvent } from '../shared/jobs';
import { currentLanguage } from '../shared/messages';
import '../shared/ui/ui.css';
import '../grid/grid.css';
import './frame.css';
import { ErrorBoundary } from './ErrorBoundary';
import { changedTags, isReloaded } from './events';
import { loadWords, onLanguage, storedLanguage } from '../shared/language';
import { router } from './routes';
import { antdConfig, applyStoredTheme, useTheme } from './theme/theme';

const client = createQueryClient();

function Root(): ReactNode {
  const { name } = useTheme();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => onLanguage(redraw), []);
  useEffect(
    () =>
      host().onEvent((event) => {
        // Another shop is open now (the demo, a restored backup): nothing on this page is true any more.
        if (isReloaded(event)) {
          host().reload();
          return;
        }
        takeJobEvent(event);
        const tags = changedTags(event);
        if (tags.length > 0) markChanged(client, tags);
        publishEvent(event);
      }),
    [],
  );
  useEffect(() => {
    // Two frames after the first commit the page has been painted in the right theme.
    requestAnimationFrame(() => requestAnimationFrame(() => host().window.show()));
  }, []);
  const language = currentLanguage();
  return (
    <ConfigProvider theme={antdConfig(name)} locale={language === 'en' ? enUS : zhCN} button={{ autoInsertSpace: false }} wave={{ disabled: true }}>
      <AntApp component={false}>
        <QueryClientProvider client={client}>
          <ErrorBoundary>
            <RouterProvider key={language} router={router} />
          </ErrorBoundary>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}

async function start(): Promise<void> {
  applyStoredTheme();
  await openHost();
  await loadWords(storedLanguage());
  const place = document.getElementById('root');
  if (place) createRoot(place).render(<Root />);
}

void start();
