import { Dropdown } from 'antd';
import type { ReactNode } from 'react';
import type { StoreView } from '../api/generated';
import { grouped } from './format';
import { t } from './messages';
import { Button, PlatformMark } from './ui';
import { IconChevronDown } from './ui/icons';

/** Chooses one store of a page that shows one store at a time; `all` adds an entry for all of them. */
export function StorePick({ stores, value, onChange, all = false, note }: { stores: readonly StoreView[]; value: number | null; onChange: (store: number | null) => void; all?: boolean; note?: (store: StoreView) => string }): ReactNode {
  const chosen = stores.find((store) => store.id === value);
  const every = all ? [{ key: 'all', label: t('stores.all', { n: grouped(stores.length) }), onClick: () => onChange(null) }] : [];
  const items = stores.map((store) => ({
    key: String(store.id),
    label: (
      <span className="storepick">
        <PlatformMark platform={store.platform} decorative />
        <span className="grow cut">{store.name}</span>
        {note ? <span className="t3 small">{note(store)}</span> : null}
      </span>
    ),
    onClick: () => onChange(store.id),
  }));
  return (
    <Dropdown trigger={['click']} menu={{ selectedKeys: [value === null ? 'all' : String(value)], items: [...every, ...items] }}>
      <Button className="storepick-button">
        <span className="storepick">
          {chosen ? <PlatformMark platform={chosen.platform} decorative /> : null}
          {chosen ? chosen.name : t('stores.all', { n: grouped(stores.length) })}
          <IconChevronDown size={14} />
        </span>
      </Button>
    </Dropdown>
  );
}
