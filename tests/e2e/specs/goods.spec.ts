/* The dialogs of 门店商品 and the one that changes a 类目: they open, work by keyboard, and axe has nothing against them. */
import { findings } from '../stage/axe';
import { expect, open, picture, test, type Theme } from '../stage/fixtures';

for (const theme of ['light', 'dark'] as Theme[]) {
  test(`dialogs of listings, ${theme}`, async ({ page, demo }) => {
    const { stores } = await demo.call('stores_list', {});
    const store = stores.find((one) => one.can.order_groups && one.listings > 0);
    if (!store) throw new Error('the demo shop has no store whose groups can be ordered');
    await open(page, demo.url, `listings?store=${store.id}`, { theme });
    await expect(page.locator('.grid-row').nth(3)).toBeVisible();

    await page.getByRole('button', { name: '店内分类排序' }).click();
    const dialog = page.locator('.ant-modal');
    const rows = dialog.locator('.list-row');
    const [first, second] = [await rows.nth(0).innerText(), await rows.nth(1).innerText()];
    await rows.nth(0).click();
    await page.keyboard.press('Alt+ArrowDown');
    await expect(rows.nth(0)).not.toHaveText(first);
    expect(await findings(page, '.ant-modal')).toEqual([]);
    await picture(page, `goods-groups-${theme}`);
    await page.keyboard.press('Control+Enter');
    await expect(dialog).toBeHidden();
    const { groups } = await demo.call('groups_list', { id: store.id });
    const top = groups.filter((group) => group.parent === '').map((group) => group.name);
    expect(top[1], `the platform has ${first} after another one now, ${second} was below it`).toBe(first.trim());

    await page.getByRole('button', { name: '为什么看不见' }).first().click();
    await expect(dialog.locator('.ls-why li').first()).toBeVisible();
    expect(await findings(page, '.ant-modal')).toEqual([]);
    await picture(page, `goods-why-${theme}`);
    await page.keyboard.press('Escape');

    await page.locator('.grid-row').nth(1).locator('input[type=checkbox]').first().click({ force: true });
    await page.getByRole('button', { name: '从平台删除 1 个' }).click();
    const go = dialog.getByRole('button', { name: '删除 1 个' });
    await dialog.getByRole('textbox').fill('2');
    await expect(go, 'another number is no confirmation').toHaveAttribute('aria-disabled', 'true');
    await dialog.getByRole('textbox').fill('1');
    await expect(go).not.toHaveAttribute('aria-disabled', 'true');
    expect(await findings(page, '.ant-modal')).toEqual([]);
    await picture(page, `goods-delete-${theme}`);
    await page.keyboard.press('Escape');
  });

  test(`another 类目 by keyboard, ${theme}`, async ({ page, demo }) => {
    const { stores } = await demo.call('stores_list', {});
    const store = stores.find((one) => one.can.categories);
    if (!store) throw new Error('the demo shop has no store whose 类目 can be listed');
    const { products } = await demo.call('library_list', { search: '', category: null, view: 'all', state: '', stores: [], sort: '', descending: false, offset: 0, limit: 2 });
    // The demo shop's goods all have one; what 体检 would say of goods without is put before the page.
    await page.route('**/preflight_run', async (route) => {
      const samples = products.map(({ id, name }) => ({
        id: 'F38', severity: 'error', subject: name, product: id, sku: null, store: store.id, params: { name }, raw: '',
        remedies: [{ kind: 'choose_category', params: {}, action: { kind: 'choose_category', store: store.id, product: id }, opens: 'category', sure: false }],
      }));
      const group = { id: 'F38', severity: 'error', count: 2, params: {}, platforms: [store.platform], remedy: null, samples };
      await route.fulfill({ json: { products: 2, stores: 1, took_ms: 1, errors: 2, warnings: 0, groups: [group] } });
    });
    await open(page, demo.url, `sync?store=${store.id}`, { theme });
    await page.locator('.sy-groupmain').first().click();
    await page.getByRole('button', { name: '换类目' }).first().click();
    const dialog = page.locator('.ant-modal');
    const tree = dialog.getByRole('tree');
    await expect(tree.getByRole('treeitem').first()).toBeVisible();
    const go = dialog.getByRole('button', { name: '换类目并重新同步' });
    await expect(go, 'nothing is chosen yet').toHaveAttribute('aria-disabled', 'true');
    await tree.focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    await expect(dialog.getByRole('treeitem', { checked: true })).toHaveCount(1);
    await expect(go).not.toHaveAttribute('aria-disabled', 'true');
    expect(await findings(page, '.ant-modal')).toEqual([]);
    await picture(page, `goods-category-${theme}`);
    await dialog.getByRole('searchbox').fill('水');
    await expect(dialog.getByRole('treeitem').first()).toContainText('水');
    await page.keyboard.press('Escape');
  });
}
