import { Dropdown, Switch } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ConnectionView, ServiceView, StoreView, Switches } from '../../api/generated';
import { useAction } from '../../api/queries';
import { failed } from '../../shared/causes';
import { authorization } from '../../shared/authorization';
import { sentence, word } from '../../shared/errors';
import { clock, dateText, grouped, shortTime } from '../../shared/format';
import { useNow } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { RawText } from '../../shared/orders';
import { Button, Finding, KpiStrip, PlatformMark, platformName, Section, toast } from '../../shared/ui';
import { IconActivity, IconCheck, IconCircleCheck, IconCircleDashed, IconEllipsis, IconMinus, IconOctagonAlert, IconRefreshCw } from '../../shared/ui/icons';
import { s, type StoresWord } from './messages';

const LAYERS = ['key', 'signature', 'permission', 'store', 'orders'] as const;
const FIELDS: readonly (keyof Switches)[] = ['stock', 'price', 'name', 'pictures', 'category', 'barcode', 'create'];

export interface StoreDetailProps {
  store: StoreView;
  service: ServiceView | null;
  erpName: string | null;
  test: ConnectionView | undefined;
  testing: boolean;
  reading: boolean;
  comparing: boolean;
  onTest: () => void;
  onRead: () => void;
  onAuthorize: () => void;
  onEdit: () => void;
  onChange: () => void;
  onCompare: () => void;
  onRemove: () => void;
}

const MENU = {
  edit: (props: StoreDetailProps) => props.onEdit(),
  compare: (props: StoreDetailProps) => props.onCompare(),
  authorize: (props: StoreDetailProps) => props.onAuthorize(),
  change: (props: StoreDetailProps) => props.onChange(),
  remove: (props: StoreDetailProps) => props.onRemove(),
};

/** One store: verdict, proof, test, abilities, in that order. */
export function StoreDetail(props: StoreDetailProps): ReactNode {
  const { store, service } = props;
  return (
    <div className="st-detail" data-region="drawer">
      <header className="st-head">
        <PlatformMark platform={store.platform} size={28} />
        <div className="grow">
          <b className="st-title cut">{store.name}</b>
          <div className="t2 small cut">
            {platformName(store.platform)}　{s('detail.ids', { id: store.remote_id })}
            {store.offline_code === '' ? '' : `　${s('detail.branch', { code: store.offline_code })}`}
          </div>
        </div>
        <Button icon={IconRefreshCw} busy={props.reading ? s('act.reading') : null} onClick={props.onRead}>
          {s('act.read')}
        </Button>
        <Button icon={IconActivity} hint="T" busy={props.testing ? s('act.testing') : null} onClick={props.onTest}>
          {s('act.test')}
        </Button>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'edit', label: s('act.edit') },
              { key: 'compare', label: s('act.compare') },
              // While the keychain is closed nothing has to be authorized again, so it is not offered.
              ...(store.account.state === 'vault_unavailable' ? [] : [{ key: 'authorize', label: s('act.authorize') }]),
              ...(service?.sister ? [{ key: 'change', label: s('act.change', { to: platformName(service.sister) }) }] : []),
              { key: 'remove', label: s('act.remove'), danger: true },
            ],
            onClick: ({ key }) => MENU[key as keyof typeof MENU](props),
          }}
        >
          <Button icon={IconEllipsis} label={s('act.more')} />
        </Dropdown>
      </header>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="st-body" role="region" tabIndex={0} aria-label={store.name}>
        <Problems {...props} />
        <Facts store={store} comparing={props.comparing} />
        <Test test={props.test} />
        {service ? <Abilities service={service} /> : null}
        <SwitchList store={store} />
        <Section
          title={s('erpof.title')}
          actions={
            <Button kind="link" onClick={props.onEdit}>
              {s('erpof.change')}
            </Button>
          }
        >
          <div className="st-pairs">
            <span className="t2">{s('erpof.account')}</span>
            <span>{props.erpName ?? <span className="amber">{s('erpof.none')}</span>}</span>
            <span className="t2">{s('erpof.branch')}</span>
            <span className={store.offline_code_fault ? 'red' : ''}>{store.offline_code === '' ? '–' : store.offline_code}</span>
          </div>
        </Section>
      </div>
    </div>
  );
}

/** What a platform says of a store that is its sister's (F37, F46). */
const OF_THE_SISTER: ReadonlySet<string> = new Set(['finding.F37', 'finding.F46']);

function Problems({ store, service, test, onAuthorize, onEdit, onChange, onTest, testing }: StoreDetailProps): ReactNode {
  const now = useNow();
  const { kind, days } = authorization(store.account, now);
  const text = store.account.state_text;
  const authorize = (
    <Button size="row" onClick={onAuthorize}>
      {kind === 'soon' ? s('act.renew') : s('act.authorize')}
    </Button>
  );
  const again = (
    <Button size="row" busy={testing ? s('act.testing') : null} onClick={onTest}>
      {s('act.test')}
    </Button>
  );
  const told = [store.orders_error, ...(test?.steps.filter((step) => step.state === 'failed').map((step) => step.words) ?? [])].find((words) => words && OF_THE_SISTER.has(words.code));
  const misplaced = service?.sister && told ? { words: told, to: platformName(service.sister) } : null;
  return (
    <div className="st-problems">
      {misplaced ? (
        <Finding
          look="panel"
          severity="error"
          title={sentence(misplaced.words)}
          ids={[misplaced.words.code.slice('finding.'.length)]}
          why={s('problem.sister.why', { to: misplaced.to })}
          actions={
            <Button size="row" kind="primary" onClick={onChange}>
              {s('act.change', { to: misplaced.to })}
            </Button>
          }
        />
      ) : null}
      {store.taken ? (
        <Finding
          look="panel"
          severity={store.taken.now ? 'error' : 'warning'}
          title={s(store.taken.certain ? 'problem.taken.sure' : store.taken.now ? 'problem.taken' : 'problem.taken.again')}
          ids={['F32a']}
          why={s(store.taken.missing > 0 ? 'problem.taken.missing' : 'problem.taken.why', { n: store.taken.times, missing: store.taken.missing })}
          actions={store.taken.now ? authorize : null}
        />
      ) : null}
      {misplaced || store.taken?.now ? null : kind === 'dead' ? <Finding look="panel" severity="error" title={s('problem.dead')} ids={['F43']} why={text === '' ? s('problem.dead.plain') : s('problem.dead.why', { text })} actions={authorize} /> : null}
      {kind === 'none' ? <Finding look="panel" severity="error" title={s('problem.none')} why={s('problem.none.why')} actions={authorize} /> : null}
      {kind === 'soon' ? <Finding look="panel" severity="warning" title={s('problem.soon', { n: days ?? 0 })} why={s('problem.soon.why')} actions={authorize} /> : null}
      {kind === 'vault' ? <Finding look="panel" severity="warning" title={s('problem.vault')} why={s('vault.kept')} actions={again} /> : null}
      {store.orders_error && !misplaced && kind !== 'dead' && kind !== 'vault' ? <Finding look="panel" severity="error" title={s('problem.pull')} why={sentence(store.orders_error)} actions={again} /> : null}
      {store.offline_code_fault ? (
        <Finding
          look="panel"
          severity="error"
          title={s('problem.branch', { code: store.offline_code })}
          ids={['F19b']}
          why={s('problem.branch.why')}
          actions={
            <Button size="row" onClick={onEdit}>
              {s('problem.branch.fix')}
            </Button>
          }
        />
      ) : null}
      {store.erp === null ? (
        <Finding
          look="panel"
          severity="warning"
          title={s('problem.erp')}
          why={s('problem.erp.why')}
          actions={
            <Button size="row" onClick={onEdit}>
              {s('problem.erp.fix')}
            </Button>
          }
        />
      ) : null}
    </div>
  );
}

function Facts({ store, comparing }: { store: StoreView; comparing: boolean }): ReactNode {
  const now = useNow();
  const navigate = useNavigate();
  const { days, kind } = authorization(store.account, now);
  const words = { yesterday: t('time.yesterday') };
  const until = store.account.expires_at;
  return (
    <KpiStrip
      items={[
        { label: s('fact.listings'), value: grouped(store.listings), unit: s('fact.bound', { n: grouped(store.bound) }), note: store.listings_read_at === null ? s('fact.listed.never') : s('fact.listed', { time: shortTime(store.listings_read_at, now, words) }), onOpen: () => void navigate({ to: '/listings' as '/', search: { store: store.id } as never }) },
        { label: s('fact.exceptions'), value: grouped(store.exceptions), unit: s('unit.order'), note: s('fact.exceptions.note'), ...(store.exceptions > 0 ? { tone: 'red' as const } : {}), onOpen: () => void navigate({ to: '/exceptions' as '/' }) },
        { label: s('fact.auth'), value: kind === 'dead' ? s('auth.dead') : kind === 'none' ? s('auth.none') : kind === 'vault' ? '–' : days === null ? s('auth.forever') : s('auth.days', { n: days }), note: until === null || kind === 'vault' ? null : s('fact.auth.until', { date: dateText(until) }), ...(kind === 'dead' || kind === 'none' ? { tone: 'red' as const } : {}) },
        {
          label: s('fact.read'),
          value: store.orders_read_at === null ? s('list.never') : shortTime(store.orders_read_at, now, words),
          note: comparing ? s('compare.busy') : store.compared === null ? null : s(store.compared.missing > 0 ? 'fact.compared.missing' : 'fact.compared', { time: shortTime(store.compared.at, now, words), n: grouped(store.compared.listed), missing: grouped(store.compared.missing) }),
        },
      ]}
    />
  );
}

function Test({ test }: { test: ConnectionView | undefined }): ReactNode {
  return (
    <Section title={s('test.title')} note={test ? s('test.note', { time: clock(test.at, true) }) : s('test.never')}>
      {test ? (
        <ol className="st-layers">
          {LAYERS.map((layer) => {
            const step = test.steps.find((one) => one.step === layer);
            const state = step?.state ?? 'not_tested';
            return (
              <li key={layer} className={state === 'failed' ? 'is-bad' : ''}>
                {state === 'ok' ? <IconCircleCheck className="c-green" /> : state === 'failed' ? <IconOctagonAlert className="c-red" /> : <IconCircleDashed className="c-t3" />}
                <b>{s(`test.${layer}`)}</b>
                <div className="small">
                  {!step || state === 'not_tested' ? <span className="t3">{s('test.untested')}</span> : sentence(step.words)}
                  {step && state === 'failed' ? <Why step={step} /> : null}
                </div>
                <span className="t3 small num">{!step || state === 'not_tested' ? '' : layer === 'key' ? s('test.local') : `${step.took_ms} ms`}</span>
              </li>
            );
          })}
        </ol>
      ) : null}
    </Section>
  );
}

function Why({ step }: { step: ConnectionView['steps'][number] }): ReactNode {
  const why = word(`${step.words.code}.why`, step.words.params) ?? word(`${step.words.code}.advice`, step.words.params);
  return (
    <>
      {why === null ? null : <div className="t2">{why}</div>}
      <RawText title={t('finding.raw')} text={step.raw} />
    </>
  );
}

function SwitchList({ store }: { store: StoreView }): ReactNode {
  const save = useAction('store_edit', ['stores', 'findings', 'stock']);
  const set = (field: keyof Switches, on: boolean): void =>
    save.mutate(
      { id: store.id, switches: { ...store.switches, [field]: on } },
      { onError: failed, onSuccess: () => toast.done(s('switch.saved', { name: s(`switch.${field}.${on ? 'on' : 'off'}`) })) },
    );
  return (
    <Section title={s('switch.title')} note={s('switch.note')}>
      <div className="st-switches">
        {FIELDS.map((field) => {
          const on = store.switches[field];
          return (
            <div key={field} className="st-switch">
              <Switch size="small" checked={on} aria-label={s(`switch.${field}`)} disabled={save.isPending} onChange={(next) => set(field, next)} />
              <span>{s(`switch.${field}`)}</span>
              <span className={!on && field === 'stock' ? 'amber small' : 't2 small'}>{s(`switch.${field}.${on ? 'on' : 'off'}` as StoresWord)}</span>
            </div>
          );
        })}
      </div>
    </Section>
  );
}

/** Limits of a platform are facts told beforehand, not errors met later. */
function Abilities({ service }: { service: ServiceView }): ReactNode {
  return (
    <Section title={s('can.title')} note={service.rules_date === '' ? null : s('can.note', { date: service.rules_date })}>
      <div className="st-facts">
        {service.facts.map((fact) => (
          <div key={fact.words.code} className="st-fact small">
            {fact.can ? <IconCheck size={14} className="c-green" /> : <IconMinus size={14} className="c-t3" />}
            <span className={fact.can ? '' : 't2'}>{sentence(fact.words)}</span>
          </div>
        ))}
      </div>
    </Section>
  );
}
