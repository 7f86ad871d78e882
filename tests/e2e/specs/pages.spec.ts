/* Every page on the demo shop, in both languages and both themes: it shows its data, nothing complains, axe finds nothing. */
import type { Page } from '@playwright/test';
import { findings } from '../stage/axe';
import { expect, open, picture, test, type Language, type Theme } from '../stage/fixtures';

// Each on the shop of its worker; nothing is changed there.
test.describe.configure({ mode: 'parallel' });

/** What must stand on a page before it is looked at: so many of these. */
const PAGES: readonly { name: string; shows: string; least: number }[] = [
  { name: 'workbench', shows: '.wb-authrow', least: 5 },
  { name: 'library', shows: '.grid-row', least: 20 },
  { name: 'listings', shows: '.grid-row', least: 20 },
  { name: 'matching', shows: '.list-row', least: 5 },
  { name: 'sync', shows: '.sy-group', least: 5 },
  { name: 'orders', shows: '.grid-row', least: 20 },
  { name: 'exceptions', shows: '.exc-cause', least: 6 },
  { name: 'stock', shows: '.grid-row', least: 20 },
  { name: 'printing', shows: '.pr-printer', least: 2 },
  { name: 'tasks', shows: '.tk-job', least: 4 },
  { name: 'stores', shows: '.st-store', least: 5 },
  { name: 'settings', shows: '.set-nav button', least: 5 },
];

/** Something sticks out of the window, or a button lies under another. */
async function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    if (document.documentElement.scrollWidth > globalThis.innerWidth) faults.push('the page scrolls sideways');
    const buttons = [...document.querySelectorAll<HTMLElement>('.pagehead button, .toolbar button, .head button')].filter((one) => one.offsetParent !== null);
    for (const button of buttons) {
      const box = button.getBoundingClientRect();
      if (box.width === 0) continue;
      const clip = button.closest('.tabs')?.getBoundingClientRect();
      if (clip && (box.left < clip.left - 1 || box.right > clip.right + 1)) continue;
      if (box.right > globalThis.innerWidth + 1) faults.push(`out of the window: ${button.innerText}`);
      const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (top && !button.contains(top) && !top.contains(button)) faults.push(`covered: ${button.innerText || button.ariaLabel} by ${top.className}`);
    }
    for (const item of document.querySelectorAll<HTMLElement>('.menu-item .cut')) {
      if (item.scrollWidth > item.clientWidth + 1) faults.push(`cut in the menu: ${item.innerText}`);
    }
    return faults;
  });
}

for (const theme of ['light', 'dark'] satisfies Theme[]) {
  for (const language of ['zh-CN', 'en'] satisfies Language[]) {
    test(`every page in ${language}, ${theme}`, async ({ page, demo }) => {
      await open(page, demo.url, '', { language, theme });
      for (const { name, shows, least } of PAGES) {
        await test.step(name, async () => {
          await page.goto(`${demo.url}/#/${name}`);
          await expect.poll(() => page.locator(shows).count(), { message: `${name} shows its data`, timeout: 40_000 }).toBeGreaterThanOrEqual(least);
          await expect(page.locator('.skeleton')).toHaveCount(0, { timeout: 40_000 });
          await picture(page, `${name}-${language}-${theme}`);
          expect.soft(await layoutFaults(page), name).toEqual([]);
          expect.soft(await findings(page), `axe on ${name}`).toEqual([]);
        });
      }
    });
  }
}
