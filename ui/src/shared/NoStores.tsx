import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { t } from './messages';
import { Button, Empty } from './ui';

/** What a page about stores shows before there is any: the one way on. */
export function NoStores(): ReactNode {
  const navigate = useNavigate();
  return <Empty title={t('stores.none')} note={t('stores.none.note')} actions={<Button onClick={() => void navigate({ to: '/stores' as '/' })}>{t('stores.connect')}</Button>} />;
}
