import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprint } from '../scripts/fingerprint.mjs';
import { canRunProgram, requireNodeForSetUp } from '../scripts/platform-node.mjs';
import { withLock } from '../scripts/set-up-lock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NO_REGISTRY = 'http://127.0.0.1:9';

let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'boocode-set-up-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('requireNodeForSetUp() refuses what is older than 20.19 in a sentence', () => {
  expect(() => requireNodeForSetUp('20.18.3')).toThrow(
    'Cannot set up BooCode: this is Node 20.18.3, and 20.19 is the oldest that works; install a newer one from https://nodejs.org and try again',
  );
  expect(() => requireNodeForSetUp('20.19.0')).not.toThrow();
  expect(['22.22.0', '24.0.0', '26.1.0'].map(canRunProgram)).toEqual([false, true, true]);
});

it('the set-up has nothing to do in this checkout, and asks no registry for that', () => {
  const run = spawnSync(process.execPath, ['scripts/setup.mjs', '--no-build'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, npm_config_registry: NO_REGISTRY },
  });
  expect([run.status, run.stdout, run.stderr]).toEqual([0, '', '']);
});

it('npm start -- --version answers in a fresh clone without installing', () => {
  copyCheckout();
  const run = spawnSync('npm', ['start', '--silent', '--', '--version'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, npm_config_registry: NO_REGISTRY },
  });
  expect([run.status, run.stdout]).toEqual([0, '0.1.0\n']);
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

it('a registry that does not answer is named together with the next step', () => {
  copyCheckout();
  const env = { ...process.env, npm_config_registry: NO_REGISTRY, npm_config_cache: join(folder, 'cache') };
  const run = spawnSync(process.execPath, ['scripts/setup.mjs'], { cwd: folder, encoding: 'utf8', env });
  const lines = run.stderr.trimEnd().split('\n');
  expect(lines[0]).toBe('[set-up] Installing dependencies ...');
  expect(lines.at(-1)).toBe(
    'Cannot install the dependencies: the npm registry does not answer; check the network, the proxy and `npm config get registry`, then run the same command again',
  );
  expect([run.status, run.stdout]).toEqual([1, '']);
});

it('withLock() lets one work at a time, also when its last owner died', async () => {
  const lock = join(folder, 'lock');
  const dead = spawn(process.execPath, ['--eval', '']);
  await once(dead, 'exit');
  mkdirSync(lock);
  writeFileSync(join(lock, 'pid'), String(dead.pid));
  const waited: number[] = [];
  const trail: string[] = [];
  const work = (name: string) => async () => {
    trail.push(`${name} starts`);
    await new Promise(setImmediate);
    trail.push(`${name} ends`);
  };
  await Promise.all(['first', 'second'].map((name) => withLock(lock, (pid) => waited.push(pid), work(name))));
  expect(trail).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  expect(waited).toEqual([process.pid]);
  expect(existsSync(lock)).toBe(false);
});

it('fingerprint() changes with a source, and not with a test', () => {
  mkdirSync(join(folder, 'packages/a/src'), { recursive: true });
  writeFileSync(join(folder, 'packages/a/src/main.ts'), '1');
  const before = fingerprint(folder, 'program');
  writeFileSync(join(folder, 'packages/a/src/main.test.ts'), '1');
  expect(fingerprint(folder, 'program')).toBe(before);
  writeFileSync(join(folder, 'packages/a/src/main.ts'), '12');
  expect(fingerprint(folder, 'program')).not.toBe(before);
});

function copyCheckout(): void {
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'scripts']) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  for (const name of ['packages', 'apps']) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: (path) => !/\/(src|node_modules|public|test)$/.test(path) });
  }
}
