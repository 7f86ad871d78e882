/*
 * The main job in the real window: first start, demo shop, import, match, sync, repush; and a second copy on the same
 * data. The import goes through GTK's own file dialog, by keys. Pictures of the display lie in target/desktop/pictures.
 */
import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseFile, windows } from '../window/dialog';
import { AppWindow } from '../window/driver';
import { program, TARGET } from '../window/places';

test.describe.configure({ mode: 'serial' });
test.skip(process.platform !== 'linux', 'only WebKitGTK brings a driver that starts the app');

const DATA = join(TARGET, 'data');
/** The demo shop's own data folder, held while it is open; the real data beside it are put away meanwhile. */
const DEMO = join(DATA, 'demo');
const SHEET = join(TARGET, 'new-goods.csv');

let app: AppWindow;
/** The simulator behind the demo shop. */
let admin: string;

interface Ledger {
  orders: { number: string; erp_documents: number }[];
  duplicated: number;
  synced: Record<string, { created: number; updated: number }>;
}

async function ledger(): Promise<Ledger> {
  return (await (await fetch(`${admin}/ledger`)).json()) as Ledger;
}

async function act(body: unknown): Promise<void> {
  const answer = await fetch(`${admin}/act`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  expect(answer.ok).toBe(true);
}

/** The other program on some data, from outside of the window. */
function cli(data: string, ...words: string[]): { status: number | null; said: string; document: unknown } {
  const { status, stdout, stderr } = spawnSync(program('guitai-cli'), ['--data-dir', data, '--json', ...words], { encoding: 'utf8' });
  return { status, said: stdout + stderr, document: stdout === '' ? null : JSON.parse(stdout) };
}

/** Numbers of the orders that wait, each with its cause, as the command line lists them. */
function waiting(): Map<string, string> {
  const { exceptions } = cli(DEMO, 'exceptions', 'list').document as { exceptions: { order: string; cause: string }[] };
  return new Map(exceptions.map(({ order, cause }) => [order, cause]));
}

test.beforeAll(async () => {
  for (const old of [DATA, join(TARGET, 'home')]) rmSync(old, { recursive: true, force: true });
  mkdirSync(TARGET, { recursive: true });
  writeFileSync(SHEET, '商品名称,商品编码,规格编码,售价\n窗口测试茶 500ml,900100200300,6901234567892,4.50\n窗口测试水 550ml,0900100200301,6901234567908,2.00\n');
  app = await AppWindow.open(DATA, 'window');
});
test.afterAll(async () => {
  await app?.close();
});

test('the window opens on the first start, which offers the demo shop', async () => {
  await expect.poll(() => app.text('.start-card')).toContain('打开演示门店');
  expect(windows('柜台').length).toBeGreaterThan(0);
  await app.picture('first-start');
});

test('one click opens the demo shop with stores, orders and exceptions', async () => {
  await app.click('打开演示门店');
  await expect.poll(async () => (await app.call('app_status', {}).catch(() => null))?.demo, { timeout: 120_000 }).toBe(true);
  const { stores } = await app.call('stores_list', {});
  expect(stores.length).toBe(5);
  admin = new URL('/admin', stores[0]?.endpoint ?? '').href;
  await app.call('orders_pull', { stores: [] });
  await expect.poll(async () => (await app.call('app_status', {})).exceptions, { timeout: 60_000 }).toBeGreaterThanOrEqual(20);
  await app.goto('workbench');
  await expect.poll(() => app.count('.wb-authrow')).toBe(5);
  await app.picture('workbench');
});

test('a sheet is chosen in the system’s dialog, previewed and imported', async () => {
  const before = (await app.call('app_status', {})).skus;
  await app.goto('library?import=true');
  await app.click('选文件', '[role=dialog]');
  await chooseFile('导入商品', SHEET);
  await app.click('下一步', '[role=dialog]');
  await app.click('导入 2 行', '[role=dialog]');
  await expect.poll(async () => (await app.call('app_status', {})).skus).toBe(before + 2);
  await expect.poll(() => app.count('.grid-row')).toBeGreaterThan(20);
  await app.picture('library');
});

test('matching binds the sure ones of a store at once', async () => {
  const bound = async (id: number): Promise<number> => (await app.call('stores_list', {})).stores.find((store) => store.id === id)?.bound ?? -1;
  const { stores } = await app.call('stores_list', {});
  const [store = -1] = stores.map(({ id }) => id);
  const { sure } = await app.call('matching_get', { store });
  expect(sure).toBeGreaterThan(0);
  const before = await bound(store);
  await app.goto(`matching?store=${store}`);
  await expect.poll(() => app.count('.list-row')).toBeGreaterThan(0);
  await app.picture('matching');
  await app.click(`绑定有把握的 ${sure} 个`);
  await expect.poll(() => bound(store)).toBe(before + sure);
});

test('preflight and sync run to the end of their plan, and the platform has it', async () => {
  const written = async (): Promise<number> => Object.values((await ledger()).synced).reduce((sum, one) => sum + one.created + one.updated, 0);
  const before = await written();
  // The smallest store keeps it short.
  const { stores } = await app.call('stores_list', {});
  const small = stores.toSorted((a, b) => a.listings - b.listings)[0];
  await app.goto(`sync?store=${small?.id}`);
  await expect.poll(() => app.count('.sy-group')).toBeGreaterThan(0);
  const known = (await app.call('jobs_list', {})).jobs.map(({ id }) => id);
  await app.click('执行', '.pagehead');
  await expect.poll(() => app.count('[role=dialog] .dialog-foot')).toBe(1);
  await app.picture('sync-confirm');
  await app.click('同步', '[role=dialog] .dialog-foot');
  await expect.poll(() => app.text('.dock'), { timeout: 120_000 }).toMatch(/同步完成[^]*已确认 [1-9]/);
  const job = (await app.call('jobs_list', {})).jobs.find(({ id, kind }) => kind === 'sync' && !known.includes(id));
  expect(job?.state).toBe('done');
  const report = await app.call('sync_report', { id: job?.id ?? -1 });
  expect(report.queued + report.cancelled + report.unknown).toBe(0);
  expect(report.confirmed).toBeGreaterThan(0);
  expect(await written()).toBeGreaterThan(before);
  await app.picture('sync-done');
});

test('a cause of exceptions is put right outside and its orders are repushed by one click', async () => {
  // Nothing may heal by itself before the click.
  await app.call('settings_set', { values: { auto_push: 'off' } });
  const before = [...waiting()].filter(([, cause]) => cause === 'F24').map(([number]) => number);
  expect(before.length).toBeGreaterThan(1);
  const inErp = async (): Promise<string[]> => (await ledger()).orders.filter((order) => order.erp_documents > 0 && before.includes(order.number)).map((order) => order.number);
  expect(await inErp()).toEqual([]);
  for (const { offline_code } of (await app.call('stores_list', {})).stores) await act({ act: 'erp_set_receive', branch: offline_code, receives: true });
  await app.goto('exceptions?cause="F24"');
  await expect.poll(() => app.count('.exc-orderhead')).toBe(1);
  await app.picture('exceptions');
  await app.click('我已开启，验证并重推', '.exc-strip-go');
  await expect.poll(() => before.filter((number) => waiting().get(number) === 'F24').length).toBe(0);
  // An order may have a second cause behind the first: then it waits with that one.
  const there = await inErp();
  expect(there.length).toBeGreaterThan(before.length / 2);
  const still = waiting();
  expect(before.filter((number) => there.includes(number) === still.has(number))).toEqual([]);
  expect((await ledger()).duplicated).toBe(0);
  await app.picture('exceptions-done');
});

test('a second copy on the same data may not write, and says who holds them', async () => {
  const second = await AppWindow.open(DEMO, 'second');
  try {
    expect((await second.call('app_status', {})).can_write).toBe(false);
    await expect(second.call('settings_set', { values: { auto_push: 'on' } })).rejects.toThrow('read_only');
    await second.picture('second-copy');
  } finally {
    await second.close();
  }
  const refused = cli(DEMO, 'library', 'import', SHEET);
  expect(refused.status).toBe(2);
  expect(refused.said).toContain('柜台 (pid');
  expect((await app.call('app_status', {})).can_write).toBe(true);
});
