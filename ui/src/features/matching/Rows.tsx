import type { ReactNode } from 'react';
import type { MatchCandidate, MatchReason, MatchRow } from '../../api/generated';
import { TickBox } from '../../grid';
import { host } from '../../host';
import { word } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { Button, CodeText, Money, Tag } from '../../shared/ui';
import { IconCircleCheck } from '../../shared/ui/icons';
import { m, type MatchWord } from './messages';
import { specOf, type Decision } from './model';

/** A picture of the library; empty where there is none. */
export function Thumb({ hash, side }: { hash: string; side: 24 | 32 }): ReactNode {
  return hash ? <img className="mt-thumb" src={host().pictureUrl(hash, side * 2)} alt="" width={side} height={side} loading="lazy" /> : <span className="mt-thumb mt-nothumb" style={{ width: side, height: side }} />;
}

function known(key: string): key is MatchWord {
  return key in m.tables['zh-CN'];
}

/** A reason in a few signs; against the match it is amber. */
export function Reason({ reason }: { reason: MatchReason }): ReactNode {
  const key = `reason.${reason.code}`;
  const text = known(key) ? m(key, { v: reason.value }) : (word(`${key}.text`) ?? reason.code).split('：')[0];
  return (
    <Tag tone={reason.supports ? 'neutral' : 'amber'} outline={reason.supports}>
      {text}
    </Tag>
  );
}

export function Score({ score }: { score: number }): ReactNode {
  return (
    <span className="mt-score">
      <b>{score.toFixed(2)}</b>
      <span className="mt-bar" aria-hidden>
        <i style={{ width: `${Math.round(score * 100)}%` }} />
      </span>
    </span>
  );
}

function Outcome({ decision, onUndo }: { decision: Decision; onUndo: (() => void) | null }): ReactNode {
  return (
    <>
      <Tag tone={decision.what === 'bound' ? 'green' : 'neutral'}>{m(`row.${decision.what}`)}</Tag>
      {onUndo ? (
        <Button kind="link" onClick={onUndo}>
          {m('act.undoOne')}
        </Button>
      ) : null}
    </>
  );
}

export interface RowProps {
  row: MatchRow;
  /** The candidate that Y would bind. */
  candidate: MatchCandidate | null;
  decision: Decision | null;
  ticked: boolean;
  onTick: () => void;
  onUndo: (() => void) | null;
}

/** Two lines: theirs, how alike, ours, why. */
export function Row({ row, candidate, decision, ticked, onTick, onUndo }: RowProps): ReactNode {
  const done = decision?.what === 'bound' || decision?.what === 'refused';
  return (
    <div className={done ? 'mt-row is-done' : 'mt-row'}>
      <span className="mt-tick">
        {decision?.what === 'bound' ? <IconCircleCheck className="c-green" label={m('row.bound')} /> : <TickBox state={ticked ? 'on' : 'off'} label={m('row.tick', { name: row.name })} onTick={onTick} />}
      </span>
      <span className="mt-theirs">
        <span className="cut" title={row.name}>
          {row.name}
        </span>
        <span className="small t2 mt-second">
          <span className="cut">{row.spec_name}</span>
          {row.barcode === '' ? <span className="amber">{m('row.noBarcode')}</span> : <CodeText code={row.barcode} room={14} />}
          {row.price_fen === null ? null : <Money fen={row.price_fen} />}
          {row.waiting_orders > 0 ? <Tag tone="amber">{m('row.waiting', { n: grouped(row.waiting_orders) })}</Tag> : null}
        </span>
      </span>
      {candidate ? <Score score={candidate.score} /> : <span className="mt-score t3">−</span>}
      {candidate ? (
        <span className="mt-ours">
          <span className="cut" title={candidate.name}>
            {candidate.name}
          </span>
          <span className="small t2 mt-second">
            <span className="cut">{specOf(candidate)}</span>
            {candidate.barcode === '' ? null : <CodeText code={candidate.barcode} room={14} />}
            {candidate.price_fen === null ? null : <Money fen={candidate.price_fen} />}
          </span>
        </span>
      ) : (
        <span className="mt-ours t3">{m('row.none')}</span>
      )}
      <span className="mt-reasons">{decision ? <Outcome decision={decision} onUndo={onUndo} /> : candidate?.reasons.slice(0, 3).map((reason, at) => <Reason key={at} reason={reason} />)}</span>
    </div>
  );
}
