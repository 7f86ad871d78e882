import { defineConfig } from '@playwright/test';
import { TARGET } from './window/places';

// Playwright's runner and assertions; the window is driven by WebDriver, not by Playwright's browser.
export default defineConfig({
  testDir: 'specs',
  outputDir: `${TARGET}/results`,
  workers: 1,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
});
