import { Dropdown } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { host } from '../host';
import { comboText } from '../shared/hooks';
import { grouped } from '../shared/format';
import { t } from '../shared/messages';
import { inScope, togglePlatform, useScope } from '../shared/scope';
import { byPlatformOrder, Kbd, Platform, PlatformMark, platformName } from '../shared/ui';
import { IconChevronDown, IconListTodo, IconLoaderCircle, IconMinus, IconSearch, IconSquare, IconStore, IconX } from '../shared/ui/icons';
import { Bell } from './Bell';
import type { FrameData } from './frameData';
import { Mark } from './Mark';
import { a } from './messages';
import { entries } from './routes';

/** The window head. It is the title bar too: what is not a control drags the window. */
export function Head({ data, onSearch }: { data: FrameData; onSearch: () => void }): ReactNode {
  const { window: win, platform: system } = host();
  const navigate = useNavigate();
  const hasTasks = entries.some((entry) => entry.id === 'tasks');
  return (
    <header className="head" data-tauri-drag-region style={{ paddingLeft: win.inset || undefined }}>
      <div className="head-mark" data-tauri-drag-region>
        <Mark />
        <b>{t('app.name')}</b>
      </div>
      <StoreSwitch data={data} />
      <PlatformSwitch data={data} />
      <div className="grow" data-tauri-drag-region />
      <button type="button" className="head-search" onClick={onSearch}>
        <IconSearch />
        <span className="grow cut">{a('head.search')}</span>
        <Kbd>{comboText('Mod+KeyK', system === 'macos')}</Kbd>
      </button>
      {hasTasks ? (
        <button type="button" className="head-tool" onClick={() => void navigate({ to: '/tasks' as '/' })}>
          {data.runningTasks > 0 ? <IconLoaderCircle className="spin" /> : <IconListTodo />}
          {a('head.tasks', { n: data.runningTasks })}
        </button>
      ) : null}
      <Bell />
      {win.buttons ? (
        <div className="win">
          <button type="button" aria-label={a('head.minimize')} onClick={win.minimize}>
            <IconMinus />
          </button>
          <button type="button" aria-label={a('head.maximize')} onClick={win.toggleMaximize}>
            <IconSquare size={14} />
          </button>
          <button type="button" aria-label={a('head.close')} className="win-close" onClick={win.close}>
            <IconX />
          </button>
        </div>
      ) : null}
    </header>
  );
}

function StoreSwitch({ data }: { data: FrameData }): ReactNode {
  const { scope, setScope } = useScope();
  const chosen = data.stores.find((store) => store.id === scope.store);
  const visible = data.stores.filter((store) => inScope({ ...scope, store: null }, store));
  const items = [
    { key: '', label: `${a('head.allStores')} ${grouped(visible.length)}` },
    ...visible.toSorted((left, right) => byPlatformOrder(left.platform, right.platform)).map((store) => ({ key: store.id, label: <Platform platform={store.platform}>{store.name}</Platform> })),
  ];
  const name = data.stores.length === 0 ? a('head.noStores') : a('head.allStores');
  return (
    <Dropdown
      trigger={['click']}
      disabled={data.stores.length === 0}
      menu={{ items, selectedKeys: [scope.store ?? ''], style: { maxHeight: 420, overflow: 'auto' }, onClick: ({ key }) => setScope({ ...scope, store: key === '' ? null : key }) }}
    >
      <button type="button" className="head-store" aria-label={[`${a('head.stores')}:`, chosen?.name ?? name, !chosen && visible.length > 0 ? visible.length : ''].join(' ').trim()}>
        {chosen ? <PlatformMark platform={chosen.platform} decorative /> : <IconStore />}
        <span className="cut">{chosen?.name ?? name}</span>
        {/* The space is for those who hear it: without it the name and the number are one word. */}
        {!chosen && visible.length > 0 ? <span className="t3"> {visible.length}</span> : null}
        <IconChevronDown size={14} className="c-t3" />
      </button>
    </Dropdown>
  );
}

function PlatformSwitch({ data }: { data: FrameData }): ReactNode {
  const { scope, setScope } = useScope();
  const platforms = [...new Set(data.stores.map((store) => store.platform))].toSorted(byPlatformOrder);
  if (platforms.length < 2) return null;
  return (
    <div className="head-platforms" role="group" aria-label={a('head.platforms')}>
      <button type="button" aria-pressed={scope.platforms.length === 0 && scope.store === null} onClick={() => setScope({ store: null, platforms: [] })}>
        {a('head.all')}
      </button>
      {platforms.map((platform) => (
        <button
          key={platform}
          type="button"
          aria-pressed={scope.platforms.includes(platform)}
          aria-label={platformName(platform)}
          title={platformName(platform)}
          onClick={(event) => setScope(togglePlatform(scope, platform, event.ctrlKey || event.metaKey))}
        >
          <PlatformMark platform={platform} decorative />
        </button>
      ))}
    </div>
  );
}
