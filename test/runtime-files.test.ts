import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runtimeFiles } from '../scripts/runtime-files.ts';

let root = '';
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'boocode-runtime-files-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it('runtimeFiles() brings files and folders along, and a program and the build itself are found where they lie', async () => {
  write('packages/a/src/note.txt', 'a note');
  write('packages/a/src/migrations/0001_first.sql', 'select 1');
  write('packages/a/src/other.ts', 'export const other = 1;');
  write(
    'packages/a/src/main.ts',
    `const of = (url: URL) => url.href;
    export const places = [
      of(new URL('./note.txt', import.meta.url)), of(new URL("./migrations/", import.meta.url)), of(new URL('./other.ts', import.meta.url)),
      of(new URL('../../../dist/web/', import.meta.url)), of(new URL('./', import.meta.url)),
    ];`,
  );
  await bundle();
  const { places } = (await import(pathToFileURL(join(root, 'dist/main.js')).href)) as { places: readonly string[] };
  const expected = ['files/packages/a/src/note.txt', 'files/packages/a/src/migrations/', 'other.js', 'web/', ''];
  expect(places).toEqual(expected.map((path) => pathToFileURL(join(root, 'dist', path)).href + (path === '' ? '/' : '')));
  expect(readFileSync(new URL(places[0]!), 'utf8')).toBe('a note');
  expect(readFileSync(new URL('0001_first.sql', places[1]), 'utf8')).toBe('select 1');
});

it('runtimeFiles() fails the build on a file that is not there, and on the other ways to find one', async () => {
  write('packages/a/src/main.ts', `export const url = new URL('./nowhere.sh', import.meta.url);`);
  await expect(bundle()).rejects.toThrow('packages/a/src/main.ts refers to packages/a/src/nowhere.sh, which does not exist');
  write('packages/a/src/main.ts', `export const folder = import.meta.dirname;`);
  await expect(bundle()).rejects.toThrow('packages/a/src/main.ts uses import.meta.dirname');
});

async function bundle(): Promise<void> {
  const [main, other] = [join(root, 'packages/a/src/main.ts'), join(root, 'packages/a/src/other.ts')];
  const plugins = [runtimeFiles(root, join(root, 'dist'), new Map([[other, 'other']]))];
  await using build = await rolldown({ input: { main }, cwd: root, platform: 'node', plugins });
  await build.write({ dir: join(root, 'dist'), format: 'esm' });
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
