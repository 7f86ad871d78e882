/*
 * The demo shop's exceptions, put right by a person's means. What went into the ERP is read from the simulator's books,
 * and by order, since customers go on ordering meanwhile.
 */
import type { Page } from '@playwright/test';
import { findings } from '../stage/axe';
import { expect, open, picture, test } from '../stage/fixtures';
import { Devhost, type Simulator } from '../stage/programs';

test.describe.configure({ mode: 'serial' });

let shop: Devhost;
let world: Simulator;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  shop = await Devhost.open('exceptions', { demo: true });
  world = await shop.simulator();
  // Nothing may be pushed but what a person asked for.
  await shop.call('settings_set', { values: { auto_push: 'off' } });
  await shop.call('orders_pull', { stores: [] });
});
test.afterAll(async () => {
  await shop?.stop();
});

/** Numbers of the orders that wait with a cause, as the page lists them. */
async function waiting(cause: string): Promise<string[]> {
  return (await shop.call('exceptions_orders', { cause, stores: [] })).rows.map((row) => row.number);
}

/** How many of these orders the ERP holds: once each, never twice. */
async function inErp(numbers: readonly string[]): Promise<number> {
  const documents = (await world.ledger()).orders.filter((order) => numbers.includes(order.number)).map((order) => order.erp_documents);
  expect(Math.max(0, ...documents)).toBeLessThanOrEqual(1);
  return documents.filter((count) => count === 1).length;
}

/** Name of a product that the ERP knows and that nothing of this store is bound to. */
async function free(store: number): Promise<string> {
  const { rows } = await shop.call('listings_list', { stores: [store], search: '', view: 'bound', offset: 0, limit: 1000 });
  const taken = new Set(rows.map((row) => row.sku));
  const { products } = await shop.call('library_list', { search: '', category: null, view: 'all', state: '', stores: [], sort: '', descending: false, offset: 0, limit: 500 });
  const found = products.find(({ skus: [sku, ...more] }) => sku !== undefined && more.length === 0 && sku.item_code !== '' && sku.code_fault === '' && !taken.has(sku.id));
  if (!found) throw new Error('every product is bound in this store');
  return found.name;
}

async function openCause(page: Page, cause: string): Promise<void> {
  await open(page, shop.url, `exceptions?cause="${cause}"`);
  await expect(page.locator('.exc-orderhead')).toBeVisible();
  await expect(page.locator('.exc-strip-cause')).toContainText(cause);
}

test('one order is pushed again by R, and only that one', async ({ page }) => {
  const before = await waiting('F24');
  expect(before.length).toBeGreaterThan(1);
  expect(await inErp(before)).toBe(0);
  // The owner opens the ERP's switch outside of the app.
  for (const { offline_code } of (await shop.call('stores_list', {})).stores) await world.act({ act: 'erp_set_receive', branch: offline_code, receives: true });
  await openCause(page, 'F24');
  await page.keyboard.press('r');
  await expect.poll(() => inErp(before)).toBe(1);
  await expect.poll(async () => (await waiting('F24')).filter((number) => before.includes(number)).length).toBe(before.length - 1);
});

test('the rest of the cause goes by Shift R', async ({ page }) => {
  const before = await waiting('F24');
  await openCause(page, 'F24');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Shift+R');
  await expect.poll(() => inErp(before)).toBe(before.length);
  await expect.poll(async () => (await waiting('F24')).filter((number) => before.includes(number)).length).toBe(0);
});

test('a remedy that changes the library runs for its cause and can be taken back', async ({ page }) => {
  const { groups } = await shop.call('exceptions_list', { stores: [] });
  const group = groups.find(({ remedies: [first] }) => first?.opens === '' && ['adopt_order_text', 'relink_erp', 'set_field'].includes(first.kind));
  if (!group) throw new Error('the story has a cause that the library can put right');
  const before = await waiting(group.cause);
  await openCause(page, group.cause);
  await picture(page, 'exceptions-remedy-zh-CN-light');
  await page.keyboard.press('Shift+R');
  await expect(page.locator('.toast').getByRole('button', { name: '撤销' })).toBeVisible();
  expect(await inErp(before)).toBe(before.length);
  const { batches } = await shop.call('library_history', { product: null, limit: 20 });
  expect(batches.find((batch) => batch.title.code === 'batch.fix_exceptions')?.changes).toBe(group.items);
});

test('an item is bound on the matching page, and the orders that waited for it go', async ({ page }) => {
  await shop.call('settings_set', { values: { auto_push: 'on' } });
  const before = await waiting('F02b');
  expect(before.length).toBeGreaterThan(0);
  const sent = await inErp(before);
  await openCause(page, 'F02b');
  await page.locator('.exc-strip-go button').click();
  // The remedy names the listing; the page finds its store and stands on it.
  await expect(page).toHaveURL(/#\/matching.*store=\d/);
  const dialog = page.getByRole('dialog');
  await expect(async () => {
    await page.keyboard.press('f');
    await expect(dialog).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 30_000 });
  const partner = await free(Number(/store=(\d+)/.exec(page.url())?.[1]));
  await dialog.getByRole('searchbox').fill(partner);
  await dialog.getByRole('radio', { name: partner }).first().click();
  await picture(page, 'binding-chosen-zh-CN-light');
  await dialog.getByRole('button', { name: /^绑定到它/ }).click();
  await expect.poll(() => inErp(before)).toBeGreaterThan(sent);
});

test('all of them at once: every order is in the ERP once or stays with its cause', async ({ page }) => {
  await open(page, shop.url, 'exceptions');
  await page.getByRole('button', { name: /^全部重推 [1-9]\d* 单/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await picture(page, 'exceptions-all-zh-CN-light');
  await page.keyboard.press('Control+Enter');
  await expect(page.locator('.toast').first()).toBeVisible({ timeout: 60_000 });
  const { rows } = await shop.call('orders_list', { stores: [], search: '', view: 'all', limit: 500 });
  const read = new Set(rows.map((row) => row.number));
  /** Orders due that are neither in the ERP nor with a cause. */
  const lost = async (): Promise<string[]> => {
    const { groups } = await shop.call('exceptions_list', { stores: [] });
    const still = new Set((await Promise.all(groups.map(({ cause }) => waiting(cause)))).flat());
    return (await world.ledger()).orders.filter((order) => order.due && read.has(order.number) && order.erp_documents === 0 && !still.has(order.number)).map((order) => order.number);
  };
  expect(read.size).toBeGreaterThan(20);
  await expect.poll(lost).toEqual([]);
  expect((await world.ledger()).duplicated).toBe(0);
});
