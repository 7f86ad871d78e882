import { Dropdown } from 'antd';
import type { ReactNode } from 'react';
import type { AccountView, ConnectionView, StoreView } from '../../api/generated';
import { authorization, LONG_DAYS } from '../../shared/authorization';
import { sentence } from '../../shared/errors';
import { clock, dayOf } from '../../shared/format';
import { useNow } from '../../shared/hooks';
import { AgoText, Button, PlatformMark, platformName, SeverityIcon, Tag, TimeText } from '../../shared/ui';
import { IconEllipsis, IconPlus } from '../../shared/ui/icons';
import { s } from './messages';

/** How long an account still holds: a bar and days; dead ones in red with the way out beside. */
export function AuthorizationCell({ account, onAuthorize }: { account: AccountView; onAuthorize: (() => void) | null }): ReactNode {
  const now = useNow();
  const { kind, days } = authorization(account, now);
  const word = kind === 'dead' ? s('auth.dead') : kind === 'none' ? s('auth.none') : kind === 'vault' ? s('auth.vault') : days === null ? s('auth.forever') : s('auth.days', { n: days });
  const tone = kind === 'dead' || kind === 'none' ? 'red strong' : kind === 'soon' || kind === 'vault' ? 'amber strong' : 't2';
  return (
    <span className="st-auth">
      {onAuthorize && (kind === 'dead' || kind === 'none') ? (
        <Button size="row" onClick={onAuthorize}>
          {s('act.authorize')}
        </Button>
      ) : null}
      {onAuthorize && kind === 'soon' ? (
        <Button kind="link" onClick={onAuthorize}>
          {s('act.renew')}
        </Button>
      ) : null}
      {(kind === 'good' || kind === 'soon') && days !== null ? (
        <span className="bar st-bar" aria-hidden>
          <span className={kind === 'soon' ? 'bar-amber' : 'bar-dot'} style={{ width: `${Math.max(3, Math.min(100, (days / LONG_DAYS) * 100))}%` }} />
        </span>
      ) : null}
      <span className={`st-days num ${tone}`}>{word}</span>
    </span>
  );
}

export interface StoreListProps {
  stores: readonly StoreView[];
  erps: readonly AccountView[];
  serviceName: (id: string) => string;
  open: number | null;
  tests: ReadonlyMap<number, ConnectionView>;
  onOpen: (store: number) => void;
  onAuthorize: (account: AccountView) => void;
  /** Tests an ERP account; the key of the one under way stands in `testingErp`. */
  onTestErp: (account: AccountView) => void;
  testingErp: number | null;
  /** Reads an ERP's items anew; the key of the one under way stands in `readingErp`. */
  onReadErp: (account: AccountView) => void;
  readingErp: number | null;
  onMoveErp: (account: AccountView) => void;
  onAddErp: () => void;
}

/** Stores by urgency, and below them the ERPs that take their orders. */
export function StoreList({ stores, erps, serviceName, open, tests, onOpen, onAuthorize, onTestErp, testingErp, onReadErp, readingErp, onMoveErp, onAddErp }: StoreListProps): ReactNode {
  const now = useNow();
  const of = (erp: AccountView): number => stores.filter((store) => store.erp?.id === erp.id).length;
  return (
    <div className="st-list" data-region="main">
      <div className="st-row st-rowhead small t2">
        <span>{s('list.name')}</span>
        <span>{s('list.branch')}</span>
        <span>{s('list.read')}</span>
        <span className="num">{s('list.auth')}</span>
      </div>
      {stores.map((store) => {
        const test = tests.get(store.id);
        return (
          <div key={store.id} className={store.id === open ? 'st-row st-store is-open' : 'st-row st-store'}>
            <button type="button" className="st-open" aria-current={store.id === open || undefined} onClick={() => onOpen(store.id)}>
              <PlatformMark platform={store.platform} />
              <span className="st-name">
                <span className="cut" title={store.name}>
                  {store.name}
                </span>
                <span className="t2 small cut">
                  {platformName(store.platform)}　{store.remote_id}
                </span>
              </span>
              {test ? <SeverityIcon severity={test.ok ? 'done' : 'error'} label={s(test.ok ? 'list.test.ok' : 'list.test.bad')} /> : null}
            </button>
            <span className={store.offline_code_fault ? 'red' : store.offline_code === '' ? 't3' : ''}>{store.offline_code === '' ? s('list.noBranch') : store.offline_code}</span>
            <span className={store.orders_error ? 'red' : 't2'} title={store.orders_error ? sentence(store.orders_error) : ''}>
              {store.orders_read_at === null ? s('list.never') : dayOf(store.orders_read_at) === dayOf(now) ? clock(store.orders_read_at, true) : <TimeText at={store.orders_read_at} />}
            </span>
            <AuthorizationCell account={store.account} onAuthorize={() => onAuthorize(store.account)} />
          </div>
        );
      })}
      <div className="st-erps">
        <div className="section-head">
          <h2>{s('erp.title')}</h2>
          <div className="grow" />
          <Button kind="link" icon={IconPlus} onClick={onAddErp}>
            {s('erp.add')}
          </Button>
        </div>
        {erps.length === 0 ? <p className="amber small">{s('erp.none')}</p> : null}
        {erps.map((erp) => (
          <div key={erp.id} className="st-erp">
            <Tag outline>{serviceName(erp.service)}</Tag>
            <span className="st-name grow">
              <span className="cut">
                {erp.name === serviceName(erp.service) ? '' : `${erp.name} `}
                <span className="t3 small">{s('erp.of', { n: of(erp) })}</span>
              </span>
              <span className="t3 small cut">{erp.items_read_at === null ? s('erp.items.never') : <>{s('erp.items')} <AgoText at={erp.items_read_at} /></>}</span>
            </span>
            {erp.state === 'vault_unavailable' ? null : (
              <>
                <Button kind="link" busy={testingErp === erp.id ? s('act.testing') : null} onClick={() => onTestErp(erp)}>
                  {s('act.test')}
                </Button>
                <Button kind="link" onClick={() => onAuthorize(erp)}>
                  {s('act.authorize')}
                </Button>
                <Dropdown
                  trigger={['click']}
                  placement="bottomRight"
                  menu={{
                    items: [
                      { key: 'read', label: s('erp.read'), onClick: () => onReadErp(erp) },
                      { key: 'move', label: s('erp.move'), disabled: of(erp) === 0 || erps.length < 2, title: erps.length < 2 ? s('erp.move.need') : '', onClick: () => onMoveErp(erp) },
                    ],
                  }}
                >
                  <Button kind="text" icon={IconEllipsis} label={s('act.more')} busy={readingErp === erp.id ? s('erp.reading') : null} />
                </Dropdown>
              </>
            )}
            <AuthorizationCell account={erp} onAuthorize={null} />
          </div>
        ))}
      </div>
    </div>
  );
}
