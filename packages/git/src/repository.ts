import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { RepositoryState } from '@boocode/contracts/project.ts';
import { isIgnored } from './ignored.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';
import { ensureShadow, findShadowOf, shadowTree } from './shadow.ts';
import { decideShadowRefusal } from './shadow-policy.ts';

/** A folder as git sees it. `tree` is null unless agents can work there (`ready`, `no_commit` or `shadow`). */
export interface Repository {
  readonly state: RepositoryState;
  /** The folder itself, absolute and real. */
  readonly folder: string;
  readonly tree: WorkTree | null;
}

/** A folder in which agents can work: what `openRepository` gives. */
export interface OpenRepository extends Repository {
  readonly tree: WorkTree;
}

/**
 * Says what a folder is for git, with a sentence where agents cannot work in it. A folder without git has a private repository outside it (`shadow`),
 * which need not be there yet. Never throws for what it finds there.
 */
export async function inspectRepository(git: Git, path: string, signal?: AbortSignal): Promise<Repository> {
  const folder = await realFolder(path);
  if (folder === null) return without('missing', resolve(path), `The folder "${path}" does not exist or cannot be read; put it back or choose another`);
  const places = await readPlaces(git, folder, signal);
  if ('failed' in places) return refusal(git, folder, places.failed);
  if (places.top === null) return outsideWorkTree(git, folder, signal);
  const { head, branch } = places.at ?? (await readHead(git, folder, signal));
  const tree = { path: await realpath(places.top), gitDir: await realpath(places.gitDir), commonDir: await realpath(resolve(folder, places.commonDir)) };
  const prefix = relative(tree.path, folder);
  if (prefix !== '' && (await isIgnored(git, tree, `${prefix}/`, signal))) {
    return withShadow(
      git,
      folder,
      `The folder "${folder}" is ignored by the repository "${tree.path}" around it; start git in it, or open that repository as the project`,
    );
  }
  if (head === null) {
    return {
      folder,
      tree,
      state: { kind: 'no_commit', branch, head, prefix, message: 'The repository has no commit yet; agents start from the files as they are' },
    };
  }
  return { folder, tree, state: { kind: 'ready', branch, head, prefix, message: null } };
}

/**
 * The repository of a folder in which agents are to work: its own, or the private one, which is made if need be. The one place that decides it.
 * Throws `not_found`, `no_repository` or `unsupported_repository` with the sentence of `inspectRepository`.
 */
export async function openRepository(git: Git, path: string, signal?: AbortSignal): Promise<OpenRepository> {
  const { state, folder, tree } = await inspectRepository(git, path, signal);
  if (tree !== null) {
    if (state.kind === 'shadow' && git.shadowDir !== null) await ensureShadow(git, git.shadowDir, tree);
    return { state, folder, tree };
  }
  const code = state.kind === 'missing' ? 'not_found' : state.kind === 'no_repository' ? 'no_repository' : 'unsupported_repository';
  throw new BooError(code, `Cannot work in "${path}": ${lowerFirst(state.message ?? state.kind)}`);
}

/** The repository that a worktree of a folder belongs to: the private one that it was made in, also where the folder has git by now; else the folder's own. */
export async function openRepositoryOf(git: Git, worktree: { readonly project: string; readonly id: string }, signal?: AbortSignal): Promise<OpenRepository> {
  const folder = git.shadowDir === null ? null : await realFolder(worktree.project);
  const tree = git.shadowDir === null || folder === null ? null : await findShadowOf(git.shadowDir, folder, worktree.id);
  return tree === null || folder === null ? openRepository(git, worktree.project, signal) : { folder, tree, state: SHADOW_STATE };
}

/** Makes a folder without git a repository (`git init`, nothing is added or committed) and says what it is then. */
export async function startRepository(git: Git, path: string, signal?: AbortSignal): Promise<Repository> {
  const before = await inspectRepository(git, path, signal);
  if (before.state.kind === 'ready' || before.state.kind === 'no_commit') return before;
  if (before.state.kind !== 'no_repository' && before.state.kind !== 'shadow')
    throw new BooError('unsupported_repository', `Cannot start git in "${path}": ${lowerFirst(before.state.message ?? before.state.kind)}`);
  await runGit(git, { at: before.folder, args: ['init', '--quiet'], what: `start git in "${path}"`, signal });
  return inspectRepository(git, path, signal);
}

async function realFolder(path: string): Promise<string | null> {
  try {
    const real = await realpath(resolve(path));
    return (await stat(real)).isDirectory() ? real : null;
  } catch {
    // Whatever the reason, nobody can work in a folder that cannot be reached.
    return null;
  }
}

interface Parsed {
  readonly line: string;
  readonly failed: string | null;
}

async function revParse(git: Git, folder: string, args: readonly string[], signal: AbortSignal | undefined): Promise<Parsed> {
  try {
    return { line: await gitLine(git, { at: folder, args: ['rev-parse', ...args], what: `read the repository of "${folder}"`, signal }), failed: null };
  } catch (error) {
    if (!(error instanceof BooError)) throw error;
    return { line: '', failed: error.message };
  }
}

/** Where HEAD is; null: no commit yet, and detached. */
interface Head {
  readonly head: string | null;
  readonly branch: string | null;
}

type Places =
  | { readonly failed: string }
  | { readonly top: null }
  | { readonly top: string; readonly gitDir: string; readonly commonDir: string; readonly at: Head | null };

const PLACES = ['--is-inside-work-tree', '--show-toplevel', '--absolute-git-dir', '--git-common-dir'];

/**
 * Where the repository of a folder is; `top` null: it is not among its files. One command mostly, with where HEAD is: every look at a folder begins here.
 * Several where there is no commit yet (`at` null) or a name holds a line break.
 */
async function readPlaces(git: Git, folder: string, signal: AbortSignal | undefined): Promise<Places> {
  const all = await revParse(git, folder, [...PLACES, 'HEAD^{commit}', '--symbolic-full-name', 'HEAD'], signal);
  const [isInside, top, gitDir, commonDir, head, ref, more] = all.line.split('\n');
  if (all.failed === null && isInside === 'true' && top !== undefined && gitDir !== undefined && commonDir !== undefined && head !== undefined) {
    if (ref === 'HEAD' && more === undefined) return { top, gitDir, commonDir, at: { head, branch: null } };
    if (ref?.startsWith('refs/heads/') === true && more === undefined) return { top, gitDir, commonDir, at: { head, branch: ref.slice('refs/heads/'.length) } };
  }
  const inside = await revParse(git, folder, ['--is-inside-work-tree'], signal);
  if (inside.failed !== null) return { failed: inside.failed };
  if (inside.line !== 'true') return { top: null };
  const [one, two, three] = await Promise.all([
    revParse(git, folder, ['--show-toplevel'], signal),
    revParse(git, folder, ['--absolute-git-dir'], signal),
    revParse(git, folder, ['--git-common-dir'], signal),
  ]);
  const failed = one.failed ?? two.failed ?? three.failed;
  return failed === null ? { top: one.line, gitDir: two.line, commonDir: three.line, at: null } : { failed };
}

async function readHead(git: Git, folder: string, signal: AbortSignal | undefined): Promise<Head> {
  const [commit, ref] = await Promise.all([
    revParse(git, folder, ['--verify', '--quiet', 'HEAD^{commit}'], signal),
    runGit(git, {
      at: folder,
      args: ['symbolic-ref', '--quiet', '--short', 'HEAD'],
      what: `read the branch of "${folder}"`,
      accept: () => true,
      signal,
    }),
  ]);
  return {
    head: commit.failed === null && commit.line !== '' ? commit.line : null,
    branch: ref.code === 0 ? ref.stdout.toString('utf8').replace(/\n$/u, '') : null,
  };
}

async function outsideWorkTree(git: Git, folder: string, signal: AbortSignal | undefined): Promise<Repository> {
  const bare = await revParse(git, folder, ['--is-bare-repository'], signal);
  if (bare.line === 'true')
    return without('bare', folder, `"${folder}" is a bare repository, without files to work on; open one of its worktrees, or a clone of it, as the project`);
  const elsewhere = await filesOf(git, folder, signal);
  if (elsewhere !== null)
    return without('refused', folder, `The repository in "${folder}" keeps its files in "${elsewhere}" (core.worktree); open that folder as the project`);
  const gitDir = await revParse(git, folder, ['--absolute-git-dir'], signal);
  const around = basename(gitDir.line) === '.git' ? dirname(gitDir.line) : folder;
  return without('refused', folder, `"${folder}" is inside the git directory of a repository; open "${around}" as the project`);
}

/** Where a repository says that its files are, when that is another folder. */
async function filesOf(git: Git, folder: string, signal: AbortSignal | undefined): Promise<string | null> {
  const top = await revParse(git, folder, ['--show-toplevel'], signal);
  return top.failed !== null || top.line === '' || top.line === folder ? null : top.line;
}

async function refusal(git: Git, folder: string, message: string): Promise<Repository> {
  // "(or any of the parent directories)" is said where there is none; without it a `.git` is there and leads nowhere.
  if (/not a git repository \(or any/iu.test(message)) {
    return withShadow(git, folder, `"${folder}" is not under git, so agents cannot edit in it; start git here, or use a clone`);
  }
  return without('refused', folder, message);
}

const SHADOW_STATE: RepositoryState = {
  kind: 'shadow',
  branch: null,
  head: null,
  prefix: '',
  message: 'No git here: BooCode keeps its own history outside the folder, and agents start from the files as they are.',
};

/** `message`: what is said where there are no private repositories. */
async function withShadow(git: Git, folder: string, message: string): Promise<Repository> {
  if (git.shadowDir === null) return without('no_repository', folder, message);
  const home = git.env['HOME'];
  const reason = decideShadowRefusal(folder, home === undefined ? null : ((await realFolder(home)) ?? home));
  if (reason === null) return { folder, tree: shadowTree(git.shadowDir, folder), state: SHADOW_STATE };
  const what = `"${folder}" is too wide for a history, so agents cannot edit in it: ${reason}`;
  return without('no_repository', folder, `${what}; open the folder of one piece of work as the project, or start git here`);
}

function without(kind: RepositoryState['kind'], folder: string, message: string): Repository {
  return { folder, tree: null, state: { kind, branch: null, head: null, prefix: '', message } };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
