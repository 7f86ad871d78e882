import { useEffect, useState, type ReactNode } from 'react';
import { t } from '../messages';
import { Button } from './Button';
import { IconCheck, IconChevronDown, IconChevronRight, IconCircleCheck, IconInfo, IconOctagonAlert, IconTriangleAlert, IconWifiOff, IconX } from './icons';

export type Severity = 'error' | 'warning' | 'info' | 'done';

/** The three signs of severity, always the same. */
export function SeverityIcon({ severity, label }: { severity: Severity; label?: string }): ReactNode {
  if (severity === 'error') return <IconOctagonAlert className="c-red" label={label} />;
  if (severity === 'warning') return <IconTriangleAlert className="c-amber" label={label} />;
  return severity === 'done' ? <IconCircleCheck className="c-green" label={label} /> : <IconInfo className="c-t3" label={label} />;
}

/** Copies a text and says so for a moment. */
export function CopyLink({ text, children }: { text: string; children?: ReactNode }): ReactNode {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), 2000);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setDone(true);
  };
  return (
    <Button kind="link" onClick={() => void copy()}>
      {done ? t('act.copied') : (children ?? t('act.copy'))}
    </Button>
  );
}

export interface FindingProps {
  severity: Severity;
  /** What happened. */
  title: ReactNode;
  /** Ids such as F42 or IMG04, shown after the sentence. */
  ids?: readonly string[];
  /** Why, in one line. */
  why?: ReactNode;
  count?: string;
  /** What to do. */
  actions?: ReactNode;
  /** The platform's own words, folded. */
  raw?: string | null;
  /** Wide panel with the buttons below, or a row with them at the right. */
  look?: 'panel' | 'row';
}

const NO_IDS: readonly string[] = [];

/** 什么, 为什么, 怎么办, and the raw answer folded under it. One cause is one row. */
export function Finding({ severity, title, ids = NO_IDS, why, count, actions, raw, look = 'row' }: FindingProps): ReactNode {
  const [open, setOpen] = useState(false);
  const name = severity === 'error' ? t('finding.block') : severity === 'warning' ? t('finding.warn') : undefined;
  return (
    <div className={`finding finding-${look} finding-${severity}`}>
      <SeverityIcon severity={severity} label={name} />
      <div className="finding-text">
        <div className="finding-title">
          <b>{title}</b>
          {ids.map((id) => (
            <span key={id} className="t3 small">
              {id}
            </span>
          ))}
        </div>
        {why ? <div className="t2 small">{why}</div> : null}
        {look === 'panel' && actions ? <div className="finding-actions">{actions}</div> : null}
        {raw ? (
          <div className="raw">
            <div className="raw-head">
              <button type="button" className="btn btn-text btn-row" aria-expanded={open} onClick={() => setOpen(!open)}>
                {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
                <span className="btn-label">{t('finding.raw')}</span>
              </button>
              <div className="grow" />
              <CopyLink text={raw} />
            </div>
            {/* Scrolls sideways, so it takes focus. */}
            {open ? (
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              <pre className="raw-text" tabIndex={0}>
                {raw}
              </pre>
            ) : null}
          </div>
        ) : null}
      </div>
      {count ? <b className="finding-count">{count}</b> : null}
      {look === 'row' && actions ? <div className="finding-actions">{actions}</div> : null}
    </div>
  );
}

export interface Segment {
  value: number;
  tone: 'accent' | 'dot' | 'red' | 'green' | 'amber';
}

/** One bar; segments for confirmed, waiting, rejected. */
export function ProgressBar({ total, segments, label, thin = true }: { total: number; segments: readonly Segment[]; label: string; thin?: boolean }): ReactNode {
  const done = segments.reduce((sum, part) => sum + part.value, 0);
  const whole = Math.max(total, done, 1);
  return (
    <div className={thin ? 'bar' : 'bar bar-thick'} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={whole} aria-valuenow={done}>
      {segments.map((part, at) =>
        part.value > 0 ? <span key={at} className={`bar-${part.tone}`} style={{ width: `max(2px, ${(part.value / whole) * 100}%)` }} /> : null,
      )}
    </div>
  );
}

/** The strip above the status bar while a job of this page runs. */
export function Dock({ head, bar, left, right }: { head: ReactNode; bar: ReactNode; left: ReactNode; right?: ReactNode }): ReactNode {
  return (
    <section className="dock" aria-live="off">
      <div className="dock-head">{head}</div>
      {bar}
      <div className="dock-body">
        <div className="dock-left">{left}</div>
        {right ? <div className="dock-right">{right}</div> : null}
      </div>
    </section>
  );
}

/** Offline and similar: 照常编辑, and one way on. */
export function Banner({ icon, title, children, action, tone = 'amber' }: { icon?: ReactNode; title: ReactNode; children?: ReactNode; action?: ReactNode; tone?: 'amber' | 'red' | 'accent' }): ReactNode {
  return (
    <div className={`banner banner-${tone}`} role="status">
      {icon ?? <IconWifiOff />}
      <b>{title}</b>
      <span className="grow">{children}</span>
      {action}
    </div>
  );
}

/** What is missing, when it was last checked, one way on. */
export function Empty({ title, note, actions }: { title: ReactNode; note?: ReactNode; actions?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <b>{title}</b>
      {note ? <span className="t3">{note}</span> : null}
      {actions ? <div className="actions">{actions}</div> : null}
    </div>
  );
}

/** What failed, what is shown meanwhile, that nothing is lost, and how to go on. */
export function ErrorPanel({ title, note, actions }: { title: ReactNode; note?: ReactNode; actions?: ReactNode }): ReactNode {
  return (
    <div className="errorpanel" role="alert">
      <IconTriangleAlert className="c-amber" />
      <div>
        <b>{title}</b>
        {note ? <div className="t2 small">{note}</div> : null}
        {actions ? <div className="finding-actions">{actions}</div> : null}
      </div>
    </div>
  );
}

/** Rows that say "first load"; nothing for the first 300 ms. */
export function Skeleton({ rows = 3, wait = 300 }: { rows?: number; wait?: number }): ReactNode {
  const [due, setDue] = useState(wait === 0);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), wait);
    return () => clearTimeout(timer);
  }, [wait]);
  if (!due) return null;
  return (
    <div className="skeleton" aria-hidden>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} className="skeleton-row">
          <i style={{ width: 14, height: 14 }} />
          <i style={{ width: [160, 120, 190][at % 3] }} />
          <span className="grow" />
          <i style={{ width: 64 }} />
          <i style={{ width: 40 }} />
        </div>
      ))}
    </div>
  );
}

export interface MatchRow {
  field: string;
  order: string;
  library: string;
  /** null: this rule does not look at the field. */
  first: boolean | null;
  again: boolean | null;
}

/** Rows are fields; `against` names what the order is held against. The last row gives the number of hits of each rule: 0, 1 or 2 个以上. */
export function MatchTable({ rows, hits, note, against }: { rows: readonly MatchRow[]; hits: { first: number; again: number }; note?: ReactNode; against?: ReactNode }): ReactNode {
  const odd = (row: MatchRow): boolean => row.first === false || row.again === false;
  return (
    <table className="mtable">
      <thead>
        <tr>
          <th>{t('match.key')}</th>
          <th>{t('match.order')}</th>
          <th>{against ?? t('match.library')}</th>
          <th className="mid">{t('match.first')}</th>
          <th className="mid">{t('match.again')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.field}>
            <th scope="row">{row.field}</th>
            <td className={odd(row) ? 'strong' : ''}>{row.order}</td>
            <td className={odd(row) ? 'strong' : ''}>{row.library}</td>
            <Verdict same={row.first} />
            <Verdict same={row.again} />
          </tr>
        ))}
        <tr className="mtable-sum">
          <th scope="row">{t('match.hits')}</th>
          <td colSpan={2}>{note}</td>
          <Hits count={hits.first} />
          <Hits count={hits.again} />
        </tr>
      </tbody>
    </table>
  );
}

function Verdict({ same }: { same: boolean | null }): ReactNode {
  if (same === null) return <td className="mid t3">{t('match.ignored')}</td>;
  return (
    <td className={same ? 'mid' : 'mid bad'}>
      {same ? <IconCheck size={14} className="c-green" label={t('match.same')} /> : <IconX size={14} className="c-red" label={t('match.differs')} />}
    </td>
  );
}

function Hits({ count }: { count: number }): ReactNode {
  const words = count === 0 ? t('match.hit0') : count === 1 ? t('match.hit1') : t('match.hit2');
  return <td className={count === 1 ? 'mid strong' : 'mid strong bad red'}>{words}</td>;
}
