import { useState, type ReactNode } from 'react';
import { CopyLink } from '../ui';
import { IconChevronDown, IconChevronRight } from '../ui/icons';
import './orders.css';

/** The other side's own text, folded, with 复制. */
export function RawText({ title, text }: { title: string; text: string }): ReactNode {
  const [open, setOpen] = useState(false);
  if (text === '') return null;
  return (
    <div className="raw">
      <div className="raw-head">
        <button type="button" className="btn btn-text btn-row" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
          <span className="btn-label">{title}</span>
        </button>
        <div className="grow" />
        <CopyLink text={text} />
      </div>
      {open ? (
        // Scrolls sideways, so it takes focus.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre className="raw-text" tabIndex={0}>
          {text}
        </pre>
      ) : null}
    </div>
  );
}
