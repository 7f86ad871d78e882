import { defineConfig } from '@playwright/test';
import { join } from 'node:path';
import { browser, TARGET } from './stage/places';

export default defineConfig({
  testDir: 'specs',
  outputDir: join(TARGET, 'results'),
  // Two shops beside one another on a small machine.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    actionTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Asia/Shanghai',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: browser(), args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'] },
  },
});
