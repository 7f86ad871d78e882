import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { GroupView, StoreView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { List } from '../../grid';
import { failed } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { t } from '../../shared/messages';
import { Button, Dialog, Empty, ErrorPanel, Platform, Skeleton, toast } from '../../shared/ui';
import { IconArrowDown, IconArrowUp, IconGrip } from '../../shared/ui/icons';
import { arranged, changedParents, flattened, moved, movedTo, type Order } from './groups';
import { g } from './messages';

/** 店内分类 of a store in another order: by keys, buttons or dragging; saved on the platform and shown as it has them then. */
export function GroupOrder({ store, onClose }: { store: StoreView; onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const query = useCall('groups_list', { id: store.id }, []);
  const [there, setThere] = useState<readonly GroupView[] | null>(null);
  const groups = there ?? query.data?.groups;
  const [order, setOrder] = useState<Order | null>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [otherwise, setOtherwise] = useState(false);
  const [busy, setBusy] = useState(false);
  const started = useMemo(() => arranged(groups ?? []), [groups]);
  const wanted = order ?? started;
  const rows = useMemo(() => flattened(groups ?? [], wanted), [groups, wanted]);
  const at = rows.findIndex((row) => row.group.id === current);
  const changed = changedParents(started, wanted);
  const blocked = changed.length === 0 ? g('groups.same') : null;
  const move = (id: string, by: number): void => {
    setCurrent(id);
    setOrder(moved(wanted, id, by));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.code === 'ArrowUp' ? -1 : event.code === 'ArrowDown' ? 1 : 0;
    if (by === 0 || !event.altKey || current === null) return;
    event.preventDefault();
    move(current, by);
  };
  const save = async (): Promise<void> => {
    if (blocked !== null || busy) return;
    setBusy(true);
    let asAsked = true;
    try {
      for (const parent of changed) {
        const answer = await call('groups_order', { store: store.id, parent, ids: [...(wanted.get(parent) ?? [])] });
        asAsked &&= answer.as_asked;
        setThere(answer.groups);
      }
      setOtherwise(!asAsked);
      if (asAsked) {
        toast.done(g('groups.done'));
        onClose();
      }
    } catch (cause) {
      failed(cause);
      // What the platform has now is shown, not what was wished.
      setThere((await call('groups_list', { id: store.id }).catch(() => null))?.groups ?? null);
    } finally {
      setOrder(null);
      setBusy(false);
      markChanged(client, ['listings']);
    }
  };
  const failure = query.error && !groups ? errorWords(query.error) : null;
  return (
    <Dialog
      title={g('groups.title')}
      width={480}
      onClose={onClose}
      onConfirm={() => void save()}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? g('groups.busy') : null} blocked={blocked} onClick={() => void save()}>
            {g('groups.go')}
          </Button>
        </>
      }
    >
      <div className="ls-grouphead">
        <Platform platform={store.platform}>{store.name}</Platform>
        <span className="grow" />
        <span className="t3 small">{g('groups.keys')}</span>
      </div>
      {otherwise ? <p className="amber ls-bad">{g('groups.otherwise')}</p> : null}
      {failure ? (
        <ErrorPanel title={failure.title} note={failure.advice} />
      ) : groups ? (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
        <div className="ls-groups" onKeyDown={onKeyDown}>
          <List
            name="group"
            label={g('groups.title')}
            rows={rows}
            rowKey={(row) => row.group.id}
            height={() => 32}
            current={at}
            onCurrent={(index) => setCurrent(rows[index]?.group.id ?? null)}
            empty={<Empty title={g('groups.none')} note={g('groups.none.note')} />}
            className={(row) => (row.group.id === dragged ? 'is-dragged' : '')}
            render={(row) => (
              // Dragging is one way of three; keys and buttons do the same.
              // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
              <div
                className="ls-group"
                style={{ paddingLeft: 12 + row.depth * 20 }}
                draggable
                onDragStart={(event) => {
                  event.dataTransfer.effectAllowed = 'move';
                  setDragged(row.group.id);
                }}
                onDragOver={(event) => {
                  if (dragged === null || !row.siblings.includes(dragged)) return;
                  event.preventDefault();
                  if (dragged !== row.group.id) setOrder(movedTo(wanted, dragged, row.group.id));
                }}
                onDragEnd={() => setDragged(null)}
              >
                <IconGrip size={14} className="c-t3" />
                <span className={row.depth === 0 ? 'cut' : 'cut t2'}>{row.group.name}</span>
                <span className="grow" />
                <Button kind="text" size="row" icon={IconArrowUp} label={g('groups.up', { name: row.group.name })} blocked={row.place === 0 ? g('groups.first') : null} onClick={() => move(row.group.id, -1)} />
                <Button kind="text" size="row" icon={IconArrowDown} label={g('groups.down', { name: row.group.name })} blocked={row.place === row.siblings.length - 1 ? g('groups.last') : null} onClick={() => move(row.group.id, 1)} />
              </div>
            )}
          />
        </div>
      ) : (
        <Skeleton rows={6} />
      )}
      <p className="t3 small ls-note">{g('groups.note')}</p>
    </Dialog>
  );
}
