/* What every test gets: a page that must not complain, and the shop it looks at. */
import { test as base, expect, type Page } from '@playwright/test';
import { join } from 'node:path';
import { TARGET } from './places';
import { Devhost } from './programs';

export { expect };

export type Language = 'zh-CN' | 'en';
export type Theme = 'light' | 'dark';

/** How a page is looked at. */
export interface Look {
  language?: Language;
  theme?: Theme;
}

/** Opens the app's page in a language and a theme. */
export async function open(page: Page, url: string, path: string, look: Look = {}): Promise<void> {
  const { language = 'zh-CN', theme = 'light' } = look;
  await page.addInitScript(
    ([lang, colours]) => {
      localStorage.setItem('guitai.language', JSON.stringify(lang));
      localStorage.setItem('guitai.theme', JSON.stringify(colours));
    },
    [language, theme],
  );
  await page.goto(`${url}/#/${path}`);
  await expect(page.locator('.head')).toBeVisible();
}

/** A picture under target/e2e. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(TARGET, 'pictures', `${name}.png`), animations: 'disabled', caret: 'hide' });
}

interface Fixtures {
  /** What the page complained about in its console; at the end nothing may be left. */
  complaints: Complaints;
}

/** A browser reports every refused request in its console; a test that provokes one says so. */
export class Complaints {
  readonly list: string[] = [];
  private refusals = false;

  /** The api will refuse something. */
  expectRefusals(): void {
    this.refusals = true;
  }

  left(): string[] {
    return this.refusals ? this.list.filter((text) => !/Failed to load resource/.test(text)) : this.list;
  }
}

interface Shops {
  /** The demo shop, with orders read; one for each worker. */
  demo: Devhost;
}

export const test = base.extend<Fixtures, Shops>({
  complaints: [
    async ({ page }, use) => {
      const complaints = new Complaints();
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.list.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.list.push(`uncaught: ${error.stack ?? error.message}`));
      await use(complaints);
      expect(complaints.left(), 'the page complains in its console').toEqual([]);
    },
    { auto: true },
  ],
  demo: [
    async ({}, use, worker) => {
      const demo = await Devhost.open(`demo-${worker.parallelIndex}`, { demo: true });
      await demo.call('orders_pull', { stores: [] });
      await expect.poll(async () => (await demo.call('exceptions_list', { stores: [] })).total, { timeout: 60_000 }).toBeGreaterThanOrEqual(20);
      await use(demo);
      await demo.stop();
    },
    { scope: 'worker', timeout: 180_000 },
  ],
});
