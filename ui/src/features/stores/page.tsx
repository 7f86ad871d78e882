import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { call } from '../../api/client';
import type { AccountView, ConnectionView, Descriptors, StoreView } from '../../api/generated';
import { markChanged, useCall } from '../../api/queries';
import { authorization, byUrgency } from '../../shared/authorization';
import { failed, OfflineBanner } from '../../shared/causes';
import { errorWords, sentence, word } from '../../shared/errors';
import { grouped } from '../../shared/format';
import { useKeys, useNow } from '../../shared/hooks';
import { named, t } from '../../shared/messages';
import { usePaletteActions } from '../../shared/palette';
import { inScope, useScope } from '../../shared/scope';
import { Banner, Button, byPlatformOrder, Empty, ErrorPanel, PageHead, Skeleton, SplitView, toast } from '../../shared/ui';
import { IconActivity, IconLock, IconPlus } from '../../shared/ui/icons';
import { AddWizard } from './AddWizard';
import { AuthorizeDialog, EditDialog, ErpDialog, RemoveDialog } from './AccountDialogs';
import { ChangePlatformDialog } from './ChangePlatformDialog';
import { s } from './messages';
import { MoveErp } from './MoveErp';
import { StoreDetail } from './StoreDetail';
import { StoreList } from './StoreList';
import './stores.css';

interface Search {
  store?: number;
  add?: boolean;
  /** The dialog 重新授权 of the chosen store is up. */
  authorize?: boolean;
  /** The dialog 编辑门店 of the chosen store is up. */
  edit?: boolean;
  /** The dialog 换绑 of the chosen store is up. */
  change?: boolean;
}

const NO_SERVICES: Descriptors = { platforms: [], erps: [] };

export default function StoresPage(): ReactNode {
  const search: Search = useSearch({ strict: false });
  const navigate = useNavigate();
  const put = (next: Search): void => void navigate({ search: next as never, replace: true });
  const client = useQueryClient();
  const now = useNow();
  const { scope } = useScope();
  const list = useCall('stores_list', {}, ['stores', 'listings', 'bindings', 'exceptions']);
  const services = useCall('services_list', {}, []).data ?? NO_SERVICES;
  const [tests, setTests] = useState<ReadonlyMap<number, ConnectionView>>(new Map());
  const [testing, setTesting] = useState<ReadonlySet<number>>(new Set());
  const [comparing, setComparing] = useState<number | null>(null);
  const [reading, setReading] = useState<number | null>(null);
  const [dialog, setDialog] = useState<'erp' | 'remove' | null>(null);
  const [testingErp, setTestingErp] = useState<number | null>(null);
  const [erpAccount, setErpAccount] = useState<AccountView | null>(null);
  const [readingErp, setReadingErp] = useState<number | null>(null);
  const [moving, setMoving] = useState<AccountView | null>(null);

  const accounts = list.data?.accounts ?? [];
  const erps = accounts.filter((account) => account.kind === 'erp');
  const stores = (list.data?.stores ?? [])
    .filter((store) => inScope(scope, { id: String(store.id), platform: store.platform }))
    .toSorted((left, right) => byUrgency(left.account, right.account, now) || byPlatformOrder(left.platform, right.platform) || left.id - right.id);
  const open = stores.find((store) => store.id === search.store) ?? stores[0] ?? null;
  const names = [...services.platforms, ...services.erps];
  const serviceOf = (id: string) => names.find((one) => one.id === id) ?? null;
  const serviceName = (id: string): string => serviceOf(id)?.name ?? id;
  const sister = open ? serviceOf(serviceOf(open.platform)?.sister ?? '') : null;

  /** Null when the test itself could not run. */
  const testOne = async (store: number): Promise<boolean | null> => {
    setTesting((before) => new Set([...before, store]));
    try {
      const answer = await call('store_test', { id: store });
      setTests((before) => new Map([...before, [store, answer]]));
      return answer.ok;
    } catch (cause) {
      failed(cause);
      return null;
    } finally {
      setTesting((before) => new Set([...before].filter((one) => one !== store)));
      markChanged(client, ['stores']);
    }
  };
  const testErp = async (account: AccountView): Promise<void> => {
    setTestingErp(account.id);
    try {
      const answer = await call('account_test', { id: account.id });
      const broken = answer.steps.find((step) => step.state === 'failed');
      if (broken) toast.failed(sentence(broken.words), broken.raw === '' ? {} : { note: broken.raw });
      else toast.done(s('erp.tested', { name: account.name }));
    } catch (cause) {
      failed(cause);
    } finally {
      setTestingErp(null);
      markChanged(client, ['stores']);
    }
  };
  const readErp = async (account: AccountView): Promise<void> => {
    if (readingErp !== null) return;
    setReadingErp(account.id);
    try {
      const answer = await call('erp_read', { id: account.id });
      toast.done(s('erp.read.done', { n: grouped(answer.items) }));
      const [gone] = answer.vanished;
      if (gone !== undefined) toast.failed(s('erp.read.gone', { n: answer.vanished.length, codes: named(answer.vanished) }));
    } catch (cause) {
      failed(cause);
    } finally {
      setReadingErp(null);
      markChanged(client, ['stores', 'products', 'findings']);
    }
  };
  const testAll = async (): Promise<void> => {
    if (testing.size > 0) return;
    const verdicts = await Promise.all(stores.map((store) => testOne(store.id)));
    const bad = verdicts.filter((ok) => ok !== true).length;
    if (bad > 0) toast.failed(s('test.bad', { n: bad }));
    else toast.done(s('test.ok', { n: verdicts.length }));
  };
  const read = async (store: StoreView): Promise<void> => {
    if (reading !== null) return;
    setReading(store.id);
    try {
      const [report] = (await call('listings_pull', { stores: [store.id] })).stores;
      if (report?.error) toast.failed(sentence(report.error));
      else if (report) toast.done(s('read.done', { n: grouped(report.listings), new: grouped(report.new), healed: grouped(report.healed) }));
    } catch (cause) {
      failed(cause);
    } finally {
      setReading(null);
      markChanged(client, ['listings', 'bindings', 'stores', 'exceptions']);
    }
  };
  const compare = async (store: StoreView): Promise<void> => {
    if (comparing !== null) return;
    setComparing(store.id);
    try {
      const told = await call('store_compare', { id: store.id });
      toast.done(s(told.missing > 0 ? 'compare.missing' : 'compare.none', { n: grouped(told.listed), missing: grouped(told.missing) }));
    } catch (cause) {
      failed(cause);
    } finally {
      setComparing(null);
      markChanged(client, ['stores', 'orders', 'exceptions']);
    }
  };
  useKeys({
    KeyT: () => {
      if (open && !testing.has(open.id)) void testOne(open.id);
    },
    'Mod+KeyT': () => void testAll(),
  });
  usePaletteActions([{ id: 'stores.add', label: s('act.add'), words: 'add tianjia tj md', run: () => put({ add: true }) }]);

  const kinds = stores.map((store) => authorization(store.account, now).kind);
  const dead = kinds.filter((kind) => kind === 'dead' || kind === 'none').length;
  const soon = kinds.filter((kind) => kind === 'soon').length;
  return (
    <div className="page">
      <PageHead
        title={s('title')}
        note={
          stores.length > 0 ? (
            <>
              <span>{s('head.count', { n: stores.length, p: new Set(stores.map((store) => store.platform)).size })}</span>
              {dead > 0 ? <b className="red">{s('head.dead', { n: dead })}</b> : null}
              {soon > 0 ? <b className="amber">{s('head.soon', { n: soon })}</b> : null}
            </>
          ) : null
        }
        actions={
          <>
            {stores.length > 0 ? (
              <Button icon={IconActivity} hint="Ctrl T" busy={testing.size > 1 ? s('act.testing') : null} onClick={() => void testAll()}>
                {s('act.testAll')}
              </Button>
            ) : null}
            <Button kind="primary" icon={IconPlus} onClick={() => put({ add: true })}>
              {s('act.add')}
            </Button>
          </>
        }
      />
      <VaultBanner />
      <OfflineBanner />
      {list.data ? (
        stores.length === 0 && erps.length === 0 ? (
          <Empty title={s('empty.title')} note={s('empty.note')} actions={<Button onClick={() => setDialog('erp')}>{s('erp.add')}</Button>} />
        ) : (
          <SplitView
            name="stores"
            initial={608}
            min={520}
            left={<StoreList stores={stores} erps={erps} serviceName={serviceName} open={open?.id ?? null} tests={tests} onOpen={(store) => put({ store })} onAuthorize={(account) => (account.kind === 'erp' ? setErpAccount(account) : put({ store: stores.find((store) => store.account.id === account.id)?.id ?? 0, authorize: true }))} onTestErp={(account) => void testErp(account)} testingErp={testingErp} onReadErp={(account) => void readErp(account)} readingErp={readingErp} onMoveErp={setMoving} onAddErp={() => setDialog('erp')} />}
            right={
              open ? (
                <StoreDetail
                  key={open.id}
                  store={open}
                  service={services.platforms.find((one) => one.id === open.platform) ?? null}
                  erpName={open.erp ? [...new Set([serviceName(open.erp.service), open.erp.name])].join(' ') : null}
                  test={tests.get(open.id)}
                  testing={testing.has(open.id)}
                  reading={reading === open.id}
                  comparing={comparing === open.id}
                  onTest={() => void testOne(open.id)}
                  onRead={() => void read(open)}
                  onAuthorize={() => put({ store: open.id, authorize: true })}
                  onEdit={() => put({ store: open.id, edit: true })}
                  onCompare={() => void compare(open)}
                  onChange={() => put({ store: open.id, change: true })}
                  onRemove={() => setDialog('remove')}
                />
              ) : (
                <Empty title={s('detail.none')} />
              )
            }
          />
        )
      ) : list.error ? (
        <div className="page-body">
          <ErrorPanel title={errorWords(list.error).title} note={errorWords(list.error).advice} actions={<Button onClick={() => void list.refetch()}>{t('act.reload')}</Button>} />
        </div>
      ) : (
        <Skeleton rows={10} />
      )}
      {search.add ? (
        <AddWizard
          services={services}
          accounts={accounts}
          stores={list.data?.stores ?? []}
          onClose={() => put({})}
          onAdded={(store) => {
            put({ store });
            void testOne(store);
          }}
        />
      ) : null}
      {search.authorize && open ? (
        <AuthorizeDialog
          account={open.account}
          service={serviceOf(open.account.service)}
          stores={(list.data?.stores ?? []).filter((store) => store.account.id === open.account.id).length}
          onClose={() => put({ store: open.id })}
          onDone={() => {
            put({ store: open.id });
            void testOne(open.id);
          }}
        />
      ) : null}
      {erpAccount ? <AuthorizeDialog account={erpAccount} service={serviceOf(erpAccount.service)} stores={(list.data?.stores ?? []).filter((store) => store.erp?.id === erpAccount.id).length} onClose={() => setErpAccount(null)} onDone={() => setErpAccount(null)} /> : null}
      {moving ? <MoveErp from={moving} erps={erps} serviceName={serviceName} onClose={() => setMoving(null)} /> : null}
      {dialog === 'erp' ? <ErpDialog services={services.erps} onClose={() => setDialog(null)} /> : null}
      {search.edit && open ? <EditDialog store={open} fields={serviceOf(open.platform)?.store_fields ?? []} erps={erps} serviceName={serviceName} onClose={() => put({ store: open.id })} /> : null}
      {search.change && open && sister ? (
        <ChangePlatformDialog
          store={open}
          sister={sister}
          accounts={accounts}
          stores={list.data?.stores ?? []}
          onClose={() => put({ store: open.id })}
          onDone={() => {
            put({ store: open.id });
            void testOne(open.id);
          }}
        />
      ) : null}
      {dialog === 'remove' && open ? (
        <RemoveDialog
          store={open}
          onClose={() => setDialog(null)}
          onDone={() => {
            setDialog(null);
            put({});
          }}
        />
      ) : null}
    </div>
  );
}

/** The keychain's own state in its own words. A locked one never reads as "authorize again". */
function VaultBanner(): ReactNode {
  const status = useCall('app_status', {}, ['settings', 'stores']).data;
  if (!status) return null;
  const { code, params } = status.vault;
  const closed = code !== 'vault.ready';
  if (!closed && status.vault_lasting) return null;
  const why = word(`${code}.why`, params) ?? word(`${code}.advice`, params);
  return (
    <div className="page-banner">
      <Banner icon={<IconLock />} title={closed ? sentence(status.vault) : s('add.kept.no')}>
        {why}
      </Banner>
    </div>
  );
}
