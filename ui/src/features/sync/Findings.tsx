import { Fragment, useState, type ReactNode } from 'react';
import type { FindingGroup, FindingView, PreflightView, RemedyView } from '../../api/generated';
import { remedyLabel } from '../../shared/causes';
import { findingWords, word } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { Button, Empty, SeverityIcon, type Severity } from '../../shared/ui';
import { IconChevronDown, IconChevronRight } from '../../shared/ui/icons';
import { s, type SyncWord } from './messages';

const PARTS: readonly { severity: string; look: Severity; head: SyncWord; note: SyncWord; tone: string }[] = [
  { severity: 'error', look: 'error', head: 'findings.errors', note: 'findings.errors.note', tone: 'red' },
  { severity: 'warning', look: 'warning', head: 'findings.warnings', note: 'findings.warnings.note', tone: 'amber' },
  { severity: 'hint', look: 'info', head: 'findings.hints', note: 'findings.hints.note', tone: 't2' },
];

/** What many findings of one kind are called; one alone says its own sentence. */
export function groupTitle(group: FindingGroup): string {
  const [only] = group.samples;
  if (group.count === 1 && only) return findingWords(group.id, only.params, group.id).what;
  return word(`finding.${group.id}.many`) ?? findingWords(group.id, group.params, group.id).what;
}

function groupNote(group: FindingGroup): string {
  const { what, why } = findingWords(group.id, group.samples[0]?.params ?? group.params, '');
  return why === '' && what !== '' ? s('findings.first', { what }) : why;
}

/** Whether the whole group can be put right without looking. */
export function fixable(group: FindingGroup): boolean {
  return group.remedy !== null && group.remedy.opens === '';
}

function fixLabel(remedy: RemedyView, count: number): string {
  const key = `fix.${remedy.kind}`;
  return key in s.tables['zh-CN'] ? s(key as SyncWord, { n: grouped(count) }) : remedyLabel(remedy);
}

export interface FindingsProps {
  view: PreflightView;
  /** Id of the group being fixed, or null. */
  busy: string | null;
  onFix: (groups: readonly FindingGroup[]) => void;
  onRemedy: (remedy: RemedyView, finding: FindingView) => void;
  onOpen: (finding: FindingView) => void;
}

/** Findings by cause, red ones first; one cause is one row, unfolded it shows the goods. */
export function Findings({ view, busy, onFix, onRemedy, onOpen }: FindingsProps): ReactNode {
  const [open, setOpen] = useState<string | null>(null);
  if (view.groups.length === 0) return <Empty title={s('findings.none')} note={s('findings.none.note')} />;
  return (
    // Scrolls, so it takes focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="sy-findings" tabIndex={0}>
      {PARTS.map((part) => {
        const groups = view.groups.filter((group) => group.severity === part.severity);
        if (groups.length === 0) return null;
        const able = groups.filter(fixable);
        return (
          <Fragment key={part.severity}>
            <div className="sy-parthead">
              <SeverityIcon severity={part.look} />
              <b className={part.tone}>{s(part.head, { n: grouped(groups.reduce((sum, group) => sum + group.count, 0)) })}</b>
              <span className="t3 grow cut">{s(part.note)}</span>
              {able.length > 1 ? (
                <Button kind="link" busy={busy === part.severity ? s('fix.busy') : null} onClick={() => onFix(able)}>
                  {s('fix.all')}
                </Button>
              ) : null}
            </div>
            {groups.map((group) => (
              <Fragment key={group.id}>
                <Group group={group} look={part.look} open={open === group.id} busy={busy} onToggle={() => setOpen(open === group.id ? null : group.id)} onFix={() => onFix([group])} />
                {open === group.id ? <Samples group={group} onRemedy={onRemedy} onOpen={onOpen} /> : null}
              </Fragment>
            ))}
          </Fragment>
        );
      })}
    </div>
  );
}

function Group({ group, look, open, busy, onToggle, onFix }: { group: FindingGroup; look: Severity; open: boolean; busy: string | null; onToggle: () => void; onFix: () => void }): ReactNode {
  const { remedy } = group;
  return (
    <div className={open ? 'sy-group is-open' : 'sy-group'}>
      <button type="button" className="sy-groupmain" aria-expanded={open} onClick={onToggle}>
        <SeverityIcon severity={look} />
        <span className="sy-grouptext">
          <b className="cut">{groupTitle(group)}</b>
          <span className="t3 small cut" title={groupNote(group)}>
            {/* Ids of the list of problems can be asked for; names of our own rules say nothing to a manager. */}
            {/^[A-Z]+\d/.test(group.id) ? <span className="sy-id">{group.id}</span> : null}
            {groupNote(group)}
          </span>
        </span>
        <b className="sy-count">{grouped(group.count)}</b>
        {open ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
      </button>
      <span className="sy-fix">
        {remedy && fixable(group) ? (
          <Button busy={busy === group.id ? s('fix.busy') : null} onClick={onFix}>
            {fixLabel(remedy, group.count)}
          </Button>
        ) : (
          <Button expanded={open} onClick={onToggle}>
            {s('fix.look')}
          </Button>
        )}
      </span>
    </div>
  );
}

const SHOWN = 100;

function Samples({ group, onRemedy, onOpen }: { group: FindingGroup; onRemedy: (remedy: RemedyView, finding: FindingView) => void; onOpen: (finding: FindingView) => void }): ReactNode {
  const list = group.samples.slice(0, SHOWN);
  return (
    <div className="sy-samples">
      {group.count > list.length ? <div className="t3 small">{s('findings.samples', { n: grouped(group.count), shown: grouped(list.length) })}</div> : null}
      {list.map((finding, at) => {
        const remedy = finding.remedies[0];
        return (
          <div key={at} className="sy-sample">
            <span className="cut grow" title={findingWords(finding.id, finding.params, finding.subject).what}>
              {finding.subject}
            </span>
            {remedy ? (
              <Button kind="link" onClick={() => onRemedy(remedy, finding)}>
                {remedyLabel(remedy)}
              </Button>
            ) : null}
            {finding.product === null || remedy?.opens === 'sku' ? null : (
              <Button kind="link" onClick={() => onOpen(finding)}>
                {s('fix.open')}
              </Button>
            )}
          </div>
        );
      })}
    </div>
  );
}
