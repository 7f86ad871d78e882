import { Tooltip } from 'antd';
import { useEffect, useRef, type ReactNode, type KeyboardEvent as ReactKey, type PointerEvent as ReactPointer } from 'react';
import { composing, useEscape, useStored } from '../hooks';
import { t } from '../messages';
import { Button, Kbd } from './Button';
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from './icons';

/** Page head (48): title, one line of scope and time basis, then buttons, primary last. */
export function PageHead({ title, note, actions, children }: { title: ReactNode; note?: ReactNode; actions?: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <header className="pagehead" data-region="head">
      <h1>{title}</h1>
      {note ? <div className="pagehead-note">{note}</div> : null}
      {children}
      <div className="grow" />
      {actions ? <div className="actions">{actions}</div> : null}
    </header>
  );
}

/** Toolbar (44): search and filters at the left, tools at the right. */
export function Toolbar({ children, tools }: { children: ReactNode; tools?: ReactNode }): ReactNode {
  return (
    <div className="toolbar" role="toolbar" data-region="toolbar">
      {children}
      <div className="grow" />
      {tools ? <div className="tools">{tools}</div> : null}
    </div>
  );
}

export interface SearchBoxProps {
  value: string;
  placeholder: string;
  onChange: (text: string) => void;
  /** Enter, outside composition. */
  onEnter?: (text: string) => void;
  width?: number;
  /** `/` brings the caret here. One per page. */
  main?: boolean;
}

/** A search field. Uncontrolled, so that nothing is written back while pinyin is being composed. */
export function SearchBox({ value, placeholder, onChange, onEnter, width = 320, main = false }: SearchBoxProps): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  const busy = useRef(false);
  useEffect(() => {
    // A reset from outside is taken over; what is being typed is already the same text.
    if (input.current && !busy.current && input.current.value !== value) input.current.value = value;
  }, [value]);
  return (
    <label className="search" style={{ width }}>
      <IconSearch />
      <input
        ref={input}
        type="text"
        role="searchbox"
        defaultValue={value}
        aria-label={placeholder}
        placeholder={placeholder}
        data-search={main || undefined}
        onInput={(event) => {
          if (!busy.current) onChange(event.currentTarget.value);
        }}
        onCompositionStart={() => {
          busy.current = true;
        }}
        onCompositionEnd={(event) => {
          busy.current = false;
          onChange(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.code === 'Enter' && !composing(event)) onEnter?.(event.currentTarget.value);
        }}
      />
      {main ? <Kbd>/</Kbd> : null}
    </label>
  );
}

/** A filter that is on: label, value and ×. */
export function FilterChip({ label, value, onClear, onClick }: { label: string; value?: string; onClear?: () => void; onClick?: () => void }): ReactNode {
  return (
    <span className={value ? 'chip chip-on' : 'chip'}>
      <button type="button" className="chip-main" onClick={onClick}>
        {label}
        {value ? <b>{value}</b> : null}
        {value ? null : <IconChevronDown size={14} />}
      </button>
      {value && onClear ? (
        <button
          type="button"
          className="chip-x"
          aria-label={`${t('act.remove')} ${label}`}
          onClick={(event) => {
            // The chip around it opens a menu.
            event.stopPropagation();
            onClear();
          }}
        >
          <IconX size={12} />
        </button>
      ) : null}
    </span>
  );
}

export interface TabItem {
  id: string;
  label: ReactNode;
  count?: string;
}

/** Tabs: saved views in a page head (`view`), parts of a drawer (`part`), or a segmented control (`segment`). */
export function Tabs({ items, value, onChange, look = 'view', label }: { items: readonly TabItem[]; value: string; onChange: (id: string) => void; look?: 'view' | 'part' | 'segment'; label: string }): ReactNode {
  const move = (event: ReactKey<HTMLDivElement>): void => {
    const step = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    const at = items.findIndex((item) => item.id === value);
    const next = items[(at + step + items.length) % items.length];
    if (!next) return;
    event.preventDefault();
    onChange(next.id);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div className={`tabs tabs-${look}`} role="tablist" aria-label={label} onKeyDown={move}>
      {items.map((item) => (
        <button key={item.id} type="button" role="tab" data-tab={item.id} aria-selected={item.id === value} tabIndex={item.id === value ? 0 : -1} onClick={() => onChange(item.id)}>
          {item.label}
          {item.count === undefined ? null : <span className="tab-count">{item.count}</span>}
        </button>
      ))}
    </div>
  );
}

/** A bordered panel with a head of 36. */
export function Panel({ title, note, actions, foot, children, flush = false, className }: { title?: ReactNode; note?: ReactNode; actions?: ReactNode; foot?: ReactNode; children: ReactNode; flush?: boolean; className?: string }): ReactNode {
  return (
    <section className={`panel ${className ?? ''}`}>
      {title ? (
        <div className="panel-head">
          <h2>{title}</h2>
          {note ? <span className="t3">{note}</span> : null}
          <div className="grow" />
          {actions}
        </div>
      ) : null}
      <div className={flush ? 'panel-body flush' : 'panel-body'}>{children}</div>
      {foot ? <div className="panel-foot">{foot}</div> : null}
    </section>
  );
}

/** A headed part without a box, as used inside drawers and detail sides. */
export function Section({ title, note, actions, children }: { title: ReactNode; note?: ReactNode; actions?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {note ? <span className="t3">{note}</span> : null}
        <div className="grow" />
        {actions}
      </div>
      {children}
    </section>
  );
}

export interface KpiItem {
  label: ReactNode;
  value: ReactNode;
  unit?: ReactNode;
  note?: ReactNode;
  tone?: 'red';
  onOpen?: () => void;
}

/** A row of figures; every total opens what it counts. */
export function KpiStrip({ items }: { items: readonly KpiItem[] }): ReactNode {
  return (
    <div className="kpis">
      {items.map((item, at) => {
        const body = (
          <>
            <span className="t2 small">{item.label}</span>
            <span className={item.tone === 'red' ? 'kpi-value red' : 'kpi-value'}>
              {item.value}
              {item.unit ? <span className="kpi-unit">{item.unit}</span> : null}
            </span>
            {item.note ? <span className="t3 small">{item.note}</span> : null}
          </>
        );
        return item.onOpen ? (
          <button key={at} type="button" className="kpi" onClick={item.onOpen}>
            {body}
          </button>
        ) : (
          <div key={at} className="kpi">
            {body}
          </div>
        );
      })}
    </div>
  );
}

const clampWidth = (width: number, min: number, max: number): number => Math.min(max, Math.max(min, Math.round(width)));

/** A border that changes a width by mouse or arrow keys. */
function Divider({ width, min, max, side, label, onChange }: { width: number; min: number; max: number; side: 1 | -1; label: string; onChange: (width: number) => void }): ReactNode {
  const start = useRef({ x: 0, width });
  const drag = (event: ReactPointer<HTMLDivElement>): void => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onChange(clampWidth(start.current.width + (event.clientX - start.current.x) * side, min, max));
  };
  return (
    // A focusable separator is a widget (ARIA window splitter).
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      className="divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={max}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, width };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
      onKeyDown={(event) => {
        const step = event.code === 'ArrowLeft' ? -16 : event.code === 'ArrowRight' ? 16 : 0;
        if (step === 0) return;
        event.preventDefault();
        onChange(clampWidth(width + step * side, min, max));
      }}
    />
  );
}

/** List at the left, detail at the right; the border between them is remembered under `name`. */
export function SplitView({ name, left, right, initial = 586, min = 280, max = 900 }: { name: string; left: ReactNode; right: ReactNode; initial?: number; min?: number; max?: number }): ReactNode {
  const [width, setWidth] = useStored(`split.${name}`, initial);
  return (
    <div className="split">
      <div className="split-left" style={{ width }}>
        {left}
      </div>
      <Divider width={width} min={min} max={max} side={1} label={name} onChange={setWidth} />
      <div className="split-right">{right}</div>
    </div>
  );
}

export interface DrawerProps {
  name: string;
  label: string;
  head: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
  onClose: () => void;
  onStep?: (step: 1 | -1) => void;
}

/** Pushes the grid from 1280 up, covers it below; never blocks the page and has no mask. */
export function Drawer({ name, label, head, children, foot, onClose, onStep }: DrawerProps): ReactNode {
  const [width, setWidth] = useStored(`drawer.${name}`, 368);
  useEscape(true, onClose);
  return (
    <aside className="drawer" style={{ width }} aria-label={label} data-region="drawer">
      <Divider width={width} min={320} max={560} side={-1} label={label} onChange={setWidth} />
      <div className="drawer-head">
        <div className="drawer-title">{head}</div>
        <div className="drawer-tools">
          {onStep ? (
            <>
              <Button kind="text" size="row" icon={IconChevronUp} label={t('act.prev')} hint="↑" onClick={() => onStep(-1)} className="nohint" />
              <Button kind="text" size="row" icon={IconChevronDown} label={t('act.nextRow')} hint="↓" onClick={() => onStep(1)} className="nohint" />
            </>
          ) : null}
          <Button kind="text" size="row" icon={IconX} label={t('act.close')} hint="Esc" onClick={onClose} className="nohint" />
        </div>
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      <div className="drawer-body">{children}</div>
      {foot ? <div className="drawer-foot">{foot}</div> : null}
    </aside>
  );
}

/** Floats 12 above the grid foot while rows are ticked; owns the primary button while it is up. */
export function BatchBar({ count, matching, onMatching, onClose, children }: { count: string; matching?: string | null; onMatching?: () => void; onClose: () => void; children: ReactNode }): ReactNode {
  useEscape(true, onClose);
  return (
    <div className="batchbar" role="toolbar" aria-label={t('grid.selected', { n: count })}>
      <b aria-live="polite">{t('grid.selected', { n: count })}</b>
      {matching ? (
        <Button kind="link" onClick={onMatching}>
          {t('grid.selectMatching', { n: matching })}
        </Button>
      ) : null}
      <span className="vline" />
      {children}
      <Tooltip title={t('act.close')}>
        <button type="button" className="btn btn-text" onClick={onClose} aria-label={t('act.close')}>
          <Kbd>Esc</Kbd>
        </button>
      </Tooltip>
    </div>
  );
}
