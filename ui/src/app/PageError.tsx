import type { ReactNode } from 'react';
import { errorWords } from '../shared/errors';
import { t } from '../shared/messages';
import { Button, CopyLink, ErrorPanel } from '../shared/ui';

/** A page that threw: what failed, that nothing is lost, retry, copy details. */
export function PageError({ error, reset }: { error: unknown; reset?: () => void }): ReactNode {
  const words = errorWords(error);
  return (
    <div className="page">
      <div className="page-body">
        <ErrorPanel
          title={t('error.title')}
          note={
            <>
              {words.title}
              {words.advice ? ` ${words.advice}` : ''} {t('error.kept')}
            </>
          }
          actions={
            <>
              {reset ? <Button onClick={reset}>{t('act.retry')}</Button> : null}
              <CopyLink text={words.detail}>{t('act.copyDetails')}</CopyLink>
            </>
          }
        />
      </div>
    </div>
  );
}
