import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { findCommit } from './commit.ts';
import { findStat } from './path-facts.ts';
import { readHead } from './private-index.ts';
import { type Git, runGit, type WorkTree } from './run-git.ts';
import { findGitDir } from './worktree.ts';

export interface VerifyWorktree {
  /** The project's repository. */
  readonly project: WorkTree;
  readonly path: string;
  readonly branch: string;
  /** What the branch is made of again when it is gone. */
  readonly base: string;
}

export interface VerifiedWorktree {
  readonly tree: WorkTree;
  /** What was repaired, as a sentence; null = nothing was wrong. */
  readonly repaired: string | null;
  /** True when the files had to be checked out again: whatever was not committed there is gone. */
  readonly filesLost: boolean;
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
  const hadBranch = await ensureBranch(git, options);
  const gitDir = await findGitDir(project.commonDir, path);
  if (folder === null) {
    const tree = await checkOutAgain(git, options, gitDir);
    return {
      tree,
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
  if (await mendHead(tree, options.branch)) mended.push('its HEAD was damaged');
  if (await mendIndex(git, tree)) mended.push('its index was damaged');
  return { tree, repaired: mended.length === 0 ? null : `The worktree "${path}" was repaired: ${mended.join(', ')}`, filesLost: false };
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
  const log = gitDir === null ? '' : await readFile(join(gitDir, 'logs', 'HEAD'), 'utf8').catch(() => '');
  const last = /^\S+ ([0-9a-f]{40,64}) /u.exec(log.trimEnd().split('\n').at(-1) ?? '')?.[1];
  const known = last === undefined || /^0+$/u.test(last) ? null : await findCommit(git, project, last);
  await runGit(git, { at: project, args: ['update-ref', '--no-deref', ref, known ?? options.base], what: `restore the branch "${branch}"` });
  return false;
}

/** A HEAD that says nothing points to the branch again; where the agent went by itself is left as it is. */
async function mendHead(tree: WorkTree, branch: string): Promise<boolean> {
  const head = await readFile(join(tree.gitDir, 'HEAD'), 'utf8').catch(() => '');
  if (/^(ref: refs\/\S+|[0-9a-f]{40,64})\n?$/u.test(head)) return false;
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
  const args = ['worktree', 'add', '--quiet', '--force', '--', path, branch];
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
