import { Switch } from 'antd';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAction, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useStored } from '../../shared/hooks';
import { changeLanguage } from '../../shared/language';
import { currentLanguage, t, type Language } from '../../shared/messages';
import { Button, ErrorPanel, PageHead, platformName, Section, Skeleton, Tabs, toast } from '../../shared/ui';
import { Backups } from './Backups';
import { Help } from './Help';
import { g } from './messages';
import { isTime, isWhole, Row, TextSetting } from './Row';
import './settings.css';

const PARTS = ['look', 'notice', 'orders', 'backup', 'help', 'about'] as const;
type Part = (typeof PARTS)[number];
const THEMES = ['system', 'light', 'dark'] as const;

/** What the window assumes while a key was never set. */
const DEFAULTS: Record<string, string> = { sound: 'on', notify: 'on', auto_push: 'on', pull_minutes: '3', quiet_from: '', quiet_to: '', safety_stock: '0', erp_old_minutes: '480' };

export default function SettingsPage(): ReactNode {
  const search: { part?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const part: Part = PARTS.find((one) => one === search.part) ?? 'look';
  return (
    <div className="page">
      <PageHead title={g('title')} />
      <div className="set">
        <nav className="set-nav" aria-label={g('parts')}>
          {PARTS.map((one) => (
            <button key={one} type="button" className={one === part ? 'is-on' : ''} aria-current={one === part || undefined} onClick={() => void navigate({ search: { part: one } as never, replace: true })}>
              {g(`part.${one}`)}
            </button>
          ))}
        </nav>
        {/* A region that scrolls must be reachable by keyboard. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="set-body" data-region="main" role="region" tabIndex={0} aria-label={g(`part.${part}`)}>
          {part === 'backup' ? <Backups /> : part === 'help' ? <Help /> : part === 'about' ? <About /> : <Values part={part} />}
        </div>
      </div>
    </div>
  );
}

function Values({ part }: { part: 'look' | 'notice' | 'orders' }): ReactNode {
  const query = useCall('settings_get', {}, ['settings']);
  const write = useAction('settings_set', ['settings']);
  const [theme, setTheme] = useStored<(typeof THEMES)[number]>('theme', 'system');
  if (query.error) return <ErrorPanel title={errorWords(query.error).title} note={g('failed.kept')} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />;
  if (!query.data) return <Skeleton rows={4} />;
  const { values } = query.data;
  const get = (key: string): string => values[key] ?? DEFAULTS[key] ?? '';
  const set = (key: string, value: string, quiet = false): void => write.mutate({ values: { [key]: value } }, { onError: failed, onSuccess: () => (quiet ? undefined : toast.done(g('saved'))) });
  const toggle = (key: string, label: string): ReactNode => <Switch checked={get(key) !== 'off'} aria-label={label} onChange={(on) => set(key, on ? 'on' : 'off')} />;
  if (part === 'look') {
    return (
      <Section title={g('part.look')}>
        <Row name={g('theme')}>
          <Tabs
            look="segment"
            label={g('theme')}
            value={theme}
            items={THEMES.map((one) => ({ id: one, label: g(`theme.${one}`) }))}
            onChange={(next) => {
              setTheme(next as (typeof THEMES)[number]);
              set('theme', next, true);
            }}
          />
        </Row>
        <Row name={g('language')} note={g('language.note')}>
          <Tabs
            look="segment"
            label={g('language')}
            value={currentLanguage()}
            items={[
              { id: 'zh-CN', label: '中文' },
              { id: 'en', label: 'English' },
            ]}
            onChange={(next) => {
              set('lang', next, true);
              void changeLanguage(next as Language);
            }}
          />
        </Row>
      </Section>
    );
  }
  if (part === 'notice') {
    return (
      <Section title={g('part.notice')}>
        <Row name={g('sound')} note={g('sound.note')}>
          {toggle('sound', g('sound'))}
        </Row>
        <Row name={g('notify')} note={g('notify.note')}>
          {toggle('notify', g('notify'))}
        </Row>
        <Row name={g('quiet')} note={g('quiet.note')}>
          <span className="t2">{g('quiet.from')}</span>
          <TextSetting value={get('quiet_from')} label={`${g('quiet')} ${g('quiet.from')}`} bad={g('quiet.bad')} isGood={isTime} onSave={(text) => set('quiet_from', text)} />
          <span className="t2">{g('quiet.to')}</span>
          <TextSetting value={get('quiet_to')} label={`${g('quiet')} ${g('quiet.to')}`} bad={g('quiet.bad')} isGood={isTime} onSave={(text) => set('quiet_to', text)} />
        </Row>
      </Section>
    );
  }
  return (
    <Section title={g('part.orders')}>
      <Row name={g('auto')} note={g('auto.note')}>
        {toggle('auto_push', g('auto'))}
      </Row>
      <Row name={g('pull')} note={g('pull.note')}>
        <TextSetting value={get('pull_minutes')} label={g('pull')} unit={g('pull.unit')} bad={g('pull.bad')} isGood={(text) => isWhole(text, 1, 60)} onSave={(text) => set('pull_minutes', text)} />
      </Row>
      <Pushes />
      <Row name={g('safety')} note={g('safety.note')}>
        <TextSetting value={get('safety_stock')} label={g('safety')} unit={g('safety.unit')} bad={g('safety.bad')} isGood={(text) => isWhole(text, 0, 9999)} onSave={(text) => set('safety_stock', text)} />
      </Row>
      <Row name={g('erpold')} note={g('erpold.note')}>
        <TextSetting value={get('erp_old_minutes')} label={g('erpold')} unit={g('pull.unit')} bad={g('erpold.bad')} isGood={(text) => isWhole(text, 1, 10080)} onSave={(text) => set('erp_old_minutes', text)} />
      </Row>
    </Section>
  );
}

/** Platforms that tell of orders by themselves; asking goes on either way. */
function Pushes(): ReactNode {
  const query = useCall('pushes_get', {}, ['settings', 'stores']);
  const write = useAction('pushes_set', ['settings']);
  return (
    <>
      <Row name={g('pushes')} note={g('pushes.note')}>
        <Switch checked={query.data?.on ?? false} loading={write.isPending} aria-label={g('pushes')} onChange={(on) => write.mutate({ on }, { onError: failed, onSuccess: () => toast.done(g('saved')) })} />
      </Row>
      {query.data?.addresses.map((one) => (
        <Row key={one.account} name={platformName(one.service)} note={one.name === one.service ? '' : one.name}>
          <input className="field mono set-address" readOnly value={one.address} aria-label={g('pushes.address', { name: platformName(one.service) })} onFocus={(event) => event.target.select()} />
        </Row>
      ))}
    </>
  );
}

function About(): ReactNode {
  const status = useCall('app_status', {}, ['settings', 'stores']).data;
  if (!status) return <Skeleton rows={3} />;
  return (
    <Section title={g('part.about')}>
      <Row name={g('about.version')}>{status.version}</Row>
      <Row name={g('about.mode')} note={g('about.counts', { products: grouped(status.products), stores: grouped(status.stores), orders: grouped(status.orders) })}>
        {status.can_write ? g(status.demo ? 'about.demo' : 'about.own') : <span className="amber">{g('about.readonly')}</span>}
      </Row>
      <Row name={g('about.licence')}>{g('about.licence.value')}</Row>
    </Section>
  );
}
