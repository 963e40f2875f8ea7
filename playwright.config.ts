import { defineConfig } from '@playwright/test';
import { CHROMIUM_FLAGS, findChromium } from './scripts/find-chromium.ts';

const chromium = await findChromium(process.env);

export default defineConfig({
  testDir: '.',
  testMatch: ['test/browser/**/*.spec.ts', 'apps/web/test/**/*.spec.ts'],
  outputDir: 'test-results',
  workers: 1, // a browser, a BooCode and a PostgreSQL fill two cores
  timeout: 120_000, // a machine at half the speed, and other work beside it
  forbidOnly: process.env['CI'] !== undefined,
  retries: process.env['CI'] === undefined ? 0 : 1, // a machine of unknown load; who needs it is listed as flaky, and is to be mended
  reporter: [['list']],
  use: {
    screenshot: 'only-on-failure', // a trace costs a third of the run: `npx playwright test NAME --trace on` where one is wanted
    launchOptions: { executablePath: chromium.executablePath, args: [...CHROMIUM_FLAGS], env: { ...process.env, ...chromium.env } },
  },
});
