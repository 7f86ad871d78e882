/*
 * The main job by a person's means, on a shop of one's own: import the library, connect ERP and stores, read, match,
 * check, sync. Every outcome is read from the api or from the simulator's books.
 */
import type { Locator, Page } from '@playwright/test';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { findings } from '../stage/axe';
import { expect, open, picture, test } from '../stage/fixtures';
import { REPO, TARGET } from '../stage/places';
import { Devhost, World } from '../stage/programs';

test.describe.configure({ mode: 'serial' });

const LIBRARY = join(REPO, 'assets/demo/library.csv');
/** Connected here: one store of each platform. */
const CONNECTED = [
  { platform: 'meituan_shangou', remote: 'HJ1003', branch: '1003' },
  { platform: 'ebai', remote: '2233451001', branch: '1001' },
] as const;

let world: World;
let shop: Devhost;

test.beforeAll(async () => {
  [world, shop] = await Promise.all([World.open('world'), Devhost.open('job')]);
});
test.afterAll(async () => {
  await Promise.all([world?.stop(), shop?.stop()]);
});

/** Chooses a file where the page asks for one. */
async function choose(page: Page, press: Locator, file: string): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press.click()]);
  await chooser.setFiles(file);
}

function button(page: Page | Locator, name: string | RegExp): Locator {
  return page.getByRole('button', { name }).first();
}

async function counts(): Promise<{ products: number; skus: number }> {
  const { products, skus } = await shop.call('app_status', {});
  return { products, skus };
}

test('the first start offers the demo shop, connecting and importing', async ({ page }) => {
  await open(page, shop.url, '');
  await expect(button(page, '打开演示门店')).toBeFocused();
  await picture(page, 'first-start-zh-CN-light');
  expect(await findings(page)).toEqual([]);
});

test('a damaged file and a file of rows without names are told apart, and nothing is written', async ({ page, complaints }) => {
  complaints.expectRefusals();
  const broken = join(TARGET, 'data', '坏的.xlsx');
  writeFileSync(broken, 'PK\u0003\u0004 no workbook');
  const nameless = join(TARGET, 'data', '没名字.csv');
  writeFileSync(nameless, '商品名称,商品编码\n,100\n有名字,200\n');
  await open(page, shop.url, 'library?import=true');
  const dialog = page.getByRole('dialog');
  await choose(page, button(dialog, '选文件'), broken);
  await expect(dialog.locator('.errorpanel')).toBeVisible();
  await picture(page, 'import-damaged-zh-CN-light');
  await choose(page, button(dialog, '选文件'), nameless);
  await button(dialog, '下一步').click();
  await expect(dialog.getByText('第 2 行')).toBeVisible();
  await expect(button(dialog, '导入 1 行')).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  expect(await counts()).toEqual({ products: 0, skus: 0 });
});

test('a sheet is imported after its preview; once more changes nothing; the import is undone and redone', async ({ page }) => {
  await open(page, shop.url, '');
  await expect(button(page, '打开演示门店')).toBeFocused();
  await page.keyboard.press('3');
  const dialog = page.getByRole('dialog');
  await choose(page, button(dialog, '选文件'), LIBRARY);
  await button(dialog, '下一步').click();
  await expect(button(dialog, '导入 681 行')).toBeVisible();
  await picture(page, 'import-preview-zh-CN-light');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('导入完成，新增 681 行')).toBeVisible();
  expect((await counts()).skus).toBe(681);

  await page.goto(`${shop.url}/#/library?import=true`);
  await choose(page, button(dialog, '选文件'), LIBRARY);
  await button(dialog, '下一步').click();
  await expect(button(dialog, '导入 0 行')).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);

  await page.locator('.grid').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await counts()).skus).toBe(0);
  await page.keyboard.press('Control+y');
  await expect.poll(async () => (await counts()).skus).toBe(681);
});

test('ERP and stores are connected; keys without a keychain are said to last for this run', async ({ page }) => {
  await open(page, shop.url, 'stores');
  await button(page, '添加 ERP').click();
  const dialog = page.getByRole('dialog');
  const { services } = world;
  const known = await shop.call('services_list', {});
  const fill = async (service: string): Promise<void> => {
    const fields = [...known.platforms, ...known.erps].find((one) => one.id === service)?.fields ?? [];
    for (const field of fields) {
      const value = services[service]?.credentials[field.key];
      if (value !== undefined) await dialog.getByLabel(field.label, { exact: true }).fill(value);
    }
    await dialog.getByLabel('接口地址').fill(services[service]?.url ?? '');
  };
  await fill('ama');
  await button(dialog, '添加 ERP').click();
  await expect(page.getByText('ERP 账号已添加')).toBeVisible();

  for (const { platform, remote, branch } of CONNECTED) {
    await button(page, '添加门店').click();
    await dialog.locator('label', { hasText: platform === 'ebai' ? /^饿了么$/ : /^美团$/ }).click();
    await dialog.locator('label', { hasText: platform === 'ebai' ? '这是 饿百零售' : '这是 美团闪购' }).click();
    await button(dialog, '下一步').click();
    await fill(platform);
    await button(dialog, '授权并选门店').click();
    await dialog.locator('label', { hasText: remote }).getByRole('radio').check();
    await button(dialog, '下一步').click();
    await dialog.getByLabel('线下门店编号', { exact: true }).fill(branch);
    await button(dialog, '添加这家门店').click();
    await expect(dialog).toHaveCount(0);
  }
  const { stores } = await shop.call('stores_list', {});
  expect(stores.map((store) => [store.platform, store.remote_id, store.offline_code])).toEqual(CONNECTED.map((one) => [one.platform, one.remote, one.branch]));
  await expect(page.getByText(/没有(可用的)?钥匙串/).first()).toBeVisible();

  await page.keyboard.press('Control+t');
  await expect(page.getByLabel('测试通过')).toHaveCount(2, { timeout: 60_000 });
  await picture(page, 'stores-tested-zh-CN-light');
});

test('a platform that answers a page of HTML is named at the step that fails', async ({ page }) => {
  await open(page, shop.url, 'stores?store=1');
  await world.tell('faults', { rules: [{ service: 'meituan_shangou', fault: { kind: 'html_page' }, when: 'next', count: 40 }] });
  await page.locator('.st-store').first().click();
  await page.keyboard.press('t');
  await expect(page.locator('.st-layers .is-bad')).toBeVisible();
  await picture(page, 'stores-broken-zh-CN-light');
  expect(await findings(page)).toEqual([]);
  await world.tell('faults', { clear: true });
  await page.keyboard.press('t');
  await expect(page.locator('.st-layers .is-bad')).toHaveCount(0);
});

test('the stores are read as the platforms hold them', async ({ page }) => {
  await open(page, shop.url, 'listings');
  await button(page, '读取 2 家店').click();
  await expect(page.getByRole('dialog')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');
  const held = await world.books<{ shop: { remote_id: string; listings: Record<string, { specs: unknown[] }> } }[]>('listings');
  const { stores } = await shop.call('stores_list', {});
  for (const store of stores) {
    const there = held.find((one) => one.shop.remote_id === store.remote_id);
    const specs = Object.values(there?.shop.listings ?? {}).reduce((sum, listing) => sum + Math.max(1, listing.specs.length), 0);
    expect(specs, store.name).toBeGreaterThan(300);
    expect(store.listings, store.name).toBe(specs);
  }
});

test('matching: one by Y, taken back by U, one refused by N, the sure ones at once', async ({ page }) => {
  const bound = async (): Promise<number> => (await shop.call('stores_list', {})).stores.find((store) => store.id === 1)?.bound ?? -1;
  await open(page, shop.url, 'matching?store=1');
  await expect(page.locator('.list-row').first()).toBeVisible();
  await page.keyboard.press('y');
  await expect.poll(bound).toBe(1);
  await expect(page.locator('.list-row').getByText('已绑定').first()).toBeVisible();
  await page.keyboard.press('u');
  await expect.poll(bound).toBe(0);
  const view = await shop.call('matching_get', { store: 1 });
  const sure = view.rows.filter((row) => row.kind === 'sure').length;
  expect(sure).toBeGreaterThan(200);
  await button(page, `绑定有把握的 ${sure} 个`).click();
  await expect.poll(bound, { timeout: 60_000 }).toBe(sure);
  await picture(page, 'matching-done-zh-CN-light');
  await page.goto(`${shop.url}/#/matching?store=2`);
  await expect(page.getByRole('button', { name: /绑定有把握的 [1-9]/ })).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.press('Shift+Y');
  await expect.poll(async () => (await shop.call('stores_list', {})).stores.find((store) => store.id === 2)?.bound, { timeout: 60_000 }).toBeGreaterThan(200);
});

test('preflight puts a group right and takes it back; a sync can be stopped midway; the next one ends what is left', async ({ page }) => {
  test.setTimeout(240_000);
  // One store keeps it short.
  await open(page, shop.url, 'sync?store=1');
  await expect(page.locator('.sy-group').first()).toBeVisible({ timeout: 60_000 });
  const before = await shop.call('preflight_run', { stores: [1] });
  const fixable = before.groups.find((group) => group.remedy?.kind === 'set_field' && group.remedy.opens === '');
  if (!fixable) throw new Error('the demo library has codes that can be corrected');
  await button(page.locator('.sy-group', { has: page.getByText(fixable.id, { exact: true }) }), '改正').click();
  const left = async (): Promise<number> => (await shop.call('preflight_run', { stores: [1] })).groups.find((group) => group.id === fixable.id)?.count ?? 0;
  await expect.poll(left).toBeLessThan(fixable.count);

  const synced = async (): Promise<number> => Object.values((await world.ledger()).synced).reduce((sum, one) => sum + one.created + one.updated, 0);
  const none = await synced();
  await world.tell('faults', { rules: [{ fault: { kind: 'latency', ms: 1500 }, when: 'next', count: 100_000 }] });
  const go = page.getByRole('button', { name: /^执行 [1-9][\d,]* 项/ });
  await expect(go).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await picture(page, 'sync-confirm-zh-CN-light');
  await page.keyboard.press('Control+Enter');
  const dock = page.locator('.dock');
  await expect(dock.getByText('同步到平台').first()).toBeVisible();
  await picture(page, 'sync-running-zh-CN-light');
  await button(dock, '取消').click();
  await expect(dock.getByText('已取消，没发的都没有发')).toBeVisible({ timeout: 60_000 });
  await world.tell('faults', { clear: true });
  const stopped = await synced();

  await expect(go).not.toHaveAttribute('aria-disabled', 'true', { timeout: 60_000 });
  await page.keyboard.press('Control+Enter');
  await page.getByRole('dialog').getByRole('button', { name: /同步 .* 项/ }).click();
  await expect(dock.getByText('同步完成')).toBeVisible({ timeout: 100_000 });
  await picture(page, 'sync-done-zh-CN-light');
  const done = await synced();
  expect(stopped).toBeGreaterThanOrEqual(none);
  expect(done).toBeGreaterThan(stopped);
});
