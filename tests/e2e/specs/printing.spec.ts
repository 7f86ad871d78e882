/* The page 打印: a printer of the simulated cloud from its sticker to paper, and what stands there while it does not print. */
import { findings } from '../stage/axe';
import { expect, open, picture, test } from '../stage/fixtures';
import { Devhost, World } from '../stage/programs';

test.describe.configure({ mode: 'serial' });

let world: World;
let shop: Devhost;

test.beforeAll(async () => {
  world = await World.open('printing-world');
  shop = await Devhost.open('printing');
});
test.afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});

function cloud() {
  const feie = world.printers['feie'];
  const [printer] = feie?.printers ?? [];
  if (!feie || !printer) throw new Error('the simulator sells no printers');
  return { ...feie, printer };
}

test('a printer is added from its sticker; a wrong key is told in the cloud’s words', async ({ page }) => {
  const { url, credentials, printer } = cloud();
  await open(page, shop.url, 'printing');
  await expect(page.locator('.empty')).toContainText('还没有打印机');
  await page.locator('.empty').getByRole('button').click();
  const dialog = page.getByRole('dialog');
  const go = dialog.getByRole('button', { name: '添加打印机' });
  await expect(go).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByLabel('USER').fill(credentials['user'] ?? '');
  await dialog.getByLabel('UKEY').fill(credentials['ukey'] ?? '');
  await dialog.getByLabel('打印机编号（SN）').fill(printer.sn);
  await dialog.getByLabel('识别码（KEY）').fill('not-its-key');
  await dialog.getByLabel('名称', { exact: true }).fill('前台');
  await dialog.getByLabel('接口地址').fill(url);
  await picture(page, 'printing-add-zh-CN-light');
  expect(await findings(page, '[role=dialog]')).toEqual([]);
  await go.click();
  await expect(dialog.getByRole('alert')).toContainText('识别码不正确');
  await dialog.getByLabel('识别码（KEY）').fill(` ${printer.key} `);
  await page.keyboard.press('Control+Enter');
  await expect(dialog).toHaveCount(0);
  const row = page.locator('.pr-printer');
  await expect(row).toContainText('前台');
  await expect(row).toContainText('正常');
  const answer = JSON.stringify(await shop.call('printers_list', {}));
  expect(answer).not.toContain(printer.key);
  expect(answer).not.toContain(credentials['ukey']);
});

test('the receipt is shown at both widths while it is changed, and kept when it is saved', async ({ page, complaints }) => {
  // An order number that is not there.
  complaints.expectRefusals();
  await open(page, shop.url, 'printing?view=template');
  const papers = page.locator('.pr-paper');
  await expect(papers).toHaveCount(2);
  await expect(papers.nth(0)).toHaveAttribute('data-columns', '32');
  await expect(papers.nth(1)).toHaveAttribute('data-columns', '48');
  // Every line has exactly the room of the paper at most, whatever fonts are here.
  for (const at of [0, 1]) {
    const { line, paper } = await papers.nth(at).evaluate((one) => ({ line: Math.max(...[...one.querySelectorAll('.pr-line')].map((each) => each.scrollWidth)), paper: one.clientWidth - 32 }));
    expect(line).toBeLessThanOrEqual(paper);
  }
  await page.getByLabel('结尾').fill('谢谢惠顾');
  for (const at of [0, 1]) await expect(papers.nth(at)).toHaveAttribute('aria-label', /谢谢惠顾/);
  await page.getByRole('switch', { name: '打价格' }).click();
  for (const at of [0, 1]) await expect(papers.nth(at)).not.toHaveAttribute('aria-label', /x2 6.00/);
  expect((await shop.call('receipt_template_get', {})).footer).toBe('');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'printing-template-zh-CN-light');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('小票样式已保存')).toBeVisible();
  expect(await shop.call('receipt_template_get', {})).toMatchObject({ footer: '谢谢惠顾', prices: false });
  await page.getByLabel('用哪张订单看').fill('12345');
  await expect(page.getByRole('status').filter({ hasText: '没有这张订单' })).toBeVisible();
});

test('a test page comes out, and the queue says so once the printer did', async ({ page }) => {
  const { printer } = cloud();
  await open(page, shop.url, 'printing');
  await expect(page.locator('.grid-note')).toContainText('还没有小票');
  await page.getByRole('button', { name: '打测试页' }).click();
  const slip = page.locator('.pr-slip');
  await expect(slip).toContainText('测试页');
  await expect(slip).toContainText('已打出', { timeout: 30_000 });
  const books = await world.books<{ feie: Record<string, { slips: { content: string }[] }> }>('paper');
  expect(books.feie[printer.sn]?.slips.map((one) => one.content.includes('测试页'))).toEqual([true]);
  await slip.getByRole('button', { name: '看小票' }).click();
  await expect(page.getByRole('dialog').locator('.pr-paper')).toHaveAttribute('aria-label', /看到这张纸/);
  expect(await findings(page, '[role=dialog]')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

for (const theme of ['light', 'dark'] as const) {
  for (const language of ['zh-CN', 'en'] as const) {
    test(`a lost answer asks, and a printer that is off is red wherever it is shown (${language}, ${theme})`, async ({ page }) => {
      const { printer } = cloud();
      await world.act({ act: 'feie_set_online', sn: printer.sn, online: true });
      await world.tell('faults', { rules: [{ service: 'feie', call: 'Open_printMsg', fault: { kind: 'lost_answer' }, when: 'next', count: 1 }] });
      const { printers } = await shop.call('printers_list', {});
      await shop.call('printer_test', { id: printers[0]?.id ?? 0 });
      await expect.poll(async () => (await shop.call('tickets_list', { view: 'asks', printer: null })).asks, { timeout: 60_000 }).toBe(1);
      await world.act({ act: 'feie_set_online', sn: printer.sn, online: false });
      await open(page, shop.url, 'printing?show=asks', { language, theme });
      await page.keyboard.press('F5');
      const row = page.locator('.pr-printer');
      await expect(row).toContainText(language === 'en' ? 'Offline' : '离线');
      await expect(page.locator('.status .amber')).toHaveCount(2);
      await expect(page.locator('.menu-item.is-current .menu-count')).toHaveText('1');
      await expect(page.locator('.pr-asks')).toHaveCount(1);
      for (const view of ['queue', 'stores', 'template']) {
        await page.goto(`${shop.url}/#/printing?view=${view}`);
        await expect(page.locator('.skeleton')).toHaveCount(0);
        await picture(page, `printing-${view}-down-${language}-${theme}`);
        expect.soft(await findings(page), `axe on ${view}`).toEqual([]);
      }
      // By keyboard: the slip, then "it is on paper".
      await page.goto(`${shop.url}/#/printing?show=asks`);
      await expect(page.locator('.pr-asks')).toHaveCount(1);
      await page.locator('.pagehead h1').click();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('y');
      await expect(page.locator('.pr-asks')).toHaveCount(0);
      expect((await shop.call('tickets_list', { view: 'asks', printer: null })).asks).toBe(0);
    });
  }
}
