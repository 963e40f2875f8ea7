import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addTallies, exitStatus, summaryLine, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from '../scripts/tally.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OPTIONS = '"strict": true, "noEmit": true, "module": "nodenext", "types": []';

/** A small project in which every runner of `npm test` passes. */
const SOUND: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "sound", "version": "1.0.0", "private": true, "type": "module", "main": "main.ts" }\n',
  'tsconfig.json': `{ "compilerOptions": { ${OPTIONS} }, "include": ["main.ts"] }\n`,
  'knip.json': '{ "entry": ["*.config.ts", "*.test.ts", "*.spec.ts"], "exclude": ["unlisted"] }\n',
  'vitest.config.ts': "export default { test: { include: ['*.test.ts'] } };\n",
  'playwright.config.ts': "export default { testMatch: '*.spec.ts' };\n",
  '.oxlintrc.json': '{ "ignorePatterns": ["node_modules"] }\n',
  '.oxfmtrc.json': '{ "singleQuote": true, "ignorePatterns": ["*.json"] }\n',
  'main.ts': "console.log('sound');\n",
  'one.test.ts': "import { expect, it } from 'vitest';\n\nit('passes', () => expect(1).toBe(1));\n",
  'one.spec.ts': "import { expect, test } from '@playwright/test';\n\ntest('passes', () => expect(1).toBe(1));\n",
};

/** One deliberate failure for each runner, and what the summary must say of it. */
const FAILURES: readonly { runner: string; what: string; files: Readonly<Record<string, string>>; summary: string }[] = [
  { runner: 'format', what: 'a badly formatted file', files: { 'main.ts': 'console.log(  "sound"  )' }, summary: '0 passed, 1 failed' },
  { runner: 'lint', what: 'a lint error', files: { 'main.ts': "if (1 === 1) console.log('sound');\ndebugger;\n" }, summary: '0 passed, 1 failed' },
  { runner: 'types', what: 'a type error', files: { 'main.ts': "export const one: number = 'one';\n" }, summary: '0 passed, 1 failed' },
  { runner: 'unused', what: 'an unused file', files: { 'nobody.ts': 'export const nobody = 1;\n' }, summary: '0 passed, 1 failed' },
  { runner: 'tests', what: 'a failing test', files: { 'two.test.ts': vitest('expect(1).toBe(2)') }, summary: '1 passed, 1 failed' },
  { runner: 'tests', what: 'a file that cannot be loaded', files: { 'two.test.ts': "import './nowhere.ts';\n" }, summary: '1 passed, 1 failed' },
  {
    runner: 'tests',
    what: 'an error outside every test',
    files: { 'two.test.ts': vitest("void Promise.reject(new Error('late'))") },
    summary: '2 passed, 1 failed',
  },
  { runner: 'tests', what: 'a runner that dies', files: { 'vitest.config.ts': 'process.exit(0);\n' }, summary: '0 passed, 1 failed' },
  { runner: 'browser', what: 'a failing browser test', files: { 'two.spec.ts': playwright('expect(1).toBe(2)') }, summary: '1 passed, 1 failed' },
  { runner: 'browser', what: 'a file that cannot be loaded', files: { 'two.spec.ts': "import './nowhere.ts';\n" }, summary: '0 passed, 1 failed' },
  { runner: 'browser', what: 'a runner that dies', files: { 'playwright.config.ts': 'process.exit(0);\n' }, summary: '0 passed, 1 failed' },
];

describe('npm test', { timeout: 120_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'boocode-summary-')));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('passes with status 0 when every runner passes', () => {
    const { output, ...end } = runTests('sound', 'format,lint,types,unused,tests,browser', {});
    expect(end, output).toEqual({ status: 0, summary: '6 passed, 0 failed' });
  });

  it.each(FAILURES)('fails with status 1 on $what ($runner)', ({ runner, files, summary }) => {
    const { output, ...end } = runTests(`${runner}-${summary}`, runner, files);
    expect(end, output).toEqual({ status: 1, summary });
  });

  function runTests(name: string, only: string, files: Readonly<Record<string, string>>): { status: number | null; summary: string; output: string } {
    const project = mkdtempSync(join(folder, `${name.replaceAll(/\W+/g, '-')}-`));
    for (const [path, text] of Object.entries({ ...SOUND, ...files })) writeFileSync(join(project, path), text);
    symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'));
    const run = spawnSync(process.execPath, [join(ROOT, 'scripts', 'test.ts'), `--only=${only}`], { cwd: project, encoding: 'utf8' });
    const output = run.stdout + run.stderr;
    return { status: run.status, summary: output.trimEnd().split('\n').at(-1)!, output };
  }
});

describe('tallies', () => {
  it('tallyOfCheck() counts a check that was killed as failed', () => {
    expect(tallyOfCheck(0)).toEqual({ passed: 1, failed: 0 });
    expect(tallyOfCheck(null)).toEqual({ passed: 0, failed: 1 });
  });

  it('tallyOfVitest() and tallyOfPlaywright() count a missing, cut or empty report as one failure', () => {
    const empty = { numPassedTests: 0, numFailedTests: 0, testResults: [] };
    expect([null, '{"num', JSON.stringify(empty)].map((report) => tallyOfVitest(0, report))).toEqual(Array(3).fill({ passed: 0, failed: 1 }));
    const nothing = { stats: { expected: 0, unexpected: 0, flaky: 0 }, errors: [] };
    expect([null, '{"sta', JSON.stringify(nothing)].map((report) => tallyOfPlaywright(0, report))).toEqual(Array(3).fill({ passed: 0, failed: 1 }));
  });

  it('tallyOfPlaywright() counts a test that passed with its second try, which CI alone gives', () => {
    const report = JSON.stringify({ stats: { expected: 3, unexpected: 0, flaky: 1 }, errors: [] });
    expect(tallyOfPlaywright(0, report)).toEqual({ passed: 4, failed: 0 });
  });

  it('summaryLine() and exitStatus() speak for the sum of all runners', () => {
    const sum = addTallies([
      { passed: 3, failed: 0 },
      { passed: 0, failed: 1 },
    ]);
    expect(summaryLine(sum)).toBe('3 passed, 1 failed');
    expect([sum, { passed: 3, failed: 0 }, { passed: 0, failed: 0 }].map(exitStatus)).toEqual([1, 0, 1]);
  });
});

function vitest(statement: string): string {
  return `import { expect, it } from 'vitest';\n\nit('is the second', () => {\n  expect(1).toBe(1);\n  ${statement};\n});\n`;
}

function playwright(statement: string): string {
  return `import { expect, test } from '@playwright/test';\n\ntest('is the second', () => {\n  ${statement};\n});\n`;
}
