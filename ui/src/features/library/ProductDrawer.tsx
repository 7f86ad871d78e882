import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Fragment, useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import { markChanged, useCall } from '../../api/queries';
import { host } from '../../host';
import { CategoryPicker, targetOf } from '../../shared/categories';
import { ErpPicker, failed, remedyLabel, useRemedies } from '../../shared/causes';
import { errorWords, findingWords, sentence } from '../../shared/errors';
import { t } from '../../shared/messages';
import { Button, Drawer, Empty, ErrorPanel, Finding, Platform, Section, Skeleton, Tabs, Tag, TimeText, toast } from '../../shared/ui';
import type { CategoryTarget, FindingView, ProductDetail, RemedyView, StoreView } from '../../api/generated';
import { Price } from './columns';
import { FieldFix, wishOf, type FieldWish } from './FieldFix';
import { l } from './messages';
import { yuanInput } from '../../shared/format';
import { Offers, PlaceState } from './Offers';
import { Pictures } from './Pictures';

export interface ProductDrawerProps {
  id: number;
  onClose: () => void;
  onStep: (by: 1 | -1) => void;
  onRestore: (batch: number) => void;
  stores: readonly StoreView[];
}

/** One product: the chain of bindings first, then stores, checks, pictures and history. */
export function ProductDrawer({ id, onClose, onStep, onRestore, stores }: ProductDrawerProps): ReactNode {
  const [part, setPart] = useState('overview');
  const query = useCall('library_get', { id }, ['products', 'listings', 'bindings', 'findings']);
  const detail = query.data;
  const head = detail ? <Head detail={detail} /> : <b>{l('drawer.label')}</b>;
  return (
    <Drawer name="library" label={l('drawer.label')} head={head} onClose={onClose} onStep={onStep}>
      {detail ? (
        <>
          <Tabs
            look="part"
            label={l('drawer.label')}
            value={part}
            onChange={setPart}
            items={[
              { id: 'overview', label: l('drawer.overview') },
              { id: 'stores', label: l('drawer.stores'), count: String(detail.places.length) },
              { id: 'pictures', label: l('drawer.pictures'), count: String(detail.pictures.length) },
              { id: 'history', label: l('drawer.history'), count: String(detail.history.length) },
            ]}
          />
          <div className="lib-part">
            {part === 'overview' ? <Overview detail={detail} onStores={() => setPart('stores')} /> : null}
            {part === 'stores' ? <Offers detail={detail} stores={stores} onUndo={onRestore} /> : null}
            {part === 'pictures' ? <Pictures product={detail.id} list={detail.pictures} onUndo={onRestore} /> : null}
            {part === 'history' ? <History detail={detail} onRestore={onRestore} /> : null}
          </div>
        </>
      ) : query.error ? (
        <ErrorPanel title={errorWords(query.error).title} actions={<Button onClick={() => void query.refetch()}>{t('act.reload')}</Button>} />
      ) : (
        <Skeleton rows={6} />
      )}
    </Drawer>
  );
}

function Head({ detail }: { detail: ProductDetail }): ReactNode {
  const main = detail.pictures[0];
  const errors = detail.findings.filter((finding) => finding.severity === 'error').length;
  const warnings = detail.findings.filter((finding) => finding.severity === 'warning').length;
  return (
    <div className="lib-head">
      {main ? <img src={host().pictureUrl(main.hash, 128)} alt="" width={64} height={64} /> : <span className="lib-nopicture" />}
      <div className="lib-headtext">
        <div className="lib-name">{detail.name}</div>
        <div className="t3 small">{[detail.category, l('specs', { n: detail.skus.length })].filter((text) => text !== '').join('　')}</div>
        <div className="lib-tags">
          {errors > 0 ? <Tag tone="red">{l('drawer.errors', { n: errors })}</Tag> : null}
          {warnings > 0 ? <Tag tone="amber">{l('drawer.warnings', { n: warnings })}</Tag> : null}
          {errors + warnings === 0 ? <Tag>{l('drawer.ok')}</Tag> : null}
        </div>
      </div>
    </div>
  );
}

function Overview({ detail, onStores }: { detail: ProductDetail; onStores: () => void }): ReactNode {
  const places = { bound: detail.bound_places, total: detail.wanted_places };
  const erp = { bound: detail.erp_linked, total: detail.skus.length };
  return (
    <>
      <Section title={l('chain')}>
        <div className="lib-chain">
          <Link3 title={l('chain.platform')} part={places} />
          <i className={broken(places) ? 'is-broken' : ''} />
          <div className="lib-link">
            <b>{l('chain.library')}</b>
            <span className="small">{l('specs', { n: detail.skus.length })}</span>
          </div>
          <i className={broken(erp) ? 'is-broken' : ''} />
          <Link3 title="ERP" part={erp} />
        </div>
      </Section>
      <Stores detail={detail} onEdit={onStores} />
      <Findings detail={detail} />
    </>
  );
}

/** What stands in a cell of the library now. */
function cellOf(detail: ProductDetail, sku: number, field: string): string {
  if (field === 'name' || field === 'category' || field === 'brand' || field === 'description') return detail[field];
  const row = detail.skus.find((one) => one.id === sku);
  if (!row) return '';
  if (field === 'price') return row.price_fen === null ? '' : yuanInput(row.price_fen);
  if (field === 'spec_name' || field === 'item_code' || field === 'barcode' || field === 'unit' || field === 'size_text') return row[field];
  return '';
}

/** Findings with their best remedy as a button; what needs a value is filled in place. */
function Findings({ detail }: { detail: ProductDetail }): ReactNode {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remedies = useRemedies();
  const [wish, setWish] = useState<FieldWish | null>(null);
  const [choosing, setChoosing] = useState<CategoryTarget | null>(null);
  const [saving, setSaving] = useState(false);
  const run = (finding: FindingView, remedy: RemedyView): void => {
    const asked = remedy.opens === 'sku' ? wishOf(remedy.action, (sku, field) => cellOf(detail, sku, field)) : null;
    const target = targetOf(remedy, detail.name);
    if (target) setChoosing(target);
    else if (asked) setWish(asked);
    else void remedies.run(remedy, { key: `${finding.id} ${finding.subject} ${remedy.kind}`, product: detail.id });
  };
  const save = async (value: string): Promise<void> => {
    if (!wish) return;
    setSaving(true);
    try {
      const report = await call('library_edit', { edits: [{ sku: wish.sku, field: wish.field, value }] });
      const [refused] = report.rejected;
      if (refused) toast.failed(sentence(refused.words, refused.value));
      else {
        toast.done(l('saved', { n: report.changed }));
        setWish(null);
      }
    } catch (cause) {
      failed(cause);
    } finally {
      setSaving(false);
      markChanged(client, ['products', 'findings']);
    }
  };
  // A remedy that opens this very product shows a field; without one there is nothing to press.
  const offered = (finding: FindingView): RemedyView | undefined => finding.remedies.find((remedy) => remedy.opens !== 'sku' || wishOf(remedy.action, () => '') !== null);
  return (
    <Section title={l('findings.title')}>
      {detail.findings.length === 0 ? <span className="t3">{l('findings.none')}</span> : null}
      {detail.findings.map((finding, at) => {
        const words = findingWords(finding.id, finding.params, finding.id);
        const remedy = offered(finding);
        return (
          <Finding
            key={at}
            severity={finding.severity === 'error' ? 'error' : finding.severity === 'warning' ? 'warning' : 'info'}
            title={words.what}
            ids={[finding.id]}
            why={words.why}
            raw={finding.raw === '' ? null : finding.raw}
            actions={
              remedy ? (
                <Button size="row" busy={remedies.busy === `${finding.id} ${finding.subject} ${remedy.kind}` ? remedyLabel(remedy) : null} onClick={() => run(finding, remedy)}>
                  {remedyLabel(remedy)}
                </Button>
              ) : null
            }
          />
        );
      })}
      {wish ? <FieldFix wish={wish} busy={saving} onSave={(value) => void save(value)} onClose={() => setWish(null)} /> : null}
      {choosing ? <CategoryPicker targets={[choosing]} onJob={(job) => void navigate({ to: '/tasks' as '/', search: { open: job } as never })} onClose={() => setChoosing(null)} /> : null}
      {remedies.picking ? <ErpPicker remedy={remedies.picking} onPick={(code) => void remedies.picked(code)} /> : null}
    </Section>
  );
}

function broken(part: { bound: number; total: number }): boolean {
  return part.bound < part.total;
}

function Link3({ title, part }: { title: string; part: { bound: number; total: number } }): ReactNode {
  const missing = part.total - part.bound;
  const words = part.total === 0 ? l('chain.none') : missing > 0 ? l('chain.missing', { ...part, missing }) : l('chain.bound', { ...part });
  return (
    <div className={missing > 0 ? 'lib-link is-bad' : 'lib-link'}>
      <b>{title}</b>
      <span className="small">{words}</span>
    </div>
  );
}

function Stores({ detail, onEdit }: { detail: ProductDetail; onEdit: () => void }): ReactNode {
  const change = (
    <Button kind="link" onClick={onEdit}>
      {l(detail.places.length === 0 ? 'offers.more' : 'offers.change')}
    </Button>
  );
  if (detail.places.length === 0) {
    return (
      <Section title={l('drawer.stores')} actions={change}>
        <span className="t3">{l('stores.none')}</span>
      </Section>
    );
  }
  return (
    <Section title={l('drawer.stores')} actions={change}>
      <table className="plain lib-places">
        <thead>
          <tr>
            <th>{l('stores.store')}</th>
            <th className="num">{l('col.price')}</th>
            <th>{l('stores.state')}</th>
          </tr>
        </thead>
        <tbody>
          {detail.skus.map((sku) => (
            <Fragment key={sku.id}>
              {detail.skus.length > 1 && detail.places.some((place) => place.sku === sku.id) ? (
                <tr className="lib-placespec">
                  <th colSpan={3} scope="rowgroup">
                    {sku.spec_name}
                  </th>
                </tr>
              ) : null}
              {detail.places
                .filter((place) => place.sku === sku.id)
                .map((place) => (
                  <tr key={place.store.id}>
                    <td>
                      <Platform platform={place.store.platform}>{place.store.name}</Platform>
                    </td>
                    <td className="num">
                      <Price fen={place.price_fen} inherited={!place.own_price} />
                    </td>
                    <td className="cut">
                      <PlaceState place={place} />
                    </td>
                  </tr>
                ))}
            </Fragment>
          ))}
        </tbody>
      </table>
      <p className="t3 small lib-note">{l('stores.note')}</p>
    </Section>
  );
}

function History({ detail, onRestore }: { detail: ProductDetail; onRestore: (batch: number) => void }): ReactNode {
  if (detail.history.length === 0) return <Empty title={l('history.none')} />;
  return (
    <div>
      {detail.history.map((entry) => (
        <div key={entry.id} className="lib-history">
          <span className="t2 small">
            <TimeText at={entry.at} />
          </span>
          <span className="grow cut small">
            {entry.actor === 'auto' ? l('history.auto') : entry.actor} {sentence(entry.title, l('history.changed'))}
            {entry.changes > 1 ? <span className="t3">{`　${l('history.count', { n: entry.changes })}`}</span> : null}
          </span>
          {entry.undone ? <span className="t3 small">{l('history.undone')}</span> : null}
          {entry.undoable ? (
            <Button kind="link" onClick={() => onRestore(entry.id)}>
              {l('act.restore')}
            </Button>
          ) : null}
        </div>
      ))}
    </div>
  );
}
