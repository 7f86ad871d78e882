import { Link } from '@tanstack/react-router';
import { Tooltip } from 'antd';
import { Fragment, type ReactNode } from 'react';
import { host } from '../host';
import { grouped } from '../shared/format';
import { comboText } from '../shared/hooks';
import { IconPanelLeftClose, IconPanelLeftOpen } from '../shared/ui/icons';
import type { FrameData } from './frameData';
import { a } from './messages';
import type { Entry } from './routes';

export interface MenuProps {
  entries: readonly Entry[];
  counts: FrameData['counts'];
  folded: boolean;
  canUnfold: boolean;
  current: string;
  onFold: (folded: boolean) => void;
}

/** The pages. Counts are plain; red only for exceptions and dead authorizations, amber for preflight blocks. */
export function Menu({ entries, counts, folded, canUnfold, current, onFold }: MenuProps): ReactNode {
  const mac = host().platform === 'macos';
  return (
    <nav className={folded ? 'menu is-folded' : 'menu'} aria-label={a('nav.label')}>
      {entries.map((entry, at) => {
        const before = entries[at - 1];
        const count = counts[entry.id];
        const hint = at < 10 ? comboText(`Alt+Digit${(at + 1) % 10}`, mac) : '';
        const link = (
          <Link to={`/${entry.id}` as '/'} className={current === entry.id ? 'menu-item is-current' : 'menu-item'} aria-current={current === entry.id ? 'page' : undefined} aria-label={folded ? a(entry.label) : undefined}>
            <entry.icon />
            {folded ? null : <span className="grow cut">{a(entry.label)}</span>}
            {count && count.value > 0 ? <span className={`menu-count count-${count.tone}`}>{folded && count.tone !== 'red' ? null : grouped(count.value)}</span> : null}
          </Link>
        );
        return (
          <Fragment key={entry.id}>
            {entry.group === 4 && before?.group !== 4 ? <div className="grow" /> : before && before.group !== entry.group ? <div className="menu-gap" /> : null}
            <Tooltip title={folded ? `${a(entry.label)}  ${hint}` : hint} placement="right" mouseEnterDelay={folded ? 0.1 : 0.8}>
              {link}
            </Tooltip>
          </Fragment>
        );
      })}
      {canUnfold ? (
        <button type="button" className="menu-fold" aria-label={a(folded ? 'nav.unfold' : 'nav.fold')} title={a(folded ? 'nav.unfold' : 'nav.fold')} onClick={() => onFold(!folded)}>
          {folded ? <IconPanelLeftOpen /> : <IconPanelLeftClose />}
        </button>
      ) : null}
    </nav>
  );
}
