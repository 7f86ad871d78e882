import { useState, type ReactNode } from 'react';
import { useCall } from '../../api/queries';
import { host } from '../../host';
import { errorWords, word, wordOf } from '../../shared/errors';
import { t } from '../../shared/messages';
import { Button, Drawer, Empty, ErrorPanel, Finding, Platform, Section, Skeleton, State, Tabs, Tag, TimeText } from '../../shared/ui';
import type { PictureView, ProductDetail, ProductPlace } from '../../api/generated';
import { Price } from './columns';
import { l } from './messages';
import { syncState } from './model';

export interface ProductDrawerProps {
  id: number;
  onClose: () => void;
  onStep: (by: 1 | -1) => void;
  onRestore: (batch: number) => void;
}

/** One product: the chain of bindings first, then stores, checks, pictures and history. */
export function ProductDrawer({ id, onClose, onStep, onRestore }: ProductDrawerProps): ReactNode {
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
            {part === 'overview' ? <Overview detail={detail} /> : null}
            {part === 'stores' ? <Stores detail={detail} /> : null}
            {part === 'pictures' ? <Pictures list={detail.pictures} /> : null}
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

function Overview({ detail }: { detail: ProductDetail }): ReactNode {
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
      <Stores detail={detail} />
      <Section title={l('findings.title')}>
        {detail.findings.length === 0 ? <span className="t3">{l('findings.none')}</span> : null}
        {detail.findings.map((finding, at) => (
          <Finding
            key={at}
            severity={finding.severity === 'error' ? 'error' : finding.severity === 'warning' ? 'warning' : 'info'}
            title={wordOf([`finding.${finding.id}.title`, `finding.${finding.id}.what`, `finding.${finding.id}`], finding.id, finding.params)}
            ids={[finding.id]}
            why={wordOf([`finding.${finding.id}.why`], '', finding.params)}
            raw={finding.raw === '' ? null : finding.raw}
          />
        ))}
      </Section>
    </>
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

function Stores({ detail }: { detail: ProductDetail }): ReactNode {
  if (detail.places.length === 0) return <Section title={l('drawer.stores')}>{<span className="t3">{l('stores.none')}</span>}</Section>;
  return (
    <Section title={l('drawer.stores')}>
      <table className="plain">
        <thead>
          <tr>
            <th>{l('stores.store')}</th>
            <th className="num">{l('col.price')}</th>
            <th>{l('stores.state')}</th>
          </tr>
        </thead>
        <tbody>
          {detail.places.map((place) => (
            <tr key={`${place.store.id}/${place.sku}`}>
              <td>
                <Platform platform={place.store.platform}>
                  {place.store.name}
                  {detail.skus.length > 1 ? <span className="t3 small"> {place.spec_name}</span> : null}
                </Platform>
              </td>
              <td className="num">
                <Price fen={place.price_fen} inherited={!place.own_price} />
              </td>
              <td>
                <PlaceState place={place} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="t3 small lib-note">{l('stores.note')}</p>
    </Section>
  );
}

function PlaceState({ place }: { place: ProductPlace }): ReactNode {
  const words = word(place.words.code, place.words.params);
  return <State state={syncState(place.state)} {...(words === null ? {} : { detail: words })} />;
}

function Pictures({ list }: { list: readonly PictureView[] }): ReactNode {
  if (list.length === 0) return <Empty title={l('pictures.none')} />;
  return (
    <div className="lib-pictures">
      {list.map(({ hash }, at) => (
        <figure key={hash}>
          <img src={host().pictureUrl(hash, 256)} alt={at === 0 ? l('pictures.main') : `${l('drawer.pictures')} ${at + 1}`} loading="lazy" />
          {at === 0 ? <figcaption className="small t3">{l('pictures.main')}</figcaption> : null}
        </figure>
      ))}
    </div>
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
            {wordOf([entry.title.code], l('history.rows', { who: entry.actor === 'auto' ? l('history.auto') : entry.actor, n: entry.changes }), entry.title.params)}
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
