import type { ReactNode } from 'react';
import { ago, codePoint, fullTime, invisible, middle, money, orderGroups, shortTime, yuan } from '../format';
import { useNow } from '../hooks';
import { t } from '../messages';

/** A code is never cut at its end: too long gets an ellipsis in the middle and the whole text on hover. */
export function CodeText({ code, room = 20 }: { code: string; room?: number }): ReactNode {
  const shown = middle(code, room);
  return (
    <span className="code" title={shown === code ? undefined : code} aria-label={shown === code ? undefined : code}>
      {shown}
    </span>
  );
}

/** A long order number in groups made by margins, so that copying gives the bare digits. */
export function OrderNumber({ number }: { number: string }): ReactNode {
  return (
    <span className="ordno">
      {orderGroups(number).map((group, at) => (
        <span key={at}>{group}</span>
      ))}
    </span>
  );
}

/** Fen as money; `bare` leaves the sign out where the head already says 金额. */
export function Money({ fen, bare = false }: { fen: number; bare?: boolean }): ReactNode {
  return <span className="money">{bare ? yuan(fen) : money(fen)}</span>;
}

/** A moment in Shanghai time, short, with the full time on hover. */
export function TimeText({ at }: { at: number }): ReactNode {
  const now = useNow();
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
      {shortTime(at, now, { yesterday: t('time.yesterday') })}
    </time>
  );
}

/** How old what is shown is: `3 分钟前`, with the moment behind it. `old` says in amber that it is too old to be relied on. */
export function AgoText({ at, old = false }: { at: number; old?: boolean }): ReactNode {
  const now = useNow();
  const words = { now: t('time.now'), minutes: (n: number) => t('time.ago.minutes', { n }), hours: (n: number) => t('time.ago.hours', { n }), days: (n: number) => t('time.ago.days', { n }) };
  return (
    <time dateTime={new Date(at).toISOString()} title={fullTime(at)} className={old ? 'amber' : undefined}>
      {ago(at, now, words)}
    </time>
  );
}

type CharState = 'same' | 'differs' | 'unseen';

interface CharBox {
  sign: string;
  state: CharState;
}

/** Aligns two texts sign by sign (longest common subsequence); what has no partner differs. */
export function charBoxes(left: string, right: string): { left: CharBox[]; right: CharBox[] } {
  const a = [...left];
  const b = [...right];
  const table: number[][] = Array.from({ length: a.length + 1 }, () => Array.from({ length: b.length + 1 }, () => 0));
  const cell = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row) row[j] = a[i] === b[j] ? cell(i + 1, j + 1) + 1 : Math.max(cell(i + 1, j), cell(i, j + 1));
    }
  }
  const kept = { left: new Set<number>(), right: new Set<number>() };
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      kept.left.add(i);
      kept.right.add(j);
      i += 1;
      j += 1;
    } else if (cell(i + 1, j) >= cell(i, j + 1)) i += 1;
    else j += 1;
  }
  const box = (side: Set<number>) => (sign: string, at: number): CharBox => {
    if (side.has(at)) return { sign, state: 'same' };
    return { sign, state: invisible(sign) === null ? 'differs' : 'unseen' };
  };
  return { left: a.map(box(kept.left)), right: b.map(box(kept.right)) };
}

/** Both strings in boxes, sign by sign, with the code points of what differs. */
export function CharDiff({ left, right }: { left: { label: string; text: string }; right: { label: string; text: string } }): ReactNode {
  const boxes = charBoxes(left.text, right.text);
  return (
    <div className="chardiff">
      <CharRow label={left.label} boxes={boxes.left} side="add" />
      <CharRow label={right.label} boxes={boxes.right} side="del" />
    </div>
  );
}

function CharRow({ label, boxes, side }: { label: string; boxes: CharBox[]; side: 'add' | 'del' }): ReactNode {
  const odd = boxes.filter((box) => box.state !== 'same');
  return (
    <div className="chardiff-row">
      <span className="t2">{label}</span>
      <span className="chardiff-boxes" role="img" aria-label={boxes.map((box) => box.sign).join('')}>
        {boxes.map((box, at) => (
          <span key={at} className={box.state === 'same' ? 'ch' : `ch ch-${box.state === 'unseen' ? 'unseen' : side}`}>
            {invisible(box.sign) ?? box.sign}
          </span>
        ))}
      </span>
      <span className="t3 small">{odd.map((box) => `${invisible(box.sign) ?? box.sign} ${codePoint(box.sign)}`).join('  ')}</span>
    </div>
  );
}

/** One side of a plan line: the removed part struck and red, the added part green, the rest plain. */
export function PlanDiff({ from, to, side }: { from: string; to: string; side: 'from' | 'to' }): ReactNode {
  const own = side === 'from' ? from : to;
  if (own === '') return <span className="t3">{t('diff.empty')}</span>;
  const other = side === 'from' ? to : from;
  let start = 0;
  while (start < own.length && start < other.length && own[start] === other[start]) start += 1;
  let end = 0;
  while (end < own.length - start && end < other.length - start && own[own.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  const changed = own.slice(start, own.length - end);
  const mark = side === 'from' ? <del className="diff-del">{changed}</del> : <ins className="diff-add">{changed}</ins>;
  return (
    <span className="plandiff" title={own}>
      {own.slice(0, start)}
      {changed === '' ? null : mark}
      {end > 0 ? own.slice(own.length - end) : ''}
    </span>
  );
}
