import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { call } from '../api/client';
import { markChanged } from '../api/queries';
import { errorWords } from '../shared/errors';
import { useKeys } from '../shared/hooks';
import { DEMO_TROUBLES, OFFERED_FIRST, p } from '../shared/platforms';
import { Button, Platform, PlatformMark, Tag, toast } from '../shared/ui';
import { IconFileSpreadsheet, IconFlaskConical, IconInfo, IconLock, IconPlug } from '../shared/ui/icons';
import { a, type AppWord } from './messages';
import { entries } from './routes';

const STEPS = [1, 2, 3, 4, 5] as const;

/** An empty shop: practise in the demo, connect stores, or import. The menu stays open beside it. */
export function FirstStart(): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const hasStores = entries.some((entry) => entry.id === 'stores');
  const demo = async (): Promise<void> => {
    setBusy(true);
    try {
      await call('demo_open', {});
      markChanged(client, ['stores', 'products', 'listings', 'orders', 'exceptions', 'bindings', 'findings', 'tasks', 'stock', 'settings']);
    } catch (cause) {
      const words = errorWords(cause);
      toast.failed(words.title, words.advice === null ? {} : { note: words.advice });
    } finally {
      setBusy(false);
    }
  };
  const connect = (): void => void navigate({ to: '/stores' as '/', search: { add: true } as never });
  const importFile = (): void => void navigate({ to: '/library' as '/', search: { import: true } as never });
  useKeys({ Digit2: hasStores ? connect : () => undefined, Digit3: importFile });
  return (
    <div className="start" data-region="main">
      <header>
        <h1>{a('start.title')}</h1>
        <p>{a('start.note')}</p>
      </header>
      <div className="start-cards">
        <section className="start-card">
          <IconFlaskConical />
          <div>
            <h2>{a('start.demo')}</h2>
            <p>{a('start.demo.note')}</p>
            <p>{a('start.demo.note2')}</p>
            <div className="start-list small">
              <Trouble mark={<PlatformMark platform={DEMO_TROUBLES.rename} />} word="start.demo.rename" />
              <Trouble mark={<PlatformMark platform={DEMO_TROUBLES.throttle} />} word="start.demo.throttle" />
              <Trouble mark={<Tag outline>ERP</Tag>} word="start.demo.erp" />
            </div>
          </div>
          <Button kind="primary" size="lg" hint="Enter" autoFocus busy={busy ? a('start.demo.busy') : null} onClick={() => void demo()}>
            {a('start.demo')}
          </Button>
        </section>
        {hasStores ? (
          <section className="start-card">
            <IconPlug />
            <div>
              <h2>{a('start.own')}</h2>
              <p>{a('start.own.note')}</p>
              <p>{a('start.own.note2')}</p>
              <div className="start-list small">
                {OFFERED_FIRST.map((platform) => (
                  <Platform key={platform} platform={platform} />
                ))}
              </div>
              <p className="start-hint">
                <IconInfo />
                <span>{p('families.hint')}</span>
              </p>
            </div>
            <Button size="lg" hint="2" onClick={connect}>
              {a('start.own.pick')}
            </Button>
          </section>
        ) : null}
        <section className="start-card">
          <IconFileSpreadsheet />
          <div>
            <h2>{a('start.import')}</h2>
            <p>{a('start.import.note')}</p>
            <p>{a('start.import.note2')}</p>
          </div>
          <Button size="lg" hint="3" onClick={importFile}>
            {a('start.import.pick')}
          </Button>
        </section>
      </div>
      <section className="start-steps">
        <h2>{a('start.steps')}</h2>
        <ol>
          {STEPS.map((step) => (
            <li key={step}>
              <span className="start-no">{step}</span>
              <div>
                <b>{a(`start.step${step}`)}</b>
                <div className="t3 small">{a(`start.step${step}.note`)}</div>
              </div>
            </li>
          ))}
        </ol>
      </section>
      <div className="start-foot">
        <Button kind="link" onClick={() => void navigate({ to: '/settings' as '/', search: { part: 'backup' } as never })}>
          {a('start.restore')}
        </Button>
      </div>
      <p className="start-safe">
        <IconLock size={14} />
        {a('start.safe')}
      </p>
    </div>
  );
}

function Trouble({ mark, word }: { mark: ReactNode; word: AppWord }): ReactNode {
  return (
    <span className="pname">
      {mark}
      {a(word)}
    </span>
  );
}
