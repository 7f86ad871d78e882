import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { AccountView, ErpMoveRequest, ErpMoveRow, ErpMoveView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { joined, t } from '../../shared/messages';
import { AgoText, Button, CodeText, Dialog, ErrorPanel, Skeleton, Tabs, toast } from '../../shared/ui';
import { Problem, useAsking } from './asking';
import { FieldRow } from './CredentialFields';
import { s, type StoresWord } from './messages';
import { firstWay, openBranches, unsure } from './moveErp';

const TOUCHED = ['stores', 'products', 'orders', 'exceptions', 'findings'] as const;
/** What an ambiguous row answers when none of the items is meant. */
const NO_CODE = '';

export interface MoveErpProps {
  from: AccountView;
  erps: readonly AccountView[];
  serviceName: (id: string) => string;
  onClose: () => void;
}

/** Another ERP, its branches, then every SKU by how it was found again: three steps, and nothing is written before the last. */
export function MoveErp({ from, erps, serviceName, onClose }: MoveErpProps): ReactNode {
  const others = erps.filter((erp) => erp.id !== from.id);
  const [to, setTo] = useState<number>(others[0]?.id ?? 0);
  const [chosen, setChosen] = useState(false);
  const label = (erp: AccountView): string => [...new Set([serviceName(erp.service), erp.name])].join(' ');
  const target = others.find((erp) => erp.id === to);
  const client = useQueryClient();
  const next = (): void => {
    // What an earlier look found is not what would be moved now.
    client.removeQueries({ queryKey: ['erp_move_plan'] });
    setChosen(target !== undefined);
  };
  if (chosen && target) return <MoveTo key={to} from={from.id} to={to} fromName={label(from)} toName={label(target)} onBack={() => setChosen(false)} onClose={onClose} />;
  return (
    <Dialog
      title={<Title name={label(from)} step={1} />}
      width={560}
      onClose={onClose}
      onConfirm={next}
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" blocked={target ? null : s('erp.move.need')} onClick={next}>
            {s('add.go.next')}
          </Button>
        </>
      }
    >
      <h3 className="st-ask">{s('move.to')}</h3>
      <div role="radiogroup" aria-label={s('move.to')} className="st-choices">
        {others.map((erp) => (
          <label key={erp.id} className={erp.id === to ? 'remedy is-on' : 'remedy'}>
            <input type="radio" name="move-to" checked={erp.id === to} onChange={() => setTo(erp.id)} />
            <span className="grow">{label(erp)}</span>
            <span className="t3 small">{erp.items_read_at === null ? s('move.items.never') : <AgoText at={erp.items_read_at} />}</span>
          </label>
        ))}
      </div>
      <ul className="t2 st-moves">
        <li>{s('move.what.codes')}</li>
        <li>{s('move.what.orders')}</li>
        <li>{s('move.what.undo')}</li>
      </ul>
    </Dialog>
  );
}

function Title({ name, step }: { name: string; step: number }): ReactNode {
  return (
    <>
      {s('move.title', { name })} <span className="t3 small st-stepno">{s('move.step', { n: step })}</span>
    </>
  );
}

function MoveTo({ from, to, fromName, toName, onBack, onClose }: { from: number; to: number; fromName: string; toName: string; onBack: () => void; onClose: () => void }): ReactNode {
  const client = useQueryClient();
  const { busy, problem, ask } = useAsking();
  const [step, setStep] = useState<2 | 3>(2);
  const [branches, setBranches] = useState<Record<string, string>>({});
  const [choices, setChoices] = useState<Record<string, string>>({});
  const wanted: ErpMoveRequest = { from, to, branches, choices: {} };
  // What was chosen is sent with the move alone: asking again for every choice would make the rows jump.
  const plan = useCall('erp_move_plan', wanted, []);
  const missing = openBranches(plan.data);
  const blocked = !plan.data ? s('move.wait') : step === 2 && missing.length > 0 ? s('move.branch.need', { n: missing.length }) : null;

  const undo = (batch: number): void =>
    void call('library_undo', { batch, redo: false }).then(() => {
      markChanged(client, TOUCHED);
      toast.done(s('move.undone', { name: fromName }));
    }, failed);
  const run = (): void =>
    ask(async () => {
      const moved = await call('erp_move', { ...wanted, choices });
      markChanged(client, TOUCHED);
      const { batch } = moved;
      const told = [s('move.done.stores', { n: moved.stores }), s('move.done.codes', { n: grouped(moved.relinked) })];
      if (moved.repushed > 0) told.push(s('move.done.orders', { n: grouped(moved.repushed) }));
      toast.done(s('move.done', { name: toName }), { note: joined(told), ...(batch === null ? {} : { undo: () => undo(batch) }) });
      onClose();
    });
  const next = (): void => {
    if (blocked !== null || busy) return;
    if (step === 2) setStep(3);
    else run();
  };
  return (
    <Dialog
      title={<Title name={fromName} step={step} />}
      width={step === 3 ? 760 : 560}
      onClose={onClose}
      onConfirm={next}
      aside={
        <Button kind="link" onClick={step === 3 ? () => setStep(2) : onBack}>
          {t('act.back')}
        </Button>
      }
      actions={
        <>
          <Button hint="Esc" onClick={onClose}>
            {t('act.cancel')}
          </Button>
          <Button kind="primary" hint="Ctrl Enter" busy={busy ? s('move.busy') : null} blocked={blocked} onClick={next}>
            {step === 3 ? s('move.go', { name: toName }) : s('add.go.next')}
          </Button>
        </>
      }
    >
      {plan.error ? (
        <ErrorPanel title={errorWords(plan.error).title} note={errorWords(plan.error).advice} actions={<Button onClick={() => void plan.refetch()}>{t('act.retry')}</Button>} />
      ) : !plan.data ? (
        <>
          <p className="t2">{s('move.reading', { name: toName })}</p>
          <Skeleton rows={5} />
        </>
      ) : step === 2 ? (
        <BranchStep plan={plan.data} chosen={branches} onChoose={(old, code) => setBranches({ ...branches, [old]: code })} />
      ) : (
        <RowsStep plan={plan.data} choices={choices} onChoose={(sku, code) => setChoices({ ...choices, [String(sku)]: code })} />
      )}
      <Problem words={problem} />
    </Dialog>
  );
}

/** Every branch that the stores had, and the one that it becomes. */
function BranchStep({ plan, chosen, onChoose }: { plan: ErpMoveView; chosen: Readonly<Record<string, string>>; onChoose: (old: string, code: string) => void }): ReactNode {
  const there = plan.there.filter((branch) => branch.active);
  return (
    <>
      <h3 className="st-ask">{s('move.branch')}</h3>
      {plan.branches.map((branch) =>
        branch.old === '' ? (
          <p key="" className="t2 small">
            {s('move.branch.none', { names: branch.stores.join('、') })}
          </p>
        ) : (
          <FieldRow key={branch.old} label={s('move.branch.old', { code: branch.old })} note={branch.stores.join('、')}>
            <select className="field" aria-label={s('move.branch.of', { code: branch.old })} value={chosen[branch.old] ?? branch.new ?? ''} onChange={(event) => onChoose(branch.old, event.target.value)}>
              <option value="" disabled>
                {s('add.branch.choose')}
              </option>
              {there.map((one) => (
                <option key={one.code} value={one.code}>
                  {one.code}　{one.name}
                </option>
              ))}
            </select>
          </FieldRow>
        ),
      )}
    </>
  );
}

/** SKUs by how they were found; where several items could be meant, the manager says which. */
function RowsStep({ plan, choices, onChoose }: { plan: ErpMoveView; choices: Readonly<Record<string, string>>; onChoose: (sku: number, code: string) => void }): ReactNode {
  const ways = plan.ways.filter((way) => way.count > 0);
  const [shown, setShown] = useState(firstWay(ways));
  const way = ways.find((one) => one.way === shown);
  const left = unsure(plan, choices);
  return (
    <>
      <p className={left > 0 ? 'amber st-para' : 't2 st-para'}>{left > 0 ? s('move.left', { n: grouped(left) }) : s('move.all')}</p>
      <p className="t2 small st-para">
        {s('move.orders', { booked: grouped(plan.booked), waiting: grouped(plan.waiting) })}
        {plan.unsettled > 0 ? ` ${s('move.orders.unsettled', { n: grouped(plan.unsettled) })}` : null}
      </p>
      <Tabs look="segment" label={s('move.ways')} value={shown} onChange={setShown} items={ways.map((one) => ({ id: one.way, label: s(`move.way.${one.way}` as StoresWord), count: grouped(one.count) }))} />
      {/* Scrolls, so it takes focus. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="st-moved" tabIndex={0} role="region" aria-label={s(`move.way.${shown}` as StoresWord)}>
        <div role="table" aria-label={s(`move.way.${shown}` as StoresWord)}>
          <div className="st-movedrow st-movedhead small t2" role="row">
            <span role="columnheader">{s('move.col.goods')}</span>
            <span role="columnheader">{s('move.col.old')}</span>
            <span role="columnheader">{s('move.col.new')}</span>
          </div>
          {way?.rows.map((row) => (
            <MovedRow key={row.sku} row={row} way={way.way} chosen={choices[String(row.sku)]} onChoose={(code) => onChoose(row.sku, code)} />
          ))}
        </div>
      </div>
      {way && way.count > way.rows.length ? <p className="t3 small">{s('move.more', { n: grouped(way.rows.length), all: grouped(way.count) })}</p> : null}
    </>
  );
}

function MovedRow({ row, way, chosen, onChoose }: { row: ErpMoveRow; way: string; chosen: string | undefined; onChoose: (code: string) => void }): ReactNode {
  const [item] = row.items;
  return (
    <div className="st-movedrow" role="row">
      <span role="cell" className="st-name">
        <span className="cut" title={row.name}>
          {row.name}
        </span>
        <span className="t3 small">{row.barcode}</span>
      </span>
      <span role="cell">{row.old_code === '' ? <span className="t3">{s('move.code.none')}</span> : <CodeText code={row.old_code} room={18} />}</span>
      <span role="cell" className="st-name">
        {way === 'ambiguous' ? (
          <select className="field" aria-label={s('move.choose', { name: row.name })} value={chosen ?? 'open'} onChange={(event) => onChoose(event.target.value)}>
            <option value="open" disabled>
              {s('move.choose.open')}
            </option>
            {row.items.map((one) => (
              <option key={one.code} value={one.code}>
                {one.code}　{one.name}
              </option>
            ))}
            <option value={NO_CODE}>{s('move.choose.none')}</option>
          </select>
        ) : way === 'none' ? (
<span className="amber">{s(row.new_code === '' && row.old_code !== '' ? 'move.none.cleared' : 'move.none.kept')}</span>
        ) : (
          <>
            <CodeText code={row.new_code} room={24} />
            {item ? (
              <span className="t3 small cut" title={item.name}>
                {item.name}
              </span>
            ) : null}
          </>
        )}
      </span>
    </div>
  );
}
