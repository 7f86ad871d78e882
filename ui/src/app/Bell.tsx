import { Popover } from 'antd';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { Button, SeverityIcon, TimeText } from '../shared/ui';
import { IconBell } from '../shared/ui/icons';
import { a } from './messages';
import { useNotices, type Notice } from './notices';

/** The bell in the head: what happened, newest first; a click leads there. */
export function Bell(): ReactNode {
  const { list, drop, clear } = useNotices();
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
  const go = (notice: Notice): void => {
    drop(notice.id);
    setOpen(false);
    void navigate({ to: notice.to as '/', search: notice.search as never });
  };
  const content = (
    <div className="notices">
      {list.length === 0 ? <div className="t3 notice-none">{a('notice.none')}</div> : null}
      {list.map((notice) => (
        <button key={notice.id} type="button" className="notice" onClick={() => go(notice)}>
          <SeverityIcon severity={notice.severity} />
          <span className="grow">{notice.title}</span>
          <span className="t3 small">
            <TimeText at={notice.at} />
          </span>
        </button>
      ))}
      {list.length > 0 ? (
        <div className="notice-foot">
          <Button kind="link" onClick={clear}>
            {a('notice.clear')}
          </Button>
        </div>
      ) : null}
    </div>
  );
  return (
    <Popover content={content} trigger="click" open={open} onOpenChange={setOpen} placement="bottomRight" arrow={false} styles={{ container: { padding: 0 } }}>
      <button type="button" className="head-tool" aria-label={list.length > 0 ? `${a('head.notices')} ${list.length}` : a('head.notices')}>
        <IconBell />
        {list.length > 0 ? <span>{list.length}</span> : null}
      </button>
    </Popover>
  );
}
