import type { ReactNode } from 'react';
import type { MatchCandidate, MatchRow, StoreBadge } from '../../api/generated';
import { grouped, money } from '../../shared/format';
import { Banner, Button, charBoxes, Kbd, PlatformMark } from '../../shared/ui';
import { IconCheck, IconInfo, IconMinus, IconPlus, IconSearch, IconX } from '../../shared/ui/icons';
import { m } from './messages';
import { specOf, verdict, type Verdict } from './model';
import { Reason, Thumb } from './Rows';

/** What differs stands on the colour of a change. */
function Marked({ boxes }: { boxes: { sign: string; state: string }[] }): ReactNode {
  const runs: { text: string; odd: boolean }[] = [];
  for (const box of boxes) {
    const odd = box.state !== 'same';
    const last = runs.at(-1);
    if (last && last.odd === odd) last.text += box.sign;
    else runs.push({ text: box.sign, odd });
  }
  return runs.map((run, at) => (run.odd ? <mark key={at}>{run.text}</mark> : <span key={at}>{run.text}</span>));
}

function Mark({ is }: { is: Verdict }): ReactNode {
  const name = m(`verdict.${is}`);
  if (is === 'same') return <IconCheck size={14} className="c-green" label={name} />;
  if (is === 'differs') return <IconX size={14} className="c-amber" label={name} />;
  if (is === 'unknown') return <IconMinus size={14} className="c-t3" label={name} />;
  return (
    <span className="amber strong" role="img" aria-label={name} title={name}>
      ≈
    </span>
  );
}

function Field({ label, theirs, ours, amber = false, compare = true, exact = false }: { label: string; theirs: string; ours: string; amber?: boolean; compare?: boolean; exact?: boolean }): ReactNode {
  const found = verdict(theirs, ours);
  // Digits are the same or not; being alike means nothing.
  const is = exact && found === 'near' ? 'differs' : found;
  const boxes = compare && !exact && is !== 'unknown' && is !== 'same' ? charBoxes(theirs, ours) : null;
  const none = <span className={amber ? 'amber' : 't3'}>{amber ? m('row.noBarcode') : '−'}</span>;
  return (
    <tr>
      <th scope="row">{label}</th>
      <td>{theirs === '' ? none : boxes ? <Marked boxes={boxes.left} /> : theirs}</td>
      <td>{ours === '' ? none : boxes ? <Marked boxes={boxes.right} /> : ours}</td>
      <td className="mid">{compare ? <Mark is={is} /> : null}</td>
    </tr>
  );
}

export interface SideProps {
  store: StoreBadge;
  row: MatchRow;
  nth: number;
  candidate: MatchCandidate | null;
  onChoose: (sku: number) => void;
  onFind: () => void;
  onAdopt: () => void;
  busy: boolean;
}

/** The current row, field by field, and what else it could be. */
export function Side({ store, row, nth, candidate, onChoose, onFind, onAdopt, busy }: SideProps): ReactNode {
  const elsewhere = candidate?.bound_elsewhere ?? '';
  return (
    <aside className="mt-side" aria-label={m('side.label')} data-region="drawer">
      <div className="mt-side-body">
        <div className="mt-side-head">
          <h2>{m('side.nth', { n: grouped(nth) })}</h2>
          <span className="t3 small">{row.waiting_orders > 0 ? m('side.waits', { n: grouped(row.waiting_orders) }) : m('side.stock')}</span>
        </div>
        <table className="mt-compare">
          <thead>
            <tr>
              <th aria-hidden />
              <th scope="col">
                <span className="pname">
                  <PlatformMark platform={store.platform} decorative />
                  {m('side.theirs')}
                </span>
              </th>
              <th scope="col">{m('side.ours')}</th>
              <th aria-hidden />
            </tr>
          </thead>
          <tbody>
            <Field label={m('field.name')} theirs={row.name} ours={candidate?.name ?? ''} />
            <Field label={m('field.spec')} theirs={row.spec_name} ours={candidate ? specOf(candidate) : ''} />
            <Field label={m('field.barcode')} theirs={row.barcode} ours={candidate?.barcode ?? ''} amber={row.barcode === ''} exact />
            <Field label={m('field.price')} theirs={row.price_fen === null ? '' : money(row.price_fen)} ours={candidate?.price_fen === null || candidate === null ? '' : money(candidate.price_fen)} exact />
            <Field label={m('field.code')} theirs={row.outer_sku_code} ours={candidate?.item_code ?? ''} compare={false} />
            <tr>
              <th scope="row">{m('field.id')}</th>
              <td colSpan={3}>{row.remote_id}</td>
            </tr>
          </tbody>
        </table>
        {candidate && candidate.reasons.length > 3 ? (
          <div className="mt-allreasons">
            {candidate.reasons.map((reason, at) => (
              <Reason key={at} reason={reason} />
            ))}
          </div>
        ) : null}
        {elsewhere === '' ? null : (
          <div className="mt-elsewhere">
            <Banner icon={<IconInfo />} tone="amber" title={m('act.rebind')}>
              {m('side.elsewhere.note', { name: elsewhere })}
            </Banner>
          </div>
        )}
        <div className="mt-side-head mt-line">
          <h2>{m('side.candidates')}</h2>
          <span className="t3 small">{row.candidates.length > 0 ? m('side.keys') : m('side.free')}</span>
        </div>
        <div role="radiogroup" aria-label={m('side.candidates')}>
          {row.candidates.map((one, at) => (
            <button key={one.sku} type="button" role="radio" aria-checked={one.sku === candidate?.sku} className={one.sku === candidate?.sku ? 'mt-candidate is-on' : 'mt-candidate'} onClick={() => onChoose(one.sku)}>
              <Kbd>{String(at + 1)}</Kbd>
              <Thumb hash={one.picture} side={24} />
              <span className="grow mt-two">
                <span className="cut">{one.name}</span>
                <span className="small t2 mt-second">
                  <span className="cut">{specOf(one)}</span>
                  {one.bound_elsewhere === '' ? one.price_fen === null ? null : <span>{money(one.price_fen)}</span> : <span className="cut amber">{m('side.elsewhere', { name: one.bound_elsewhere })}</span>}
                </span>
              </span>
              {/* Rivals that only share a name part have no score of their own. */}
              {one.score > 0 ? <b className={one.sku === candidate?.sku ? 'mt-on' : 't3'}>{one.score.toFixed(2)}</b> : <span className="t3">–</span>}
            </button>
          ))}
        </div>
      </div>
      <div className="mt-side-foot">
        <Button icon={IconSearch} hint="F" onClick={onFind}>
          {m('act.find')}
        </Button>
        <Button icon={IconPlus} hint="C" busy={busy ? m('act.adopt') : null} onClick={onAdopt}>
          {m('act.adopt')}
        </Button>
      </div>
    </aside>
  );
}
