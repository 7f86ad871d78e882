import { Dropdown } from 'antd';
import type { ReactNode } from 'react';
import type { PrinterAccountView, PrinterKindView, PrinterView } from '../../api/generated';
import { sentence } from '../../shared/errors';
import { fullTime, grouped, shortTime } from '../../shared/format';
import { useNow } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { RawText } from '../../shared/orders';
import { Button, CodeText, Section, SeverityIcon, Tag } from '../../shared/ui';
import { IconEllipsis } from '../../shared/ui/icons';
import { p, type PrintingWord } from './messages';
import { light, minutesAgo, type Colour } from './model';

const SIGN = { green: 'done', yellow: 'warning', red: 'error' } as const satisfies Record<Colour, string>;
const TONE = { green: 't2', yellow: 'amber', red: 'red' } as const satisfies Record<Colour, string>;

export interface PrinterListProps {
  printers: readonly PrinterView[];
  kinds: readonly PrinterKindView[];
  accounts: readonly PrinterAccountView[];
  chosen: number | null;
  /** The printer whose test page is being queued. */
  testing: number | null;
  onChoose: (printer: number) => void;
  onTest: (printer: PrinterView) => void;
  onClear: (printer: PrinterView) => void;
  onEdit: (printer: PrinterView) => void;
  onRemove: (printer: PrinterView) => void;
  onAccount: (account: PrinterAccountView) => void;
}

/** Printers with their lights, and below them the cloud accounts that they hang on. */
export function PrinterList(props: PrinterListProps): ReactNode {
  const { printers, kinds, accounts } = props;
  const kindOf = (id: string): PrinterKindView | null => kinds.find((one) => one.id === id) ?? null;
  // A kind without fields has an account in the books only.
  const shown = accounts.filter((account) => (kindOf(account.service)?.fields.length ?? 0) > 0);
  return (
    <div className="pr-list" data-region="main">
      <ul className="pr-printers" aria-label={p('list.label')}>
        {printers.map((printer) => (
          <Row key={printer.id} {...props} printer={printer} kind={kindOf(printer.service)?.name ?? printer.service} />
        ))}
      </ul>
      {shown.length > 0 ? (
        <div className="pr-accounts">
          <Section title={p('accounts.title')}>
            {shown.map((account) => (
              <div key={account.id} className="pr-account">
                <Tag outline>{kindOf(account.service)?.name ?? account.service}</Tag>
                <span className="pr-name grow">
                  <span className="cut" title={account.masked['user'] ?? ''}>
                    {account.masked['user'] ?? ''}
                  </span>
                  <span className="t3 small">{p('accounts.of', { n: printers.filter((one) => one.account === account.id).length })}</span>
                </span>
                <Button kind="link" onClick={() => props.onAccount(account)}>
                  {p('accounts.edit')}
                </Button>
              </div>
            ))}
          </Section>
        </div>
      ) : null}
    </div>
  );
}

function Row({ printer, kind, chosen, testing, onChoose, onTest, onClear, onEdit, onRemove }: PrinterListProps & { printer: PrinterView; kind: string }): ReactNode {
  const now = useNow(20_000);
  const { colour, word } = light(printer, now);
  return (
    <li className={printer.id === chosen ? 'pr-printer is-chosen' : 'pr-printer'}>
      <button type="button" className="pr-open" aria-pressed={printer.id === chosen} onClick={() => onChoose(printer.id)}>
        <SeverityIcon severity={SIGN[colour]} />
        <span className="pr-name">
          <b className="cut">{printer.name}</b>
          <span className="pr-light small">
            <span className={TONE[colour]}>{p(word)}</span>
            {printer.state_at === null ? null : (
              <span className="t3" title={fullTime(printer.state_at)}>
                {age(printer.state_at, now)}
              </span>
            )}
          </span>
        </span>
      </button>
      <div className="pr-tools">
        {printer.asks > 0 ? <Tag tone="amber">{p('list.asks', { n: grouped(printer.asks) })}</Tag> : printer.open > 0 ? <Tag>{p('list.open', { n: grouped(printer.open) })}</Tag> : null}
        <Button size="row" busy={testing === printer.id ? p('act.testing') : null} onClick={() => onTest(printer)}>
          {p('act.test')}
        </Button>
        <Dropdown
          trigger={['click']}
          menu={{
            items: [
              { key: 'edit', label: p('act.edit') },
              { key: 'clear', label: p('act.clear') },
              { key: 'remove', label: p('act.remove'), danger: true },
            ],
            onClick: ({ key }) => (key === 'edit' ? onEdit(printer) : key === 'clear' ? onClear(printer) : onRemove(printer)),
          }}
        >
          <Button size="row" kind="text" icon={IconEllipsis} label={p('act.more', { name: printer.name })} />
        </Dropdown>
      </div>
      <div className="pr-facts t3 small">
        <span className="cut">{kind}</span>
        <CodeText code={printer.number} room={22} />
        <span>{p(`paper.${printer.paper}` as PrintingWord)}</span>
      </div>
      {printer.cause ? (
        <div className={`pr-cause small ${TONE[colour]}`}>
          {sentence(printer.cause)}
          <RawText title={t('finding.raw')} text={printer.raw} />
        </div>
      ) : null}
    </li>
  );
}

/** How old a light is: in minutes within the hour, else the moment itself. */
function age(at: number, now: number): string {
  const minutes = minutesAgo(at, now);
  if (minutes === 0) return p('age.now');
  return minutes < 60 ? p('age.minutes', { n: minutes }) : shortTime(at, now, { yesterday: t('time.yesterday') });
}
