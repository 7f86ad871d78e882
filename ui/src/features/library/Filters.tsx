import { Dropdown, Popover } from 'antd';
import { useState, type KeyboardEvent, type ReactNode } from 'react';
import { parseYuan, yuanInput } from '../../shared/format';
import { composing } from '../../shared/hooks';
import { Button, FilterChip, State, stateName, SYNC_STATES } from '../../shared/ui';
import { l } from './messages';
import { syncState } from './model';

/** Chip that narrows the grid to products with a SKU in one state on the chosen platforms. */
export function StateFilter({ value, onChange }: { value: string | null; onChange: (state: string | null) => void }): ReactNode {
  const items = SYNC_STATES.map((state) => ({ key: state, label: <State state={state} />, onClick: () => onChange(state) }));
  return (
    <Dropdown trigger={['click']} menu={{ items, ...(value === null ? {} : { selectedKeys: [value] }) }}>
      <span>
        <FilterChip label={l('filter.state')} {...(value === null ? {} : { value: stateName(syncState(value)), onClear: () => onChange(null) })} />
      </span>
    </Dropdown>
  );
}

export interface PriceRange {
  from: number | null;
  to: number | null;
}

function rangeText({ from, to }: PriceRange): string {
  const yuan = (fen: number): string => `¥${yuanInput(fen)}`;
  if (from !== null && to !== null) return `${yuan(from)}–${yuan(to)}`;
  return from === null ? l('filter.price.to', { price: yuan(to ?? 0) }) : l('filter.price.from', { price: yuan(from) });
}

/** Chip that narrows the grid to prices from and to, in yuan. */
export function PriceFilter({ value, onChange }: { value: PriceRange; onChange: (range: PriceRange) => void }): ReactNode {
  const [open, setOpen] = useState(false);
  const on = value.from !== null || value.to !== null;
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomLeft"
      arrow={false}
      destroyOnHidden
      content={
        <PriceFields
          value={value}
          onDone={(range) => {
            setOpen(false);
            onChange(range);
          }}
        />
      }
    >
      <span>
        <FilterChip label={l('filter.price')} {...(on ? { value: rangeText(value), onClear: () => onChange({ from: null, to: null }) } : {})} />
      </span>
    </Popover>
  );
}

function PriceFields({ value, onDone }: { value: PriceRange; onDone: (range: PriceRange) => void }): ReactNode {
  const [from, setFrom] = useState(value.from === null ? '' : yuanInput(value.from));
  const [to, setTo] = useState(value.to === null ? '' : yuanInput(value.to));
  const fen = (text: string): number | null => (text.trim() === '' ? null : parseYuan(text));
  const bad = [from, to].find((text) => text.trim() !== '' && (parseYuan(text) ?? -1) < 0);
  const [low, high] = [fen(from), fen(to)];
  const run = (): void => {
    // Whoever types the ends the wrong way round means the same range.
    if (bad === undefined) onDone(low !== null && high !== null && low > high ? { from: high, to: low } : { from: low, to: high });
  };
  const enter = (event: KeyboardEvent): void => {
    if (event.code === 'Enter' && !composing(event)) run();
  };
  return (
    <div className="lib-prices">
      <div className="lib-pricerow">
        {/* The popover was opened to type into it. */}
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
        <input className="field" autoFocus inputMode="decimal" value={from} placeholder={l('filter.price.low')} aria-label={l('filter.price.low')} onChange={(event) => setFrom(event.target.value)} onKeyDown={enter} />
        <span className="t3">–</span>
        <input className="field" inputMode="decimal" value={to} placeholder={l('filter.price.high')} aria-label={l('filter.price.high')} onChange={(event) => setTo(event.target.value)} onKeyDown={enter} />
        <Button hint="Enter" blocked={bad === undefined ? null : l('bad.price', { value: bad })} onClick={run}>
          {l('filter.apply')}
        </Button>
      </div>
      {bad === undefined ? null : <div className="red small">{l('bad.price', { value: bad })}</div>}
    </div>
  );
}
