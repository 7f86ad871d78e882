import { useState, type ReactNode } from 'react';
import { useCall } from '../../api/queries';
import { host } from '../../host';
import { errorWords, wordOf } from '../../shared/errors';
import { t } from '../../shared/messages';
import { Button, Drawer, Empty, ErrorPanel, Finding, Platform, Section, Skeleton, State, Tabs, Tag, TimeText } from '../../shared/ui';
import type { ProductDetail } from '../../api/contract';
import { Price } from './columns';
import { l } from './messages';

export interface ProductDrawerProps {
  id: number;
  onClose: () => void;
  onStep: (by: 1 | -1) => void;
  onRestore: (batch: number) => void;
}

/** One product: the chain of bindings first, then stores, checks, pictures and history. */
export function ProductDrawer({ id, onClose, onStep, onRestore }: ProductDrawerProps): ReactNode {
  const [part, setPart] = useState('overview');
  const query = useCall('product_get', { id }, ['products', 'listings', 'bindings', 'findings']);
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
              { id: 'stores', label: l('drawer.stores'), count: String(detail.stores.length) },
              { id: 'pictures', label: l('drawer.pictures'), count: String(detail.pictures.length) },
              { id: 'history', label: l('drawer.history'), count: String(detail.history.length) },
            ]}
          />
          <div className="lib-part">
            {part === 'overview' ? <Overview detail={detail} /> : null}
            {part === 'stores' ? <Stores detail={detail} /> : null}
            {part === 'pictures' ? <Pictures hashes={detail.pictures} /> : null}
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
  const { product } = detail;
  const main = detail.pictures[0];
  return (
    <div className="lib-head">
      {main ? <img src={host().pictureUrl(main, 128)} alt="" width={64} height={64} /> : <span className="lib-nopicture" />}
      <div className="lib-headtext">
        <div className="lib-name">{product.name}</div>
        <div className="t3 small">{[detail.category_path.join(' / '), l('specs', { n: product.skus.length })].filter((text) => text !== '').join('　')}</div>
        <div className="lib-tags">
          {product.errors > 0 ? <Tag tone="red">{l('drawer.errors', { n: product.errors })}</Tag> : null}
          {product.warnings > 0 ? <Tag tone="amber">{l('drawer.warnings', { n: product.warnings })}</Tag> : null}
          {product.errors + product.warnings === 0 ? <Tag>{l('drawer.ok')}</Tag> : null}
        </div>
      </div>
    </div>
  );
}

function Overview({ detail }: { detail: ProductDetail }): ReactNode {
  return (
    <>
      <Section title={l('chain')}>
        <div className="lib-chain">
          <Link3 title={l('chain.platform')} part={detail.chain.platform} />
          <i className={broken(detail.chain.platform) ? 'is-broken' : ''} />
          <div className="lib-link">
            <b>{l('chain.library')}</b>
            <span className="small">{l('specs', { n: detail.product.skus.length })}</span>
          </div>
          <i className={broken(detail.chain.erp) ? 'is-broken' : ''} />
          <Link3 title="ERP" part={detail.chain.erp} />
        </div>
      </Section>
      <Stores detail={detail} />
      <Section title={l('findings.title')}>
        {detail.findings.length === 0 ? <span className="t3">{l('findings.none')}</span> : null}
        {detail.findings.map((finding, at) => (
          <Finding
            key={at}
            severity={finding.severity === 'hint' ? 'info' : finding.severity}
            title={wordOf([`findings.${finding.id}.title`, `findings.${finding.id}.what`, `findings.${finding.id}`], finding.id, finding.params)}
            ids={[finding.id]}
            why={wordOf([`findings.${finding.id}.why`], '', finding.params)}
            raw={finding.raw}
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
  if (detail.stores.length === 0) return <Section title={l('drawer.stores')}>{<span className="t3">{l('stores.none')}</span>}</Section>;
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
          {detail.stores.map((store) => (
            <tr key={store.store}>
              <td>
                <Platform platform={store.platform}>{store.name}</Platform>
              </td>
              <td className="num">
                <Price fen={store.price_fen} inherited={store.inherited} />
              </td>
              <td>
                <State state={store.state} {...(store.note === null ? {} : { detail: store.note })} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="t3 small lib-note">{l('stores.note')}</p>
    </Section>
  );
}

function Pictures({ hashes }: { hashes: readonly string[] }): ReactNode {
  if (hashes.length === 0) return <Empty title={l('pictures.none')} />;
  return (
    <div className="lib-pictures">
      {hashes.map((hash, at) => (
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
        <div key={entry.batch} className="lib-history">
          <span className="t2 small">
            <TimeText at={entry.at} />
          </span>
          <span className="grow cut small">
            {l('history.rows', { who: entry.who, n: entry.rows })} {entry.old === null ? null : <s className="t3">{entry.old}</s>} {entry.new}
          </span>
          <Button kind="link" onClick={() => onRestore(entry.batch)}>
            {l('act.restore')}
          </Button>
        </div>
      ))}
    </div>
  );
}
