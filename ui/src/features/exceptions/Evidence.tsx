import type { ReactNode } from 'react';
import type { CharDiffRow, ExceptionView, OrderDetail, RankedCauseView, RemedyView } from '../../api/generated';
import { causeName, causeSentence, remedyLabel, remedyNote } from '../../shared/causes';
import { fullTime, money } from '../../shared/format';
import { o, RawText, Timeline } from '../../shared/orders';
import { CopyLink, MatchTable, OrderNumber, PlatformMark, Section, Tag, type MatchRow } from '../../shared/ui';
import { e, type ExceptionWord } from './messages';
import { UNKNOWN } from './model';

export interface EvidenceProps {
  detail: OrderDetail;
  exception: ExceptionView;
  remedies: readonly RemedyView[];
  chosen: number | null;
  onChoose: (at: number) => void;
}

/** Why one order is not in the ERP: simulator, signs, causes, remedies, and what happened so far. */
export function Evidence({ detail, exception, remedies, chosen, onChoose }: EvidenceProps): ReactNode {
  const words = causeSentence(exception.cause, exception.params);
  return (
    <>
      <OrderHead detail={detail} exception={exception} />
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="exc-evidence" tabIndex={0} data-region="drawer" aria-label={words.what} role="region">
        {exception.match_table.length === 0 ? (
          <div className="exc-plainwords">
            <b>{words.what}</b>
            <span className="t2 small">{words.why}</span>
          </div>
        ) : (
          <Simulator exception={exception} />
        )}
        {exception.diff.length > 0 ? <Signs rows={exception.diff} /> : null}
        {exception.causes.length > 0 ? <Ranked causes={exception.causes} /> : null}
        <Remedies cause={exception.cause} remedies={remedies} chosen={chosen} onChoose={onChoose} />
        <Section title={o('timeline')}>
          <Timeline detail={detail} />
        </Section>
        <RawText title={o('raw.title')} text={exception.raw} />
      </div>
    </>
  );
}

/** All that support needs to see the same, as text. */
export function evidenceText(detail: OrderDetail, exception: ExceptionView): string {
  const { order } = detail;
  const words = causeSentence(exception.cause, exception.params);
  return [
    `${order.number} ${order.store.name} #${order.day_seq} ${fullTime(order.placed_at)} ${money(order.total_fen)}`,
    `${exception.cause} ${words.what}`,
    words.why,
    exception.line_name,
    ...exception.match_table.map((row) => `${fieldName(row.field)}: 「${row.order}」 / 「${row.listing}」 ${row.first} ${row.repush}`),
    ...exception.causes.map((cause) => `${cause.cause} ${Math.round(cause.confidence * 100)}% ${causeName(cause.cause)}`),
    exception.raw,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function fieldName(field: string): string {
  const key = `field.${field}`;
  return key in e.tables['zh-CN'] ? e(key as ExceptionWord) : field;
}

function OrderHead({ detail, exception }: { detail: OrderDetail; exception: ExceptionView }): ReactNode {
  const { order, lines } = detail;
  const at = lines.findIndex((line) => exception.line_name !== '' && (exception.line_name === line.product_name || exception.line_name === `${line.product_name} ${line.spec_name}`));
  const about = at < 0 ? e('order.lines', { n: lines.length }) : e('order.line', { n: lines.length, at: at + 1 });
  return (
    <div className="exc-orderhead">
      <PlatformMark platform={order.store.platform} />
      <div className="grow">
        <div className="exc-orderline">
          <b>
            <OrderNumber number={order.number} />
          </b>
          <span className="t2 small cut">{order.store.name}</span>
          <span className="t2 small">#{order.day_seq}</span>
        </div>
        <div className="t2 small cut">
          {e('order.placed', { time: fullTime(order.placed_at) })}　{e('order.paid', { money: money(order.total_fen) })}　{about}
        </div>
      </div>
      <CopyLink text={evidenceText(detail, exception)}>{e('copy.evidence')}</CopyLink>
    </div>
  );
}

function verdict(text: string): boolean | null {
  return text === 'ignored' ? null : text === 'yes';
}

function Simulator({ exception }: { exception: ExceptionView }): ReactNode {
  const rows: MatchRow[] = exception.match_table.map((row) => ({ field: fieldName(row.field), order: row.order, library: row.listing === '' ? e('sim.nothing') : row.listing, first: verdict(row.first), again: verdict(row.repush) }));
  const hits = { first: exception.hits_first, again: exception.hits_repush };
  return (
    <Section title={e('sim.title')} note={e('sim.note', { name: exception.line_name })}>
      <MatchTable rows={rows} hits={hits} against={e('sim.against')} note={e(hits.first === 0 && hits.again === 0 ? 'sim.hits0' : 'sim.hits')} />
    </Section>
  );
}

function Signs({ rows }: { rows: readonly CharDiffRow[] }): ReactNode {
  const cells = rows.flatMap((row) => [...row.order, ...row.listing]);
  const n = rows.reduce((sum, row) => sum + Math.max(row.order.filter(differs).length, row.listing.filter(differs).length), 0);
  const hidden = cells.filter((cell) => cell.state === 'hidden').length;
  return (
    <Section title={e('diff.title')} note={hidden > 0 ? e('diff.hidden', { n, hidden }) : e('diff.note', { n })}>
      {rows.map((row) => (
        <div key={row.field} className="exc-signs">
          {rows.length > 1 ? <div className="t3 small">{fieldName(row.field)}</div> : null}
          <SignRow label={e('diff.order')} cells={row.order} tone="add" />
          <SignRow label={e('diff.listing')} cells={row.listing} tone="del" />
        </div>
      ))}
    </Section>
  );
}

type Cell = CharDiffRow['order'][number];

function differs(cell: Cell): boolean {
  return cell.state === 'different' || cell.state === 'hidden';
}

function SignRow({ label, cells, tone }: { label: string; cells: readonly Cell[]; tone: 'add' | 'del' }): ReactNode {
  const odd = cells.filter(differs);
  const look = (cell: Cell): string => {
    if (cell.state === 'hidden') return 'ch ch-unseen';
    if (cell.state === 'missing') return 'ch ch-gap';
    return cell.state === 'different' ? `ch ch-${tone}` : 'ch';
  };
  return (
    <div className="exc-signrow">
      <span className="t2 small">{label}</span>
      <span className="chardiff-boxes" role="img" aria-label={cells.length === 0 ? e('diff.empty') : cells.map((cell) => cell.text).join('')}>
        {cells.length === 0 ? <span className="exc-noch t3 small">{e('diff.empty')}</span> : null}
        {cells.map((cell, at) => (
          <span key={at} className={look(cell)}>
            {cell.state === 'missing' ? '' : cell.text}
          </span>
        ))}
        <span className="exc-points t3 small">{odd.map((cell) => `${cell.text} ${cell.code_point}`).join('　')}</span>
      </span>
    </div>
  );
}

function Ranked({ causes }: { causes: readonly RankedCauseView[] }): ReactNode {
  return (
    <Section title={e('causes.ranked')}>
      {causes.map((cause, at) => {
        const percent = Math.round(cause.confidence * 100);
        const { what } = causeSentence(cause.cause, cause.params);
        return (
          <div key={cause.cause} className="exc-ranked">
            <span className="t3 small">{cause.cause}</span>
            <span className={at === 0 ? 'cut small' : 'cut small t2'} title={what}>
              {causeName(cause.cause)}
            </span>
            <span className="bar">
              <span className={at === 0 ? 'bar-accent' : 'bar-dot'} style={{ width: `${percent}%` }} />
            </span>
            <span className={at === 0 ? 'num small strong' : 'num small t2'}>{percent}%</span>
          </div>
        );
      })}
    </Section>
  );
}

function Remedies({ cause, remedies, chosen, onChoose }: { cause: string; remedies: readonly RemedyView[]; chosen: number | null; onChoose: (at: number) => void }): ReactNode {
  const unknown = cause === UNKNOWN;
  const wordsOf = (remedy: RemedyView): { label: string; note: string } => {
    if (!unknown) return { label: remedyLabel(remedy), note: remedyNote(remedy) };
    return remedy.kind === 'close_order' ? { label: e('unknown.close'), note: e('unknown.close.note') } : { label: e('unknown.push'), note: e('unknown.push.note') };
  };
  return (
    <Section title={e('remedies.title')}>
      {remedies.length === 0 ? <p className="t2 small">{e('remedies.none')}</p> : null}
      <div role="radiogroup" aria-label={e('remedies.title')} className="exc-remedies">
        {remedies.map((remedy, at) => {
          const words = wordsOf(remedy);
          return (
            <label key={at} className={chosen === at ? 'remedy is-on' : 'remedy'}>
              <input type="radio" name="remedy" checked={chosen === at} onChange={() => onChoose(at)} />
              <span className="grow">
                <b>{words.label}</b>
                <span className="t2 small remedy-note">{words.note}</span>
              </span>
              {at === 0 && !unknown && remedies.length > 1 ? <Tag tone="accent">{e('remedies.recommended')}</Tag> : null}
              {at < 2 ? <kbd className="kbd">{at + 1}</kbd> : null}
            </label>
          );
        })}
      </div>
    </Section>
  );
}
