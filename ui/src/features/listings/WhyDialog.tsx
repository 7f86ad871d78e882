import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ConditionView, ListingRow } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { t } from '../../shared/messages';
import { Button, Dialog, ErrorPanel, Platform, SeverityIcon, Skeleton, toast } from '../../shared/ui';
import { g, type ListingsWord } from './messages';

/** What has to hold for customers to see a product, line by line, asked of the platform now. */
export function WhyDialog({ row, onClose }: { row: ListingRow; onClose: () => void }): ReactNode {
  const navigate = useNavigate();
  const query = useCall('listing_check', { id: row.listing }, []);
  const shelf = useAction('listing_put_on_shelf', ['tasks', 'listings', 'products']);
  const view = query.isPlaceholderData ? undefined : query.data;
  const go = (to: string, search: Record<string, unknown>): void => void navigate({ to: to as '/', search: search as never });
  const act = (one: ConditionView): void => {
    if (one.way === 'stock') go('/stock', { q: row.outer_sku_code === '' ? row.name : row.outer_sku_code });
    else if (one.way === 'sync') go('/sync', { store: row.store.id, products: [view?.product] });
    else if (one.way === 'bind') go('/matching', { store: row.store.id, listing_sku: row.id });
    else
      shelf.mutate(
        { id: row.listing },
        {
          onSuccess: (started) => {
            toast.done(g('why.shelf.done'));
            go('/tasks', { open: started.job });
          },
          onError: failed,
        },
      );
  };
  const failing = view?.conditions.filter((one) => one.holds === false).length ?? 0;
  const untold = view?.conditions.filter((one) => one.holds === null).length ?? 0;
  const failure = query.error && !view ? errorWords(query.error) : null;
  return (
    <Dialog
      title={g('why.title', { name: row.name })}
      width={520}
      onClose={onClose}
      onConfirm={onClose}
      actions={
        <>
          <Button busy={query.isFetching ? g('why.asking') : null} onClick={() => void query.refetch()}>
            {g('why.again')}
          </Button>
          <Button kind="primary" autoFocus hint="Esc" onClick={onClose}>
            {t('act.close')}
          </Button>
        </>
      }
    >
      <div className="ls-grouphead">
        <Platform platform={row.store.platform}>{row.store.name}</Platform>
      </div>
      {failure ? (
        <ErrorPanel title={failure.title} note={failure.advice} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />
      ) : !view ? (
        <>
          <p className="t2">{g('why.asking')}</p>
          <Skeleton rows={5} />
        </>
      ) : !view.there ? (
        <ErrorPanel title={g('why.gone')} note={g('why.gone.note')} />
      ) : (
        <>
          <p className={failing > 0 ? 'ls-sum amber' : 'ls-sum'}>{failing > 0 ? g('why.sum', { n: grouped(failing), all: grouped(view.conditions.length) }) : untold > 0 ? g('why.untold', { n: grouped(untold) }) : g('why.all')}</p>
          <ul className="ls-why">
            {view.conditions.map((one) => (
              <li key={one.kind}>
                <SeverityIcon severity={one.holds === null ? 'info' : one.holds ? 'done' : 'error'} />
                <span className="ls-cond">{g(`why.${one.kind}` as ListingsWord)}</span>
                <span className={one.holds === false ? 'grow cut' : 'grow cut t2'}>{told(one)}</span>
                {one.way === '' ? null : one.way === 'back_office' || one.way === 'review' ? (
                  <span className="t2 small">{g(`way.${one.way}`)}</span>
                ) : (
                  <Button size="row" busy={one.way === 'put_on_shelf' && shelf.isPending ? g('way.busy') : null} onClick={() => act(one)}>
                    {g(`way.${one.way}` as ListingsWord)}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}

/** What the platform says of one condition, with its number where there is one. */
function told(one: ConditionView): string {
  if (one.kind === 'review' && one.text === 'pending') return g('why.review.pending');
  if (one.holds === null) return g('why.silent');
  if (one.kind === 'stock' && one.number !== null) return g('why.pieces', { n: grouped(one.number) });
  if (one.kind === 'group' && one.text !== '') return one.text;
  return g(`why.${one.kind}.${one.holds ? 'yes' : 'no'}` as ListingsWord);
}
