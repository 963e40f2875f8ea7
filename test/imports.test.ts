import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** What each package and app may import of the others. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/processes': ['packages/contracts'],
  'packages/applier': [],
  'packages/tools': ['packages/contracts', 'packages/processes', 'packages/applier'],
  'packages/git': ['packages/contracts', 'packages/processes', 'packages/applier'],
  'packages/agents': ['packages/contracts', 'packages/processes', 'packages/tools'],
  'packages/demo-model': [],
  'apps/server': ['packages/contracts', 'packages/processes', 'packages/applier', 'packages/tools', 'packages/git', 'packages/agents', 'packages/demo-model'],
  'apps/cli': ['packages/contracts'],
  'apps/web': ['packages/contracts'],
};

/** The server from the ground up: a room imports from those on its line and above. A loose file stands as high as the highest room it imports. */
const SERVER_ROOMS = [
  ['db', 'http', 'live'],
  ['settings'],
  ['projects'],
  ['trust'],
  ['sessions'],
  ['chats'],
  ['providers'],
  ['worktrees'],
  ['files'],
  ['checkpoints'],
  ['changes'],
  ['permissions'],
  ['tasks'],
  ['turns'],
  ['search'],
  ['runs', 'imports'],
  ['terminal', 'mcp', 'stats', 'auth'],
  ['app.ts'],
  ['main.ts'],
] as const;

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const all = ['packages', 'apps', 'test', 'scripts'].flatMap(readSources);
/** What ships: tests may reach further, to start the thing they test. */
const product = all.filter(({ path }) => path.includes('/src/') && !/\.(test|spec)\.tsx?$|\/testing\.ts$/.test(path));

it('every package has its place on the map', () => {
  const homes = new Set(product.map(({ path }) => homeOf(path)));
  const rooms = new Set(product.flatMap(({ path }) => roomOf(path) ?? []));
  expect([...homes].filter((home) => !(home in MAY_IMPORT))).toEqual([]);
  expect([...rooms].filter((room) => rankOf(room) === -1)).toEqual([]);
});

it('imports between packages point down the map', () => {
  const isWrong = (from: string, to: string) => homeOf(from) !== homeOf(to) && MAY_IMPORT[homeOf(from)]?.includes(homeOf(to)) !== true;
  expect(edges(product, isWrong)).toEqual([]);
});

it('imports between the rooms of the server point down', () => {
  const byPath = new Map(product.map((source) => [source.path, source]));
  const heightOf = (path: string, seen: readonly string[]): number => {
    const room = roomOf(path);
    if (room !== null) return rankOf(room);
    if (!path.startsWith('apps/server/') || seen.includes(path)) return 0;
    return Math.max(0, ...(byPath.get(path)?.imports ?? []).map((target) => heightOf(target, [...seen, path])));
  };
  expect(edges(product, (from, to) => roomOf(from) !== null && heightOf(to, []) > heightOf(from, []))).toEqual([]);
});

it('imports have no cycle', () => {
  const byPath = new Map(all.map((source) => [source.path, source]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of byPath.get(path)?.imports ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  expect(cycles).toEqual([]);
});

it('a path goes up once at most', () => {
  const climbing = product.flatMap(({ path, text }) =>
    specifiersOf(text).flatMap((specifier) => (specifier.startsWith('../../') ? [`${path} -> ${specifier}`] : [])),
  );
  expect(climbing).toEqual([]);
});

it('mappings, states and policies are pure: no Node, no database', () => {
  const pure = product.filter(({ path }) => /(\/map-[^/]+|-(state|policy))\.tsx?$/.test(path));
  const impure = pure.flatMap(({ path, text }) =>
    specifiersOf(text).flatMap((specifier) => (/^(node:|postgres$)/.test(specifier) ? [`${path} -> ${specifier}`] : [])),
  );
  expect(impure).toEqual([]);
});

it('SQL stands in stores and in the db room alone', () => {
  const elsewhere = product.filter(({ path, text }) => /\b(sql|tx|transaction)(<[^`;]*?>)?`/.test(text) && !/-store\.ts$|^apps\/server\/src\/db\//.test(path));
  expect(elsewhere.map(({ path }) => path)).toEqual([]);
});

function readSources(folder: string): Source[] {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => /\.(tsx?|mjs)$/.test(name) && !/(^|\/)(node_modules|dist|fixtures)\//.test(name)).map((name) => `${folder}/${name}`);
  return paths.map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, imports: specifiersOf(text).flatMap((specifier) => resolveImport(path, specifier)) };
  });
}

function specifiersOf(text: string): string[] {
  const found = text.matchAll(/^(?:import|export)\b[^'"`;]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm);
  return [...found].map((match) => match[1] ?? match[2] ?? match[3]!);
}

/** The file of the checkout that a specifier means; none for packages of others. */
function resolveImport(from: string, specifier: string): string[] {
  if (specifier.startsWith('.')) return [normalize(join(dirname(from), specifier))];
  const ours = /^@boocode\/([^/]+)\/(.+)$/.exec(specifier);
  if (ours === null) return [];
  const home = Object.keys(MAY_IMPORT).find((place) => place.endsWith(`/${ours[1]}`));
  return [`${home ?? ours[1]}/src/${ours[2]}`];
}

function edges(sources: readonly Source[], isWrong: (from: string, to: string) => boolean): string[] {
  return sources.flatMap(({ path, imports }) => imports.filter((target) => isWrong(path, target)).map((target) => `${path} -> ${target}`));
}

function homeOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

/** The room of a file of the server, where app.ts and main.ts count as one; null for its loose files and elsewhere. */
function roomOf(path: string): string | null {
  const [apps, server, , room, inside] = path.split('/');
  if (apps !== 'apps' || server !== 'server' || room === undefined) return null;
  return inside !== undefined || room === 'app.ts' || room === 'main.ts' ? room : null;
}

function rankOf(room: string): number {
  return SERVER_ROOMS.findIndex((line) => line.some((name) => name === room));
}
