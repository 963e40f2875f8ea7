import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = 100;
/** How many files the repository has. */
export const FILES = 10_000;
/** How many of them `changeFiles` changes. */
export const CHANGED = 10;

/** 10,000 files of 40 lines in one commit. */
export function makeRepository(folder: string): void {
  for (let number = 0; number < FOLDERS; number++) {
    mkdirSync(join(folder, `part-${number}`), { recursive: true });
    for (let file = 0; file < FILES / FOLDERS; file++) writeFileSync(join(folder, `part-${number}`, `file-${file}.ts`), textOf(number, file, 0));
  }
  const identity = { GIT_AUTHOR_NAME: 'B', GIT_AUTHOR_EMAIL: 'b@b', GIT_COMMITTER_NAME: 'B', GIT_COMMITTER_EMAIL: 'b@b' };
  const run = (...args: string[]) => execFileSync('git', args, { cwd: folder, env: { ...process.env, ...identity }, stdio: 'ignore' });
  run('init', '-q', '-b', 'main');
  run('add', '-A');
  run('commit', '-q', '-m', 'start');
}

function textOf(folder: number, file: number, round: number): string {
  return Array.from({ length: 40 }, (_, line) => `export const value_${folder}_${file}_${line} = ${line === 20 ? round : line};\n`).join('');
}

/** Changes one line of some files: others in every round. */
export function changeFiles(folder: string, round: number): void {
  for (let file = 0; file < CHANGED; file++) {
    const part = (round * 7 + file) % FOLDERS;
    writeFileSync(join(folder, `part-${part}`, `file-${file}.ts`), textOf(part, file, round + 1));
  }
}
