import type { ReactNode } from 'react';
import { grouped } from '../../shared/format';
import { m } from './messages';
import type { Kind, Sums as SumsOf } from './model';

type Filter = Kind | 'code' | 'left';

function Term({ sign, value, label, onOpen }: { sign?: string; value: number; label: string; onOpen?: () => void }): ReactNode {
  const body = (
    <>
      <span className="mt-figure">{grouped(value)}</span>
      <span className="small">{label}</span>
    </>
  );
  return (
    <>
      {sign ? <i aria-hidden>{sign}</i> : null}
      {onOpen && value > 0 ? (
        <button type="button" className="mt-term is-link" onClick={onOpen}>
          {body}
        </button>
      ) : (
        <span className="mt-term">{body}</span>
      )}
    </>
  );
}

/** The arithmetic of F22: three sums that add up, every blue number a filter. */
export function Sums({ sums, onFilter, onBound }: { sums: SumsOf; onFilter: (kind: Filter) => void; onBound: () => void }): ReactNode {
  const { kinds } = sums;
  const able = sums.nowByCode + sums.ready + kinds.surplus;
  return (
    <div className="mt-sums">
      <section>
        <h2>{sums.now > 0 ? m('sum.beforeNow') : m('sum.before')}</h2>
        <div className="mt-sum">
          {sums.now > 0 ? (
            <>
              <Term value={sums.left + sums.now} label={m('sum.leftBefore')} />
              <Term sign="−" value={sums.now} label={m('sum.now')} onOpen={onBound} />
              <Term sign="=" value={sums.left} label={m('sum.leftNow')} onOpen={() => onFilter('left')} />
            </>
          ) : (
            <>
              <Term value={sums.total} label={m('sum.total')} />
              <Term sign="−" value={sums.bound} label={m('sum.bound')} onOpen={onBound} />
              <Term sign="=" value={sums.left} label={m('sum.left')} onOpen={() => onFilter('left')} />
            </>
          )}
        </div>
      </section>
      <section className="mt-wide">
        <h2>{m('sum.codes')}</h2>
        <div className="mt-sum">
          <Term value={able} label={m('sum.able')} />
          {sums.nowByCode > 0 ? <Term sign="=" value={sums.nowByCode} label={m('sum.now')} onOpen={onBound} /> : null}
          <Term sign={sums.nowByCode > 0 ? '+' : '='} value={sums.ready} label={m('sum.ready')} onOpen={() => onFilter('code')} />
          <Term sign="+" value={kinds.surplus} label={sums.groups > 0 ? m('sum.surplus', { n: grouped(sums.groups) }) : m('sum.surplus0')} onOpen={() => onFilter('surplus')} />
          <p className="t3 small mt-why">{m('sum.why')}</p>
        </div>
      </section>
      <section>
        <h2>{m('sum.rest')}</h2>
        <div className="mt-sum">
          <Term value={sums.left} label={sums.now > 0 ? m('sum.leftNow') : m('sum.left')} />
          <Term sign="=" value={kinds.sure} label={m('sum.sure')} onOpen={() => onFilter('sure')} />
          <Term sign="+" value={kinds.look} label={m('sum.look')} onOpen={() => onFilter('look')} />
          <Term sign="+" value={kinds.without} label={m('sum.without')} onOpen={() => onFilter('without')} />
          {kinds.surplus > 0 ? <Term sign="+" value={kinds.surplus} label={m('sum.surplus0')} onOpen={() => onFilter('surplus')} /> : null}
        </div>
      </section>
    </div>
  );
}
