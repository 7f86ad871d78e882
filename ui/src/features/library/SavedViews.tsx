import { Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import { useAction, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { composing } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { Button, toast } from '../../shared/ui';
import { IconChevronDown, IconPlus, IconX } from '../../shared/ui/icons';
import { l } from './messages';
import { isSame, MOST_VIEWS, readViews, VIEWS_KEY, withView, type Narrowing, type SavedView } from './narrowing';

/** The manager's own views: what narrows the grid now under a name, to come back to. Kept with the data. */
export function SavedViews({ now, onPick }: { now: Narrowing; onPick: (view: Narrowing) => void }): ReactNode {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const settings = useCall('settings_get', {}, ['settings']).data?.values;
  const write = useAction('settings_set', ['settings']);
  const views = readViews(settings?.[VIEWS_KEY]);
  const narrowed = Object.keys(now).length > 0;
  const shown = views.find((view) => isSame(view, now));
  const save = (next: readonly SavedView[], done?: string): void =>
    write.mutate(
      { values: { [VIEWS_KEY]: JSON.stringify(next) } },
      {
        onSuccess: () => {
          setName('');
          // The list as it was, whatever was saved in between on another page.
          if (done !== undefined) toast.done(done, { undo: () => save(views) });
        },
        onError: failed,
      },
    );
  const blocked = narrowed ? (name.trim() === '' ? l('mine.name') : views.length >= MOST_VIEWS ? l('mine.full', { n: MOST_VIEWS }) : null) : l('mine.nothing');
  const add = (): void => {
    if (blocked === null) save(withView(views, { name: name.trim(), ...now }), l('mine.saved', { name: name.trim() }));
  };
  const list = (
    <div className="lib-mine">
      {views.length === 0 ? <p className="t3 small">{l('mine.none')}</p> : null}
      {views.map((view) => (
        <div key={view.name} className={view === shown ? 'lib-minerow is-on' : 'lib-minerow'}>
          <button
            type="button"
            className="grow cut"
            aria-current={view === shown}
            onClick={() => {
              setOpen(false);
              onPick(view);
            }}
          >
            {view.name}
          </button>
          <Button kind="text" size="row" icon={IconX} label={l('mine.delete', { name: view.name })} onClick={() => save(views.filter((one) => one !== view), l('mine.deleted', { name: view.name }))} />
        </div>
      ))}
      <div className="lib-minenew">
        <input
          className="field grow"
          value={name}
          maxLength={20}
          placeholder={l('mine.name')}
          aria-label={l('mine.name')}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (event.code === 'Enter' && !composing(event)) add();
          }}
        />
        <Button busy={write.isPending ? t('act.save') : null} blocked={blocked} onClick={add}>
          {t('act.save')}
        </Button>
      </div>
    </div>
  );
  return (
    <Popover trigger="click" open={open} onOpenChange={setOpen} placement="bottomLeft" arrow={false} content={list} styles={{ container: { padding: 4 } }}>
      <Button kind="text" {...(views.length === 0 ? { icon: IconPlus } : {})} expanded={open}>
        <span className="lib-minelabel">
          {shown && narrowed ? <b className="lib-mineon cut">{shown.name}</b> : l(views.length === 0 ? 'mine.save' : 'mine')}
          {views.length === 0 ? null : <IconChevronDown size={14} />}
        </span>
      </Button>
    </Popover>
  );
}
