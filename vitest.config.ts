import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        // What stands beside its source shares its process: a new one would take longer than most of these files.
        test: {
          name: 'beside',
          include: ['{apps,packages}/*/src/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/*.{pg,live}.test.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        // What starts many programs has a process of its own: a large one takes longer to start another.
        test: {
          name: 'whole',
          include: ['{apps,packages}/*/test/**/*.test.{ts,tsx}', '{apps,packages}/*/src/**/*.pg.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.live.test.ts'],
        },
      },
    ],
    globalSetup: './test/vitest-global-setup.ts',
    pool: 'forks', // tests start processes, change folders and listen to signals
    maxWorkers: 2,
    testTimeout: 60_000, // on a busy machine
    retry: process.env['CI'] === undefined ? 0 : 1, // a machine of unknown load; who needs it is listed with its retries, and is to be mended
    hookTimeout: 60_000, // the first database of a fresh machine
    env: { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }, // nobody's own git settings decide a test
  },
});
