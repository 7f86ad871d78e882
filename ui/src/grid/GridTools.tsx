import { Dropdown, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import { useEscape, useStored } from '../shared/hooks';
import { t } from '../shared/messages';
import { Button } from '../shared/ui';
import { IconChevronDown, IconChevronUp, IconColumns3, IconRows3 } from '../shared/ui/icons';
import type { Columns } from './columns';
import { DENSITIES, type Density } from './Grid';

/** Density, for every grid without a fixed row height. */
export function DensityMenu(): ReactNode {
  const [density, setDensity] = useStored<Density>('density', 28);
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        selectedKeys: [String(density)],
        items: DENSITIES.map((height) => ({ key: String(height), label: t(`density.${height}`), onClick: () => setDensity(height) })),
      }}
    >
      <Button kind="text" icon={IconRows3}>
        {t('tool.density')}
      </Button>
    </Dropdown>
  );
}

/** Shows, hides and orders the columns of a grid. */
export function ColumnMenu<T>({ columns }: { columns: Columns<T> | null }): ReactNode {
  const [open, setOpen] = useState(false);
  useEscape(open, () => setOpen(false));
  if (!columns) return null;
  const list = (
    <div className="columnmenu">
      {columns.all.map(({ column, hidden }, at) => (
        <div key={column.id} className="columnmenu-row">
          <label>
            <input type="checkbox" checked={!hidden} disabled={column.fixed ?? false} onChange={() => columns.hide(column.id, !hidden)} />
            <span className="cut">{column.name}</span>
          </label>
          <Button kind="text" size="row" icon={IconChevronUp} label={`${t('columns.up')} ${column.name}`} onClick={() => columns.move(column.id, -1)} blocked={at === 0 ? column.name : null} />
          <Button kind="text" size="row" icon={IconChevronDown} label={`${t('columns.down')} ${column.name}`} onClick={() => columns.move(column.id, 1)} />
        </div>
      ))}
      {columns.changed ? (
        <Button kind="link" onClick={columns.reset}>
          {t('columns.reset')}
        </Button>
      ) : null}
    </div>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} content={list} placement="bottomRight" arrow={false}>
      <Button kind="text" icon={IconColumns3} expanded={open}>
        {t('tool.columns')}
      </Button>
    </Popover>
  );
}
