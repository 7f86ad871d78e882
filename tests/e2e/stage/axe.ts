/* Accessibility, as axe-core sees it. */
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { createRequire } from 'node:module';

const SCRIPT = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds serious or critical, within `scope`. */
export async function findings(page: Page, scope = 'body'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.addScriptTag({ path: SCRIPT });
  return page.evaluate(async (root): Promise<string[]> => {
    const { axe } = globalThis as unknown as { axe: { run: (root: unknown, options: unknown) => Promise<AxeResults> } };
    const results = await axe.run(document.querySelector(root), { resultTypes: ['violations'] });
    return results.violations
      .filter((one) => one.impact === 'serious' || one.impact === 'critical')
      .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(' ')} ${node.any[0]?.message ?? node.all[0]?.message ?? one.help}`));
  }, scope);
}
