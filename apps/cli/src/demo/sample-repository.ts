import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EXIT, ExitError } from '../command/exit-error.ts';

const run = promisify(execFile);

const FILES: Readonly<Record<string, string>> = {
  'README.md': `# Word count

Counts the words of a text. A sample made by \`boocode demo\`.

## Use

    node src/main.js "some words"

## Test

    node --test
`,
  'package.json': `{
  "name": "word-count-sample",
  "version": "1.0.0",
  "private": true,
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  'src/count-words.js': `/** How many words a text has. */
export function countWords(text) {
  return text.split(/\\s+/).filter((word) => word !== '').length;
}
`,
  'src/main.js': `import { countWords } from './count-words.js';

console.log(countWords(process.argv.slice(2).join(' ')));
`,
  'test/count-words.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countWords } from '../src/count-words.js';

test('counts words between any blanks', () => {
  assert.equal(countWords('one  two\\nthree '), 3);
});
`,
};

/** Makes a small git repository with one commit in a fresh temporary folder. The person's git settings, hooks and identity are not used. */
export async function makeSampleRepository(env: NodeJS.ProcessEnv): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'boocode-demo-'));
  for (const [path, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const git = (...args: readonly string[]) =>
    run('git', ['-c', 'user.name=BooCode demo', '-c', 'user.email=demo@localhost', ...args], { cwd: folder, env: gitEnvironment(env) });
  try {
    await git('init', '--quiet', '--initial-branch=main', '--template=');
    await git('add', '--all');
    await git('commit', '--quiet', '--no-gpg-sign', '--message', 'A sample to try BooCode on');
  } catch (cause) {
    throw new ExitError(EXIT.failed, 'Cannot make the sample repository: git does not work here; see `boocode doctor`', { cause });
  }
  return folder;
}

/** Without what would lead git to another repository or to the person's settings. */
function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
  return { ...own, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
}
