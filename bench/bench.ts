import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectId } from '@boocode/contracts/ids.ts';
import { BooCode } from './boocode.ts';
import type { Figure } from './figure.ts';
import { Relay } from './relay/relay.ts';

/** What every measure is given. Whatever it starts it ends itself. */
export interface Bench {
  /** For files of the measures; removed afterwards. */
  readonly folder: string;
  /** The folder of the build. */
  readonly dist: string;
  /** The demo model's address, ending in /v1. */
  readonly modelUrl: string;
  readonly env: Readonly<Record<string, string>>;
  /** Aborted when the benchmark is stopped. */
  readonly signal: AbortSignal;
}

/** One thing that is measured, by the name that `npm run bench -- NAME` knows. */
export interface Measure {
  readonly name: string;
  readonly title: string;
  run(bench: Bench): Promise<readonly Figure[]>;
}

/** The same home for every start of a measure: the first one makes the database. */
export function startBooCode(bench: Bench, home = 'home'): Promise<BooCode> {
  return BooCode.start({ dist: bench.dist, home: join(bench.folder, home), cwd: bench.folder, env: bench.env, signal: bench.signal });
}

export function startRelay(bench: Bench): Promise<Relay> {
  return Relay.start(bench.modelUrl, { cwd: bench.folder, env: bench.env, signal: bench.signal });
}

const FILES = 200;

/** A small git repository as a project. */
export async function openProject(bench: Bench, server: BooCode): Promise<ProjectId> {
  const path = join(bench.folder, 'project');
  makeRepository(path, bench.env);
  return (await server.api.createProject({ body: { path } })).id;
}

function makeRepository(path: string, env: Readonly<Record<string, string>>): void {
  mkdirSync(join(path, 'src'), { recursive: true });
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-C', path, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { env, stdio: 'pipe' });
  for (let index = 0; index < FILES; index++) writeFileSync(join(path, 'src', `file-${index}.txt`), `line of file ${index}\n`.repeat(40));
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'files');
}
