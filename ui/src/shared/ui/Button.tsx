import { Tooltip } from 'antd';
import type { MouseEvent, ReactNode, Ref } from 'react';
import { IconLoaderCircle, type Icon } from './icons';

export interface ButtonProps {
  children?: ReactNode;
  /** `primary` at most once per screen; `danger` is an outline; `dangerSolid` only inside a typed confirmation. */
  kind?: 'default' | 'primary' | 'text' | 'link' | 'danger' | 'dangerSolid';
  /** 28 px, 24 in rows, 32 for the one big button. */
  size?: 'md' | 'row' | 'lg';
  icon?: Icon;
  /** Key hint shown as a small cap, e.g. `Shift R`. */
  hint?: string;
  /** While running: this text replaces the label, the width stays. */
  busy?: string | null;
  /** Why it cannot be pressed now; a button is never disabled without a reason. */
  blocked?: string | null;
  /** Tooltip, and the accessible name of a button that is only an icon. */
  label?: string;
  pressed?: boolean;
  expanded?: boolean;
  autoFocus?: boolean;
  className?: string;
  ref?: Ref<HTMLButtonElement>;
  onClick?: (event: MouseEvent<HTMLButtonElement>) => void;
}

/** Verb first, number in it: 重推 137 单. Order on screen: cancel, alternatives, primary. */
export function Button(props: ButtonProps): ReactNode {
  const { children, kind = 'default', size = 'md', icon: IconHere, hint, busy, blocked, label } = props;
  const off = Boolean(blocked) || Boolean(busy);
  const bare = children === undefined;
  const classes = ['btn', `btn-${kind}`, size === 'md' ? '' : `btn-${size}`, bare ? 'btn-bare' : '', props.className ?? ''];
  const button = (
    <button
      ref={props.ref}
      type="button"
      className={classes.filter(Boolean).join(' ')}
      aria-disabled={off || undefined}
      aria-busy={busy ? true : undefined}
      aria-label={bare ? label : undefined}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      // oxlint-disable-next-line jsx-a11y/no-autofocus
      autoFocus={props.autoFocus}
      onClick={(event) => {
        if (!off) props.onClick?.(event);
      }}
    >
      {busy ? <IconLoaderCircle size={14} className="spin" /> : null}
      {IconHere && !busy ? <IconHere size={bare ? 16 : 14} /> : null}
      {bare ? null : <span className="btn-label">{busy || children}</span>}
      {hint && !busy ? <Kbd>{hint}</Kbd> : null}
    </button>
  );
  const tip = blocked ?? label;
  return tip ? <Tooltip title={hint && !blocked ? `${tip}  ${hint}` : tip}>{button}</Tooltip> : button;
}

/** A key as a small cap. */
export function Kbd({ children }: { children: ReactNode }): ReactNode {
  return <kbd className="kbd">{children}</kbd>;
}
