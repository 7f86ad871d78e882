import { Switch } from 'antd';
import { useState, type ReactNode } from 'react';
import type { TemplateView } from '../../api/generated';
import { useAction, useCall } from '../../api/queries';
import { failed } from '../../shared/causes';
import { errorWords } from '../../shared/errors';
import { cleaned } from '../../shared/format';
import { useDebounced, useKeys } from '../../shared/hooks';
import { t } from '../../shared/messages';
import { Button, ErrorPanel, Skeleton, toast } from '../../shared/ui';
import { Field } from './Field';
import { p, type PrintingWord } from './messages';
import { sameTemplate } from './model';
import { Paper } from './Paper';

const CHOICES = ['large_goods', 'prices', 'specs', 'receiver'] as const;

/** How slips look, with the slip itself beside it at both widths while it is being changed. */
export function TemplateEditor(): ReactNode {
  const kept = useCall('receipt_template_get', {}, ['printing']);
  if (kept.data) return <Editor kept={kept.data} />;
  if (!kept.error) return <Skeleton rows={8} />;
  const words = errorWords(kept.error);
  return <ErrorPanel title={words.title} note={words.advice} actions={<Button onClick={() => void kept.refetch()}>{t('act.reload')}</Button>} />;
}

function Editor({ kept }: { kept: TemplateView }): ReactNode {
  const [draft, setDraft] = useState(kept);
  const [order, setOrder] = useState('');
  const write = useAction('receipt_template_set', ['printing']);
  const template = useDebounced(draft, 120);
  const number = useDebounced(cleaned(order), 250);
  const preview = useCall('receipt_preview', { template, order: number }, ['printing', 'orders']);
  const same = sameTemplate(draft, kept);
  const save = (): void => {
    if (!same && !write.isPending) write.mutate(draft, { onSuccess: () => toast.done(p('template.saved')), onError: failed });
  };
  useKeys({ 'Mod+KeyS': save });
  const text = (key: 'header' | 'footer'): ReactNode => (
    <Field label={p(`template.${key}`)} note={p(`template.${key}.hint`)}>
      <input className="field" value={draft[key]} maxLength={60} aria-label={p(`template.${key}`)} onChange={(event) => setDraft({ ...draft, [key]: event.target.value })} />
    </Field>
  );
  return (
    <div className="pr-part pr-template">
      <div className="pr-form">
        <div className="section-head">
          <h2>{p('template.form')}</h2>
        </div>
        {text('header')}
        {text('footer')}
        {CHOICES.map((key) => (
          <div key={key} className="pr-choice">
            <span>{p(`template.${key}`)}</span>
            <Switch size="small" checked={draft[key]} aria-label={p(`template.${key}`)} onChange={(on) => setDraft({ ...draft, [key]: on })} />
          </div>
        ))}
        <div className="actions pr-save">
          {same ? null : <Button onClick={() => setDraft(kept)}>{t('act.discard')}</Button>}
          <Button hint="Ctrl S" busy={write.isPending ? p('template.saving') : null} blocked={same ? p('template.same') : null} onClick={save}>
            {p('template.save')}
          </Button>
        </div>
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="pr-previews" role="region" tabIndex={0} aria-label={p('template.preview')}>
        <div className="section-head">
          <h2>{p('template.preview')}</h2>
          <span className="t3">{p('template.note')}</span>
        </div>
        <Field label={p('template.order')} fault={preview.error && number !== '' ? errorWords(preview.error).title : null} note={p('template.order.hint')}>
          <input className="field pr-number" inputMode="numeric" value={order} aria-label={p('template.order')} onChange={(event) => setOrder(event.target.value)} />
        </Field>
        <div className="pr-papers">
          {preview.data?.pages.map((page) => (
            <figure key={page.paper}>
              <Paper page={page} />
              <figcaption className="t3 small">{p(`paper.${page.paper}` as PrintingWord)}</figcaption>
            </figure>
          ))}
        </div>
      </div>
    </div>
  );
}
