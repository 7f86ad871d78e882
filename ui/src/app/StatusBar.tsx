import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { clock, grouped, shortTime } from '../shared/format';
import { useNow } from '../shared/hooks';
import { t } from '../shared/messages';
import { Kbd } from '../shared/ui';
import { IconClock, IconPrinter } from '../shared/ui/icons';
import type { FrameData, Printing } from './frameData';
import { a } from './messages';
import { entries } from './routes';

/** Connection, last read, what waits, and at the right the printers and the last verified backup. Each opens its page. */
export function StatusBar({ data, online, onKeys }: { data: FrameData; online: boolean; onKeys: () => void }): ReactNode {
  const now = useNow(data.wait ? 1000 : 60_000);
  const seconds = data.wait ? Math.ceil((data.wait.until - now) / 1000) : 0;
  return (
    <footer className="status" data-region="status">
      <Item to="stores">
        <span className={online ? 'status-dot' : 'status-dot is-off'} />
        {online ? a('status.online') : a('status.offline', { n: grouped(data.waitingToSend) })}
      </Item>
      {data.stores.length === 0 ? (
        <Item to="stores">{a('status.noStores')}</Item>
      ) : (
        <Item to="listings">{data.lastReadAt === null ? a('status.neverRead') : a('status.read', { time: clock(data.lastReadAt, true) })}</Item>
      )}
      {online && data.waitingToSend > 0 ? <Item to="tasks">{a('status.waiting', { n: grouped(data.waitingToSend) })}</Item> : null}
      {data.wait && seconds > 0 ? (
        <Item to="tasks" amber>
          <IconClock size={14} />
          {a('status.throttled', { who: data.wait.who, n: seconds })}
        </Item>
      ) : null}
      <div className="grow" />
      <Printers printing={data.printing} />
      <Item to="settings">{data.backupAt === null ? a('status.noBackup') : a('status.backup', { time: shortTime(data.backupAt, now, { yesterday: t('time.yesterday') }) })}</Item>
      <button type="button" className="status-item" onClick={onKeys}>
        {a('status.keys')}
        <Kbd>?</Kbd>
      </button>
    </footer>
  );
}

/** The printers' light in one line; nothing while there is no printer. */
function Printers({ printing: { printers, down, asks } }: { printing: Printing }): ReactNode {
  const [only] = down;
  const light = only === undefined ? a('status.printers', { n: grouped(printers) }) : down.length === 1 ? a('status.printer.down', { name: only }) : a('status.printers.down', { n: grouped(down.length) });
  return (
    <>
      {asks > 0 ? (
        <Item to="printing" amber>
          {a('status.slips', { n: grouped(asks) })}
        </Item>
      ) : null}
      {printers > 0 ? (
        <Item to="printing" amber={down.length > 0}>
          <IconPrinter size={14} />
          {light}
        </Item>
      ) : null}
    </>
  );
}

function Item({ to, amber = false, children }: { to: string; amber?: boolean; children: ReactNode }): ReactNode {
  const classes = amber ? 'status-item amber' : 'status-item';
  if (!entries.some((entry) => entry.id === to)) return <span className={classes}>{children}</span>;
  return (
    <Link to={`/${to}` as '/'} className={classes}>
      {children}
    </Link>
  );
}
