/* A shop without stores, without a network: what stands where nothing is yet, editing offline, and the keyboard alone. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findings } from '../stage/axe';
import { expect, open, picture, test } from '../stage/fixtures';
import { TARGET } from '../stage/places';
import { Devhost } from '../stage/programs';

test.describe.configure({ mode: 'serial' });

let shop: Devhost;

test.beforeAll(async () => {
  shop = await Devhost.open('states');
  const sheet = join(TARGET, 'data', 'few.csv');
  writeFileSync(sheet, '商品名称,商品编码,规格编码,售价\n山溪饮用天然水,100,6901234567892,2.00\n晨露纯净水,0200,6901234567908,3.50\n海湾苏打水,300,,4.00\n');
  const { path, columns } = await shop.call('sheet_open', { path: sheet });
  await shop.call('import_run', { path, columns: Object.fromEntries(columns.filter((column) => column.field !== '').map((column) => [column.field, column.index])) });
});
test.afterAll(async () => {
  await shop?.stop();
});

async function first(search: string): Promise<{ name: string; price: number | null; code: string } | null> {
  const { products } = await shop.call('library_list', { search, category: null, view: 'all', state: '', stores: [], sort: '', descending: false, offset: 0, limit: 5 });
  const [product] = products;
  const sku = product?.skus[0];
  return product && sku ? { name: product.name, price: sku.price_fen, code: sku.item_code } : null;
}

for (const language of ['zh-CN', 'en'] as const) {
  test(`pages that have nothing to show say what is missing and one way on (${language})`, async ({ page }) => {
    await open(page, shop.url, 'listings', { language });
    for (const name of ['listings', 'matching', 'sync', 'orders', 'exceptions', 'stock', 'printing', 'tasks', 'stores']) {
      await page.goto(`${shop.url}/#/${name}`);
      await expect(page.locator('.empty').first(), name).toBeVisible();
      await expect(page.locator('.skeleton')).toHaveCount(0);
      await picture(page, `empty-${name}-${language}-light`);
      expect.soft(await findings(page), `axe on empty ${name}`).toEqual([]);
    }
  });
}

test('without a network the banner stands where the network is needed, and editing goes on', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false }));
  await open(page, shop.url, 'orders');
  await expect(page.locator('.page-banner')).toBeVisible();
  await expect(page.locator('.status')).toContainText('离线');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'offline-zh-CN-light');
  await page.goto(`${shop.url}/#/library`);
  await expect(page.locator('.page-banner')).toHaveCount(0);
  await page.getByRole('gridcell', { name: '3.50' }).click();
  await page.keyboard.type('3.80');
  await page.keyboard.press('Enter');
  await expect(page.getByText('未保存 1 处')).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(page.getByText('改了 1 处')).toBeVisible();
  expect((await first('晨露'))?.price).toBe(380);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await first('晨露'))?.price).toBe(350);
  await page.keyboard.press('Control+y');
  await expect.poll(async () => (await first('晨露'))?.price).toBe(380);
  expect((await first('晨露'))?.code).toBe('0200');
});

test('by keyboard alone: pages, palette, search, the grid, a new product, the list of keys', async ({ page }) => {
  await open(page, shop.url, 'orders');
  await page.keyboard.press('Alt+2');
  await expect(page).toHaveURL(/#\/library/);
  await expect(page.locator('.grid-row')).toHaveCount(3);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox');
  await expect(palette).toBeFocused();
  expect(await findings(page, '.palette')).toEqual([]);
  await palette.fill('设置');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/settings/);
  await page.keyboard.press('Alt+2');
  await page.keyboard.press('/');
  await page.keyboard.type('hwsd');
  await expect(page.locator('.grid-row')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('.grid-row')).toHaveCount(3);

  const grid = page.getByRole('treegrid');
  await grid.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(grid).toHaveAttribute('aria-activedescendant', 'library-1-1');
  await page.keyboard.press('Control+Home');

  await page.locator('.pagehead h1').click();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  expect(await findings(page, '[role=dialog]')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press('Shift+Slash');
  await expect(page.getByRole('dialog')).toBeVisible();
  await picture(page, 'keys-zh-CN-light');
});

test('a devhost that is gone leaves an error with a way on, and the page comes back with it', async ({ page, complaints }) => {
  complaints.expectRefusals();
  await open(page, shop.url, 'stores');
  await page.route('**/rpc/orders_list', (route) => route.abort());
  await page.route('**/rpc/exceptions_list', (route) => route.abort());
  await page.goto(`${shop.url}/#/exceptions`);
  await expect(page.locator('.errorpanel')).toBeVisible({ timeout: 40_000 });
  await picture(page, 'error-zh-CN-light');
  await page.unroute('**/rpc/exceptions_list');
  await page.locator('.errorpanel').getByRole('button').first().click();
  await expect(page.locator('.errorpanel')).toHaveCount(0);
});
