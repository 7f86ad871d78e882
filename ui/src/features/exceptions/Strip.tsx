import type { ReactNode } from 'react';
import type { ExceptionGroupView, RemedyView } from '../../api/generated';
import { causeName, causeSentence, goLabel } from '../../shared/causes';
import { grouped } from '../../shared/format';
import { Button, Money } from '../../shared/ui';
import { IconArrowRight } from '../../shared/ui/icons';
import { e } from './messages';
import { isUndoable, UNKNOWN } from './model';

export interface StripProps {
  group: ExceptionGroupView;
  /** The remedy chosen below; null while none is. */
  remedy: RemedyView | null;
  /** Ticked orders; all of them unless the manager unticked some. */
  ticked: number;
  all: boolean;
  busy: boolean;
  onRun: () => void;
}

/** The promise as three cells: the orders, their one cause, the one button. */
export function Strip({ group, remedy, ticked, all, busy, onRun }: StripProps): ReactNode {
  const words = causeSentence(group.cause, group.params);
  // One thing behind it can be told in full; several share only the name of their cause.
  const what = group.items === 1 ? words.what : causeName(group.cause);
  const single = group.cause === UNKNOWN;
  const partly = !single && !all;
  const label = single ? (remedy === null ? e('strip.pick') : remedy.kind === 'close_order' ? e('unknown.go.close') : e('unknown.go.push')) : remedy ? goLabel(remedy, partly ? ticked : group.orders) : e('strip.goTicked', { n: grouped(ticked) });
  const how = single ? e('strip.single') : !remedy ? e('strip.ticked') : remedy.opens !== '' ? e('strip.opens') : isUndoable(remedy) ? e('strip.undo') : e('strip.chosen');
  const blocked = single ? (remedy ? null : e('strip.choose')) : partly && ticked === 0 ? e('strip.none') : null;
  return (
    <div className="exc-strip">
      <div className="exc-strip-orders">
        <span className="small t2">{e('strip.orders')}</span>
        <span className="exc-figure">
          <b>{e('head.orders', { n: grouped(group.orders) })}</b>
          <span className="small t2">
            <Money fen={group.total_fen} />
          </span>
        </span>
      </div>
      <IconArrowRight className="c-t3" />
      <div className="exc-strip-cause">
        <span className="small t2">
          {e('strip.cause')}　<span className="t3">{group.cause}</span>
          {single ? '' : `　${e('strip.sure', { n: Math.round(group.confidence * 100) })}`}
        </span>
        <b className="exc-what" title={words.what}>
          {what}
        </b>
        <span className="small t2 exc-why" title={words.why}>
          {words.why}
        </span>
      </div>
      <IconArrowRight className="c-t3" />
      <div className="exc-strip-go">
        <span className="small t2">
          {e('strip.button')}　{how}
        </span>
        <Button kind="primary" size="lg" hint="Shift R" busy={busy ? e('act.running') : null} blocked={blocked} onClick={onRun}>
          {label}
        </Button>
      </div>
    </div>
  );
}
