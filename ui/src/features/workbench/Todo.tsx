import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ExceptionGroupView, WordsView } from '../../api/generated';
import { bestRemedy, c, causeName, causeSentence, goLabel, type Remedies } from '../../shared/causes';
import { sentence } from '../../shared/errors';
import { clock, grouped } from '../../shared/format';
import { byPlatformOrder, Button, Empty, Money, Panel, PlatformMark, SeverityIcon, TimeText } from '../../shared/ui';
import { IconTriangleAlert } from '../../shared/ui/icons';
import { w } from './messages';

export interface TodoProps {
  /** The stores that are shown; a group's button concerns these only. */
  stores: readonly number[];
  groups: readonly ExceptionGroupView[];
  warnings: readonly WordsView[];
  remedies: Remedies;
  readAt: number | null;
}

/** One row is one cause with one button: a sure remedy runs at once, everything else opens where it is decided. */
export function Todo({ stores, groups, warnings, remedies, readAt }: TodoProps): ReactNode {
  const navigate = useNavigate();
  return (
    <Panel
      flush
      className="wb-todo"
      title={w('todo.title')}
      note={w('todo.note')}
      actions={
        groups.length > 0 ? (
          <Button kind="link" onClick={() => void navigate({ to: '/exceptions' as '/' })}>
            {w('todo.all')}
          </Button>
        ) : null
      }
      foot={
        warnings.length > 0 ? (
          <span className="wb-warn">
            <IconTriangleAlert size={14} className="c-amber" />
            <span className="cut">
              {w('todo.warn')} {warnings.map((warning) => sentence(warning)).join('　')}
            </span>
          </span>
        ) : null
      }
    >
      {groups.length === 0 ? (
        <Empty title={w('todo.none')} note={readAt === null ? null : w('todo.none.note', { time: clock(readAt, true) })} />
      ) : (
        <div className="wb-scroll">
          <table className="wb-table">
            <thead>
              <tr>
                <th>{w('todo.cause')}</th>
                <th>{w('todo.where')}</th>
                <th className="num">{w('todo.orders')}</th>
                <th className="num">{w('todo.money')}</th>
                <th className="num">{w('todo.oldest')}</th>
                <th className="num">{w('todo.go')}</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((group, at) => (
                <Row key={group.cause} stores={stores} group={group} first={at === 0} remedies={remedies} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Row({ stores, group, first, remedies }: { stores: readonly number[]; group: ExceptionGroupView; first: boolean; remedies: Remedies }): ReactNode {
  const navigate = useNavigate();
  const words = causeSentence(group.cause, group.params);
  const remedy = bestRemedy(group);
  const platforms = [...new Set(group.stores.map((store) => store.platform))].toSorted(byPlatformOrder);
  const [only] = group.stores;
  const look = (): void => void navigate({ to: '/exceptions' as '/', search: { cause: group.cause } as never });
  // A sentence without values says no more than the name of the cause.
  const second = Object.keys(group.params).length === 0 || words.what === causeName(group.cause) ? words.why : words.what;
  const key = `todo.${group.cause}`;
  // Orders that nobody can push at all stand above everything and alone tint their row.
  const lost = group.cause === 'F24' || group.cause === 'F43' || group.cause === 'F32';
  return (
    <tr className={lost && first ? 'is-lost' : ''}>
      <td>
        <div className="wb-cause">
        <SeverityIcon severity={group.cause === 'UNKNOWN' ? 'warning' : 'error'} />
        <span>
          <button type="button" className="wb-open cut" title={words.what} onClick={look}>
            {causeName(group.cause)}
          </button>
          <span className="t2 small cut" title={words.what}>
            {second}
          </span>
        </span>
        </div>
      </td>
      <td>
        <span className="pname">
          {platforms.map((platform) => (
            <PlatformMark key={platform} platform={platform} />
          ))}
          <span className="cut t2">{group.stores.length === 1 && only ? only.name : c('stores.count', { n: group.stores.length })}</span>
        </span>
      </td>
      <td className="num strong">{grouped(group.orders)}</td>
      <td className="num">
        <Money fen={group.total_fen} />
      </td>
      <td className="num t2">
        <TimeText at={group.oldest_at} />
      </td>
      <td className="num">
        {remedy ? (
          <Button
            size="row"
            kind={first ? 'primary' : 'default'}
            busy={remedies.busy === key ? w('todo.busy') : null}
            onClick={() => void remedies.run(remedy, { key, cause: group.cause, stores })}
          >
            {goLabel(remedy, group.orders)}
          </Button>
        ) : (
          <Button size="row" kind={first ? 'primary' : 'default'} onClick={look}>
            {c('go.look', { n: grouped(group.orders) })}
          </Button>
        )}
      </td>
    </tr>
  );
}
