import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '@boocode/git/repository.ts';
import { openGit } from '@boocode/git/run-git.ts';
import { createWorktree } from '@boocode/git/worktree.ts';
import { type Bench, type Measure, startBooCode } from '../bench.ts';
import { compared, type Figure, ratioAtMost } from '../figure.ts';
import { median } from '../statistics.ts';

const FILES = 10_000;
const FOLDERS = 100;
const ROUNDS = 5;
/** Each makes a whole session, which takes longer. */
const SESSIONS = 2;

/** A worktree of a repository of 10,000 files, beside plain `git worktree add` in the same run. What stands in the relay's column is git's. */
export const worktrees: Measure = {
  name: 'worktrees',
  title: `Worktree of ${FILES.toLocaleString('en-US')} files, beside plain git worktree add (median of ${ROUNDS})`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const project = join(bench.folder, 'large');
    makeLargeRepository(project, bench.env);
    const places = join(bench.folder, 'places');
    mkdirSync(places);
    await using server = await startBooCode(bench);
    const { id: projectId } = await server.api.createProject({ body: { path: project } });
    const times: Record<'git' | 'ours' | 'session', number[]> = { git: [], ours: [], session: [] };
    for (let round = -1; round < ROUNDS; round++) {
      const taken = { git: plainGit(project, join(places, `git${round}`), bench.env), ours: await ownWay(project, places, round, bench.env) };
      if (round >= 0) for (const name of ['git', 'ours'] as const) times[name].push(taken[name]);
    }
    for (let round = 0; round < SESSIONS; round++) times.session.push(await wholeSession(server, projectId, round));
    const beside = (name: string, ours: readonly number[], ...goals: Parameters<typeof compared>[4][]): Figure =>
      compared(name, median(ours), median(times.git), 'ms', ...goals);
    return [
      beside('worktree ready to work in', times.ours, ratioAtMost(1.5)),
      beside('prompt in a new session until its turn with an edit has ended', times.session),
    ];
  },
};

function plainGit(project: string, place: string, env: Readonly<Record<string, string>>): number {
  const startedAt = performance.now();
  execFileSync('git', ['-C', project, 'worktree', 'add', '-q', '-b', `plain-${place.slice(-3)}`, place], { env, stdio: 'pipe' });
  const taken = performance.now() - startedAt;
  check(place);
  execFileSync('git', ['-C', project, 'worktree', 'remove', '--force', place], { env, stdio: 'pipe' });
  return taken;
}

async function ownWay(project: string, places: string, round: number, env: Readonly<Record<string, string>>): Promise<number> {
  const git = openGit({ env });
  const startedAt = performance.now();
  const repository = await openRepository(git, project);
  const path = join(places, `ours${round}`);
  await createWorktree(git, { repository, id: `bench${round}`, path, slug: 'bench', base: 'head', indexFile: join(places, 'index') });
  const taken = performance.now() - startedAt;
  check(path);
  execFileSync('git', ['-C', project, 'worktree', 'remove', '--force', path], { env, stdio: 'pipe' });
  return taken;
}

/** The whole way of a person: a prompt, a worktree for it, an edit, its changes collected. */
async function wholeSession(
  server: Awaited<ReturnType<typeof startBooCode>>,
  projectId: Parameters<typeof server.newSession>[0],
  round: number,
): Promise<number> {
  const { chatId, sessionId } = await server.newSession(projectId, 'edits');
  await using chat = await server.watch(chatId);
  const startedAt = performance.now();
  await chat.ask(`round ${round}\ndemo: call write ${JSON.stringify({ path: 'made.txt', content: 'made\n' })}\ndemo: say ok`);
  const taken = performance.now() - startedAt;
  const { items } = await server.api.listWorktrees();
  const own = items.find((item) => item.sessionId === sessionId);
  if (own === undefined) throw new Error('Cannot measure: the session has no worktree');
  await server.api.deleteWorktree({ params: { id: own.id }, query: { force: 'true' } });
  await server.api.purgeWorktree({ params: { id: own.id }, body: {} });
  return taken;
}

function check(place: string): void {
  const folders = readdirSync(join(place, 'src'));
  if (folders.length !== FOLDERS) throw new Error(`Cannot measure: "${place}" has ${folders.length} of ${FOLDERS} folders`);
}

function makeLargeRepository(path: string, env: Readonly<Record<string, string>>): void {
  rmSync(path, { recursive: true, force: true });
  for (let folder = 0; folder < FOLDERS; folder++) {
    mkdirSync(join(path, 'src', `part-${folder}`), { recursive: true });
    for (let file = 0; file < FILES / FOLDERS; file++)
      writeFileSync(join(path, 'src', `part-${folder}`, `file-${file}.ts`), `export const value${file} = ${folder * 1_000 + file};\n`.repeat(20 + (file % 40)));
  }
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-C', path, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args], { env, stdio: 'pipe' });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'files');
}
