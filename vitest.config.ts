import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{apps,packages}/*/{src,test}/**/*.test.{ts,tsx}', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/*.live.test.ts'],
    globalSetup: './test/vitest-global-setup.ts',
    pool: 'forks', // tests start processes, change folders and listen to signals
    isolate: false, // a process for each file would take longer than most of them
    maxWorkers: 2,
    testTimeout: 60_000, // on a busy machine
    retry: process.env['CI'] === undefined ? 0 : 1, // a machine of unknown load; who needs it is listed with its retries, and is to be mended
    hookTimeout: 60_000, // the first database of a fresh machine
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }, // nobody's own git settings decide a test
  },
});
