import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChildProcess } from './child-process.ts';
import { findContainment } from './containment.ts';

const env = { PATH: process.env['PATH'] ?? '' };

async function newHome(): Promise<{ home: string; worktreesDir: string } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'boo-contain-'));
  const worktreesDir = join(home, 'worktrees');
  await mkdir(join(worktreesDir, 'one', 'tree', 'sub'), { recursive: true });
  await mkdir(join(worktreesDir, 'two'), { recursive: true });
  await writeFile(join(home, 'token'), 'secret');
  return { home, worktreesDir, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) };
}

function hasBubblewrap(): boolean {
  try {
    execFileSync('bwrap', ['--dev-bind', '/', '/', '--tmpfs', '/tmp', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('findContainment()', () => {
  it('is null where bubblewrap is not', async () => {
    await using home = await newHome();
    expect(await findContainment({ ...home, env: { PATH: '/nowhere' } })).toBeNull();
  });

  it.skipIf(!hasBubblewrap())('hides the home, but for the own worktree, which can be written', async () => {
    await using home = await newHome();
    const containment = await findContainment({ ...home, env });
    const cwd = join(home.worktreesDir, 'one', 'tree', 'sub');
    const script = 'cat ../../../../token; ls ../../../two; echo mine > ../file; sleep 300 & echo up';
    const wrapped = containment!.wrap({ command: 'sh', args: ['-c', script] }, cwd);
    await using child = await ChildProcess.start({ ...wrapped, cwd, env, registry: null, signal: new AbortController().signal, stdin: 'ignore' });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await child.exited;
    expect([said.trim(), await readFile(join(home.worktreesDir, 'one', 'tree', 'file'), 'utf8')]).toEqual(['up', 'mine\n']);
  });

  it.skipIf(!hasBubblewrap())('lets a reader write nothing but its own state', async () => {
    await using home = await newHome();
    const containment = await findContainment({ ...home, env });
    const cwd = join(home.worktreesDir, 'one', 'tree', 'sub');
    const state = await mkdtemp(join(tmpdir(), 'boo-state-'));
    const script = 'echo no > ../file; echo no > ../../../two/file; echo yes > "$1"/file; cat "$1"/file';
    const view = { isReadOnly: true, writable: [state, join(state, 'absent')] };
    const wrapped = containment!.wrap({ command: 'sh', args: ['-c', script, 'sh', state] }, cwd, view);
    await using child = await ChildProcess.start({ ...wrapped, cwd, env, registry: null, signal: new AbortController().signal, stdin: 'ignore' });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await child.exited;
    expect([said, await readdir(join(home.worktreesDir, 'one', 'tree')), await readdir(join(home.worktreesDir, 'two'))]).toEqual(['yes\n', ['sub'], []]);
    await rm(state, { recursive: true, force: true });
  });

  it.skipIf(!hasBubblewrap())('shows a worktree its own history in the home, whose config it only reads, and no other', async () => {
    await using home = await newHome();
    const dir = join(home.home, 'shadow');
    const folder = join(dir, 'a.git');
    await mkdir(folder, { recursive: true });
    await mkdir(join(dir, 'b.git'));
    await writeFile(join(folder, 'config'), 'config');
    const of = (id: string) => (id === 'one' ? { folder, steering: [join(folder, 'config')] } : null);
    const containment = await findContainment({ ...home, env, histories: { dir, of } });
    const say = async (cwd: string): Promise<string> => {
      const script = 'ls "$1"; echo mine > "$1/a.git/ref"; echo evil > "$1/a.git/config"; true';
      const { command, args } = containment!.wrap({ command: 'sh', args: ['-c', script, 'sh', dir] }, cwd);
      return execFileSync(command, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    };
    expect(await say(join(home.worktreesDir, 'two'))).toBe('');
    expect(await say(join(home.worktreesDir, 'one', 'tree'))).toBe('a.git\n');
    expect([await readFile(join(folder, 'ref'), 'utf8'), await readFile(join(folder, 'config'), 'utf8')]).toEqual(['mine\n', 'config']);
  });
});
