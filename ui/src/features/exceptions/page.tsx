import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { ExceptionsView, OrderRow } from '../../api/generated';
import { markChanged, useAction, useCall } from '../../api/queries';
import { EVERYTHING, isTicked, NOTHING, setTicked, type GridHandle, type Selection } from '../../grid';
import { ErpPicker, failed, OfflineBanner, useRemedies } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { NoStores } from '../../shared/NoStores';
import { useScopeStores } from '../../shared/stores';
import { Button, ConfirmDialog, Empty, ErrorPanel, Kbd, Money, PageHead, Skeleton, toast } from '../../shared/ui';
import { IconRefreshCw, IconSend } from '../../shared/ui/icons';
import { Causes } from './Causes';
import { Evidence } from './Evidence';
import { e } from './messages';
import { openGroup, remediesOf, UNKNOWN, useHeld } from './model';
import { OrderList } from './OrderList';
import { Strip } from './Strip';
import './exceptions.css';

interface Search {
  cause?: string;
  order?: number;
}

export default function ExceptionsPage(): ReactNode {
  const scope = useScopeStores();
  const list = useCall('exceptions_list', { stores: scope.ids }, ['exceptions', 'orders']);
  const [all, setAll] = useState(false);
  const client = useQueryClient();
  const [pulling, setPulling] = useState(false);
  const remedies = useRemedies();
  const pull = async (): Promise<void> => {
    if (pulling) return;
    setPulling(true);
    try {
      const answer = await call('orders_pull', { stores: scope.ids });
      const lost = answer.stores.filter((store) => store.error !== null).length;
      const news = answer.stores.reduce((sum, store) => sum + store.new, 0);
      if (lost > 0) toast.failed(e('pull.failed', { n: lost }));
      else toast.done(e('pull.done', { new: grouped(news), pushed: grouped(answer.pushed) }));
    } catch (cause) {
      failed(cause);
    } finally {
      setPulling(false);
      markChanged(client, ['orders', 'exceptions']);
    }
  };
  useKeys({ F5: () => void pull() });
  const view = list.data;
  const unknown = view?.groups.find((group) => group.cause === UNKNOWN)?.orders ?? 0;
  return (
    <div className="page">
      <PageHead
        title={e('title')}
        note={
          view && view.total > 0 ? (
            <>
              <b className="red">{e('head.orders', { n: grouped(view.total) })}</b>
              <span>{e('head.causes', { n: view.groups.length })}</span>
              <span>
                <MoneyNote fen={view.total_fen} />
              </span>
            </>
          ) : null
        }
        actions={
          <>
            <AutoPush />
            {view && view.total - unknown > 0 ? (
              <Button icon={IconSend} busy={remedies.busy === 'all' ? e('act.repushing') : null} onClick={() => setAll(true)}>
                {e('act.all', { n: grouped(view.total - unknown) })}
              </Button>
            ) : null}
            <Button icon={IconRefreshCw} hint="F5" busy={pulling ? e('act.pulling') : null} onClick={() => void pull()}>
              {e('act.pull')}
            </Button>
          </>
        }
      />
      <OfflineBanner />
      {view && scope.loaded && scope.all.length === 0 && view.total === 0 ? <NoStores /> : view ? <Body view={view} stores={scope.ids} /> : <Waiting error={list.error} onRetry={() => void list.refetch()} />}
      {all && view ? (
        <ConfirmDialog
          title={e('all.title', { n: grouped(view.total - unknown) })}
          confirm={e('act.all', { n: grouped(view.total - unknown) })}
          onClose={() => setAll(false)}
          onConfirm={() => {
            setAll(false);
            void remedies.repush({ orders: [], all: true, stores: scope.ids }, 'all');
          }}
        >
          <p>{e('all.note')}</p>
          {unknown > 0 ? <p className="t2">{e('all.unknown', { n: grouped(unknown) })}</p> : null}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

function MoneyNote({ fen }: { fen: number }): ReactNode {
  const [before, after] = e('head.money', { money: '\n' }).split('\n');
  return (
    <>
      {before}
      <Money fen={fen} />
      {after}
    </>
  );
}

function Waiting({ error, onRetry }: { error: unknown; onRetry: () => void }): ReactNode {
  if (!error) return <Skeleton rows={10} />;
  const words = errorWords(error);
  return (
    <div className="page-body">
      <ErrorPanel title={words.title} note={words.advice ?? e('failed.kept')} actions={<Button onClick={onRetry}>{t('act.reload')}</Button>} />
    </div>
  );
}

/** The switch 自动重推; on unless it was switched off. */
function AutoPush(): ReactNode {
  const settings = useCall('settings_get', {}, ['settings']).data?.values;
  const save = useAction('settings_set', ['settings']);
  if (!settings) return null;
  const on = settings['auto_push'] !== 'off';
  return (
    <Button label={e('auto.note')} pressed={on} onClick={() => save.mutate({ values: { auto_push: on ? 'off' : 'on' } }, { onError: failed })}>
      {on ? e('auto.on') : e('auto.off')}
    </Button>
  );
}

function Body({ view, stores }: { view: ExceptionsView; stores: readonly number[] }): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const put = (next: Search): void => void navigate({ search: next as never, replace: true });
  const group = openGroup(view.groups, search.cause);
  if (!group) return <NoExceptions view={view} />;
  return (
    <div className="exc">
      <Causes view={view} open={group.cause} onOpen={(cause) => put({ cause })} />
      <Group key={group.cause} group={group} stores={stores} order={search.order} onOrder={(order) => put({ cause: group.cause, order })} />
    </div>
  );
}

function NoExceptions({ view }: { view: ExceptionsView }): ReactNode {
  const navigate = useNavigate();
  const healed = view.healed_today.reduce((sum, one) => sum + one.orders, 0);
  return (
    <Empty
      title={e('empty.title')}
      note={healed > 0 ? e('empty.note', { n: grouped(healed) }) : e('empty.none')}
      actions={
        healed > 0 ? (
          <Button kind="link" onClick={() => void navigate({ to: '/orders' as '/', search: { view: 'healed' } as never })}>
            {e('empty.orders')}
          </Button>
        ) : null
      }
    />
  );
}

interface GroupProps {
  group: ExceptionsView['groups'][number];
  stores: readonly number[];
  order: number | undefined;
  onOrder: (order: number) => void;
}

/** One cause: strip, orders, and the evidence of the order that is open. */
function Group({ group, stores, order, onOrder }: GroupProps): ReactNode {
  const { cause } = group;
  const query = useCall('exceptions_orders', { cause, stores: [...stores] }, ['exceptions', 'orders']);
  const held = useHeld(`${cause}/${stores.join()}`, query.data && !query.isPlaceholderData ? query.data.rows : null);
  const [selection, setSelection] = useState<Selection>(cause === UNKNOWN ? NOTHING : EVERYTHING);
  const [chosen, setChosen] = useState<number | null>(cause === UNKNOWN ? null : 0);
  const grid = useRef<GridHandle<OrderRow>>(null);
  const navigate = useNavigate();
  const remedies = useRemedies();

  const current = held.shown.find((row) => row.id === order) ?? held.shown[0] ?? null;
  const detail = useCall('orders_show', { id: current?.id ?? 0 }, ['orders', 'exceptions'], { enabled: current !== null });
  const shown = detail.data?.order.id === current?.id ? detail.data : undefined;
  // An order that has moved to another cause must not lend this one its remedies.
  const exception = shown?.exception?.cause === cause ? shown.exception : null;
  const offered = remediesOf(cause, exception?.remedies ?? group.remedies, current?.id ?? null);
  const remedy = chosen === null ? null : (offered[chosen] ?? offered[0] ?? null);
  const ticked = held.shown.filter((row) => isTicked(selection, String(row.id)));
  const whole = ticked.length === held.shown.length;
  const product = shown?.lines.find((line) => line.product !== null && (exception?.line_name ?? '').startsWith(line.product_name))?.product ?? shown?.lines.find((line) => line.product !== null)?.product ?? null;

  const runGroup = (): void => {
    if (remedies.busy !== null) return;
    if (cause === UNKNOWN) {
      if (remedy && current) void remedies.run(remedy, { key: 'group', orders: [current.id] }).then(() => setChosen(null));
    } else if (!remedy) void remedies.repush({ orders: ticked.map((row) => row.id) }, 'group');
    else void remedies.run(remedy, { key: 'group', cause, product, stores, orders: whole ? [] : ticked.map((row) => row.id) });
  };
  const runOne = (): void => {
    if (current && cause !== UNKNOWN && remedies.busy === null) void remedies.repush({ orders: [current.id] }, 'one');
  };
  const openProduct = (): void => {
    if (product !== null) void navigate({ to: '/library' as '/', search: { open: product } as never });
    else void navigate({ to: '/listings' as '/', search: { q: exception?.params['name'] ?? shown?.lines[0]?.product_name ?? '' } as never });
  };
  useKeys({
    KeyJ: () => grid.current?.step(1),
    KeyK: () => grid.current?.step(-1),
    Space: () => {
      if (current) setSelection(setTicked(selection, [String(current.id)], !isTicked(selection, String(current.id))));
    },
    KeyR: runOne,
    'Shift+KeyR': runGroup,
    KeyO: openProduct,
    Digit1: () => setChosen(0),
    Digit2: () => {
      if (offered.length > 1) setChosen(1);
    },
  });

  return (
    <div className="exc-group">
      <Strip group={group} remedy={remedy} ticked={ticked.length} all={whole} busy={remedies.busy === 'group' || remedies.busy === 'picker'} onRun={runGroup} />
      <div className="exc-cols">
        <OrderList ref={grid} cause={cause} rows={held.shown} fresh={held.fresh} onFresh={held.take} selection={selection} onSelection={setSelection} open={current?.id ?? null} onOpen={(row) => onOrder(row.id)} />
        <section className="exc-detail" aria-label={e('causes.ranked')}>
          {shown && exception ? <Evidence detail={shown} exception={exception} remedies={offered} chosen={chosen} onChoose={setChosen} /> : detail.error ? <Waiting error={detail.error} onRetry={() => void detail.refetch()} /> : <Skeleton rows={8} />}
          <div className="exc-actions">
            {cause === UNKNOWN ? null : (
              <Button icon={IconSend} hint="R" busy={remedies.busy === 'one' ? e('act.repushing') : null} onClick={runOne}>
                {e('act.one')}
              </Button>
            )}
            <Button hint="O" onClick={openProduct}>
              {e('act.product')}
            </Button>
            <span className="grow" />
            <span className="t2 small exc-keys">
              <Kbd>J</Kbd> <Kbd>K</Kbd> {e('keys.step')}
            </span>
            <span className="t2 small exc-keys">
              <Kbd>Space</Kbd> {e('keys.tick')}
            </span>
          </div>
        </section>
      </div>
      {remedies.picking ? <ErpPicker remedy={remedies.picking} onPick={(code) => void remedies.picked(code)} /> : null}
    </div>
  );
}
