import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { findCommit, setRef } from './commit.ts';
import { replaceDurable } from './durable-file.ts';
import { findStat } from './path-facts.ts';
import { readHead } from './private-index.ts';
import { type Git, runGit, type WorkTree } from './run-git.ts';
import { findGitDir, manyHands } from './worktree.ts';

export interface VerifyWorktree {
  /** The project's repository. */
  readonly project: WorkTree;
  readonly path: string;
  readonly branch: string;
  /** What the branch is made of again when it is gone. */
  readonly base: string;
  /** The ref that keeps the base alive; it is made again when it is gone. */
  readonly baseRef?: string | undefined;
  /** Nobody works in it: then a lock file that was left long ago may go. */
  readonly isIdle?: boolean | undefined;
  readonly now?: number | undefined;
}

export interface VerifiedWorktree {
  readonly tree: WorkTree;
  /** What was repaired, as a sentence; null = nothing was wrong. */
  readonly repaired: string | null;
  /** True when the files had to be checked out again: whatever was not committed there is gone. */
  readonly filesLost: boolean;
  /** What is unusual and was left as it is, as sentences. */
  readonly notes: readonly string[];
}

/** A lock file this old, in a worktree in which nobody works, was left by a program that was killed. */
const STALE_LOCK_MS = 15 * 60_000;
const LOCKS = ['index.lock', 'HEAD.lock', 'logs/HEAD.lock'];

/**
 * What is wrong with a worktree, as a sentence, by looking at a few files alone: cheap enough for every time it is opened. Null = nothing that can be seen so.
 * Changes nothing and never throws for what it finds.
 */
export async function findDamage(commonDir: string, path: string): Promise<string | null> {
  const folder = await findStat(path);
  if (folder === null) return 'its folder is gone';
  if (!folder.isDirectory()) return 'there is a file where its folder was';
  const pointer = await readFile(join(path, '.git'), 'utf8').catch(() => null);
  if (pointer === null) return 'its link to the repository (.git) is gone';
  const gitDir = /^gitdir: (.+)\n?$/u.exec(pointer)?.[1];
  if (gitDir === undefined || dirname(gitDir) !== join(commonDir, 'worktrees')) return 'its link to the repository (.git) is damaged';
  const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => null);
  if (back?.trimEnd() !== join(path, '.git')) return 'the repository has forgotten it';
  if (!isHead(await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => ''))) return 'its HEAD is damaged';
  if ((await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => null)) === null) return 'what git knows of it is damaged';
  if (!(await isIndex(join(gitDir, 'index')))) return 'its index is damaged';
  const lock = await findStat(join(gitDir, 'index.lock'));
  if (lock !== null && Date.now() - Number(lock.mtimeMs) > STALE_LOCK_MS) return 'git has been locked in it for long';
  return null;
}

/** Whether a file begins like an index of git; the rest is git's to check. */
async function isIndex(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(8) });
    return bytesRead === 8 && buffer.toString('latin1', 0, 4) === 'DIRC';
  } finally {
    await file.close();
  }
}

/** Makes sure that a worktree is whole, mending what was removed or damaged by hand. Throws `worktree_damaged` with a sentence when it cannot. */
export async function verifyWorktree(git: Git, options: VerifyWorktree): Promise<VerifiedWorktree> {
  try {
    return await verify(git, options);
  } catch (error) {
    if (error instanceof BooError && error.code === 'git_failed') {
      throw new BooError('worktree_damaged', `Cannot use the worktree "${options.path}": ${error.message}; or remove it and start a new session`, {
        cause: error,
      });
    }
    throw error;
  }
}

async function verify(git: Git, options: VerifyWorktree): Promise<VerifiedWorktree> {
  const { path, project } = options;
  const folder = await findStat(path);
  if (folder !== null && !folder.isDirectory())
    throw new BooError('worktree_damaged', `Cannot use the worktree "${path}": there is a file where its folder was; move it away`);
  const baseNotes = await keepBase(git, options);
  const hadBranch = await ensureBranch(git, options);
  const gitDir = (await findGitDir(project.commonDir, path)) ?? (await pointBack(project.commonDir, path));
  if (folder === null) {
    const tree = await checkOutAgain(git, options, gitDir);
    return {
      tree,
      notes: baseNotes,
      repaired: `The worktree "${path}" was gone and has been checked out again; what was not committed in it is lost unless a checkpoint has it`,
      filesLost: true,
    };
  }
  const mended: string[] = [];
  const tree = gitDir === null ? await registerAgain(git, options) : { path, gitDir, commonDir: project.commonDir };
  if (gitDir === null) mended.push('the repository had forgotten it');
  if ((await readFile(join(path, '.git'), 'utf8').catch(() => null)) !== pointerTo(tree.gitDir)) {
    await rm(join(path, '.git'), { recursive: true, force: true });
    await writeFile(join(path, '.git'), pointerTo(tree.gitDir));
    if (gitDir !== null) mended.push('its link to the repository was damaged');
  }
  if (!hadBranch) mended.push('its branch was gone');
  if (await mendCommonDir(tree)) mended.push('what git knows of it was damaged');
  const locks = await clearLocks(tree, options);
  if (locks.cleared.length > 0) mended.push('a lock file was left by a program that was killed');
  if (await mendHead(tree, options.branch)) mended.push('its HEAD was damaged');
  if (await mendIndex(git, tree)) mended.push('its index was damaged');
  const notes = [...baseNotes, ...locks.notes, ...(await unusual(git, options, tree, hadBranch))];
  return { tree, repaired: mended.length === 0 ? null : `The worktree "${path}" was repaired: ${mended.join(', ')}`, filesLost: false, notes };
}

/** The commit that changes are counted from is kept by a ref of ours; where that was removed, it is made again as long as git has the commit. */
async function keepBase(git: Git, { project, base, baseRef }: VerifyWorktree): Promise<string[]> {
  if (base === '' || baseRef === undefined || (await findCommit(git, project, baseRef)) !== null) return [];
  if ((await findCommit(git, project, base)) === null)
    return [`The commit ${base.slice(0, 12)} that its changes are counted from is gone from the repository; its files are as they were`];
  await setRef(git, project, baseRef, base);
  return [];
}

/** Where a worktree's own link still names its place among what git knows, and only the way back from there is damaged. */
async function pointBack(commonDir: string, path: string): Promise<string | null> {
  const pointer = await readFile(join(path, '.git'), 'utf8').catch(() => '');
  const gitDir = /^gitdir: (.+)\n?$/u.exec(pointer)?.[1];
  if (gitDir === undefined || dirname(gitDir) !== join(commonDir, 'worktrees') || (await findStat(gitDir))?.isDirectory() !== true) return null;
  const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '');
  // A place that belongs to another worktree, even one that is away now, is not taken from it.
  if (/^\/.*\/\.git\n?$/u.test(back)) return null;
  await replaceDurable(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`);
  return gitDir;
}

async function mendCommonDir(tree: WorkTree): Promise<boolean> {
  const text = await readFile(join(tree.gitDir, 'commondir'), 'utf8').catch(() => '');
  if (text !== '' && resolve(tree.gitDir, text.trimEnd()) === tree.commonDir) return false;
  await writeFile(join(tree.gitDir, 'commondir'), '../..\n');
  return true;
}

/** Lock files stop every git command. One goes only when it is old and nobody works here; otherwise it is explained. */
async function clearLocks(tree: WorkTree, { isIdle, now, path }: VerifyWorktree): Promise<{ cleared: string[]; notes: string[] }> {
  const cleared: string[] = [];
  const notes: string[] = [];
  for (const name of LOCKS) {
    const lock = join(tree.gitDir, name);
    const stat = await findStat(lock);
    if (stat === null) continue;
    const ageMs = (now ?? Date.now()) - Number(stat.mtimeMs);
    if (isIdle === true && ageMs >= STALE_LOCK_MS) {
      await rm(lock, { force: true });
      cleared.push(name);
    } else
      notes.push(
        `git is locked in "${path}" by "${lock}" since ${Math.max(0, Math.round(ageMs / 60_000))} min: a git command runs there, or was killed; if none runs, remove the file`,
      );
  }
  return { cleared, notes };
}

async function unusual(git: Git, { project, branch }: VerifyWorktree, tree: WorkTree, hadBranch: boolean): Promise<string[]> {
  const head = (await readFile(join(tree.gitDir, 'HEAD'), 'utf8').catch(() => '')).trimEnd();
  if (/^[0-9a-f]{40,64}$/u.test(head)) return [`Its HEAD is detached at ${head.slice(0, 12)}: commits made there are on no branch until somebody makes one`];
  if (head !== `ref: refs/heads/${branch}`) return [`It is on "${head.replace(/^ref: (refs\/heads\/)?/u, '')}" instead of its own branch "${branch}"`];
  const [last, tip] = [await lastLogged(tree.gitDir), await findCommit(git, project, `refs/heads/${branch}`)];
  if (!hadBranch || last === null || tip === null || last === tip) return [];
  return [
    `Its branch "${branch}" was moved from ${last.slice(0, 12)} to ${tip.slice(0, 12)} from outside; the files are as they were, so git shows them as changed`,
  ];
}

async function lastLogged(gitDir: string): Promise<string | null> {
  const log = await readFile(join(gitDir, 'logs', 'HEAD'), 'utf8').catch(() => '');
  const last = /^\S+ ([0-9a-f]{40,64}) /u.exec(log.trimEnd().split('\n').at(-1) ?? '')?.[1];
  return last === undefined || /^0+$/u.test(last) ? null : last;
}

function isHead(text: string): boolean {
  return /^(ref: refs\/\S+|[0-9a-f]{40,64})\n?$/u.test(text);
}

function pointerTo(gitDir: string): string {
  return `gitdir: ${gitDir}\n`;
}

/** Makes the branch again when it is gone, from what the worktree's own log knows of it, else from the base. */
async function ensureBranch(git: Git, options: VerifyWorktree): Promise<boolean> {
  const { project, branch, path } = options;
  const ref = `refs/heads/${branch}`;
  if ((await findCommit(git, project, ref)) !== null) return true;
  const gitDir = await findGitDir(project.commonDir, path);
  const last = gitDir === null ? null : await lastLogged(gitDir);
  const known = last === null ? null : await findCommit(git, project, last);
  await runGit(git, { at: project, args: ['update-ref', '--no-deref', ref, known ?? options.base], what: `restore the branch "${branch}"` });
  return false;
}

/** A HEAD that says nothing points to the branch again; where the agent went by itself is left as it is. */
async function mendHead(tree: WorkTree, branch: string): Promise<boolean> {
  const head = await readFile(join(tree.gitDir, 'HEAD'), 'utf8').catch(() => '');
  if (isHead(head)) return false;
  await writeFile(join(tree.gitDir, 'HEAD'), `ref: refs/heads/${branch}\n`);
  return true;
}

/** An index that is gone or cannot be read is made again from HEAD, as sparse as it was; what was only staged in it lies in the files. */
async function mendIndex(git: Git, tree: WorkTree): Promise<boolean> {
  const isThere = (await findStat(join(tree.gitDir, 'index'))) !== null;
  const { code } = await runGit(git, { at: tree, args: ['ls-files', '-z'], what: `read the index of "${tree.path}"`, accept: () => true });
  if (isThere && code === 0) return false;
  await readHead(git, tree, join(tree.gitDir, 'index'));
  return true;
}

async function checkOutAgain(git: Git, options: VerifyWorktree, gitDir: string | null): Promise<WorkTree> {
  const { project, path, branch } = options;
  if (gitDir !== null) await rm(gitDir, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  const args = [...manyHands(), 'worktree', 'add', '--quiet', '--force', '--', path, branch];
  await runGit(git, { at: project, args, what: `check out the worktree "${path}" again`, env: { GIT_LFS_SKIP_SMUDGE: '1' }, timeoutMs: 1_800_000 });
  const found = await findGitDir(project.commonDir, path);
  if (found === null) throw new BooError('worktree_damaged', `Cannot use the worktree "${path}": git did not register it; remove it and start a new session`);
  return { path, gitDir: found, commonDir: project.commonDir };
}

/** Lets git register a worktree beside the folder and then gives it the folder: the files stay as they are. */
async function registerAgain(git: Git, options: VerifyWorktree): Promise<WorkTree> {
  const { project, path, branch } = options;
  const beside = `${path}.registering`;
  await rm(beside, { recursive: true, force: true });
  const args = ['worktree', 'add', '--quiet', '--force', '--no-checkout', '--', beside, branch];
  await runGit(git, { at: project, args, what: `register the worktree "${path}" again` });
  const made = await findGitDir(project.commonDir, beside);
  if (made === null) throw new BooError('worktree_damaged', `Cannot use the worktree "${path}": git did not register it; remove it and start a new session`);
  const usual = join(dirname(made), basename(path));
  const gitDir = (await findStat(usual)) === null ? usual : made;
  if (gitDir !== made) await rename(made, gitDir);
  await writeFile(join(gitDir, 'gitdir.next'), `${join(path, '.git')}\n`);
  await rename(join(gitDir, 'gitdir.next'), join(gitDir, 'gitdir'));
  await rm(beside, { recursive: true, force: true });
  const tree = { path, gitDir, commonDir: project.commonDir };
  await readHead(git, tree, join(gitDir, 'index'));
  return tree;
}
