import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TestRepository } from '../test/test-repository.ts';
import { openGit, runGit } from './run-git.ts';

it('openGit() inherits a few variables and never GIT_*', () => {
  const { env } = openGit({
    env: { PATH: '/bin', HOME: '/h', GIT_DIR: '/evil', GIT_INDEX_FILE: '/evil', DATABASE_URL: 'secret', BOOCODE_HOME: '/b', OPENAI_API_KEY: 'k' },
  });
  expect(Object.keys(env).toSorted()).toEqual([
    'GIT_LITERAL_PATHSPECS',
    'GIT_NO_REPLACE_OBJECTS',
    'GIT_OPTIONAL_LOCKS',
    'GIT_TERMINAL_PROMPT',
    'HOME',
    'LC_ALL',
    'PATH',
  ]);
});

it('runGit() fails with a sentence: what was wanted, what git said, what to do', async () => {
  using repo = new TestRepository();
  await expect(runGit(repo.git, { at: repo.folder, args: ['cat-file', '-p', 'nothing'], what: 'read "nothing"' })).rejects.toMatchObject({
    code: 'git_failed',
    message: 'Cannot read "nothing": git said "Not a valid object name nothing"; run the same in a terminal to see more, then try again',
  });
  await expect(runGit({ ...repo.git, command: '/nowhere/git' }, { at: repo.folder, args: ['status'], what: 'look' })).rejects.toThrow(
    /"\/nowhere\/git" was not found .*; install git/u,
  );
});

it('runGit() ends git and its children at the time limit, on abort, and when it says too much', async () => {
  using repo = new TestRepository();
  const command = join(repo.root, 'slow-git');
  writeFileSync(command, '#!/bin/sh\nsleep 60 &\nwait\n');
  chmodSync(command, 0o755);
  const slow = { ...repo.git, command };
  await expect(runGit(slow, { at: repo.folder, args: [], what: 'wait', timeoutMs: 100 })).rejects.toThrow('Cannot wait: git took longer than 100 ms');
  await expect(runGit(slow, { at: repo.folder, args: [], what: 'wait', signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(runGit(repo.git, { at: repo.folder, args: ['help', '-a'], what: 'talk', maxBytes: 10 })).rejects.toMatchObject({ code: 'too_large' });
});

it('runGit() runs no program that the configuration of a repository names, but filters', async () => {
  using repo = new TestRepository();
  const trap = join(repo.root, 'trap');
  writeFileSync(trap, `#!/bin/sh\ntouch "${repo.root}/sprung"\n`);
  chmodSync(trap, 0o755);
  for (const key of ['core.fsmonitor', 'core.pager', 'diff.external', 'core.editor', 'diff.x.textconv', 'diff.x.command']) repo.run('config', key, trap);
  repo.write('.git/hooks/post-checkout', `#!/bin/sh\ntouch "${repo.root}/sprung"\n`, 0o755);
  repo.write('.git/hooks/reference-transaction', `#!/bin/sh\ntouch "${repo.root}/sprung"\n`, 0o755);
  repo.write('.gitattributes', '* diff=x\n');
  const w = await repo.worktree('uncommitted');
  repo.write('README.md', 'x\n');
  await repo.collect(w);
  expect(existsSync(join(repo.root, 'sprung'))).toBe(false);
});
