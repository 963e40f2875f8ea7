import { commitTree, findCommit } from './commit.ts';
import { type Git, gitLine, runGit, type WorkTree } from './run-git.ts';

export interface OwnCommits {
  /** Commits of the worktree's HEAD or branch that no other branch, remote or tag has, nor the HEAD of the project's folder. Newest first. */
  readonly own: readonly string[];
  /** How many of them are elsewhere under another name: merged by rebase or squash. */
  readonly merged: number;
}

export interface FindOwnCommits {
  readonly project: WorkTree;
  readonly branch: string;
  /** The worktree's HEAD; null where there is none or it cannot be read. */
  readonly head: string | null;
}

/** What BooCode itself commits as the start of a branch: a copy of what the person has. */
const START = /^boocode@localhost\0(Start with(out files| uncommitted changes)|The folder as it is)$/u;
const MAX_COMPARED = 300;
const MAX_BEHIND = 3_000;
const MAIN_NAMES = ['refs/heads/main', 'refs/heads/master', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main', 'refs/remotes/origin/master'];

/** Which commits would be lost with a worktree and its branch. A detached HEAD counts like the branch. */
export async function findOwnCommits(git: Git, options: FindOwnCommits): Promise<OwnCommits> {
  const { project, branch } = options;
  const tips = [...new Set([options.head, await findCommit(git, project, `refs/heads/${branch}`)].filter((tip) => tip !== null))];
  if (tips.length === 0) return { own: [], merged: 0 };
  const mainHead = await findCommit(git, project, 'HEAD');
  const others = [`--exclude=${branch}`, '--branches', '--remotes', '--tags', ...(mainHead === null ? [] : [mainHead])];
  const what = `count the commits of "${branch}"`;
  const { stdout } = await runGit(git, { at: project, args: ['log', '--no-show-signature', '--format=%H%x00%ce%x00%s', ...tips, '--not', ...others], what });
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const own = lines.filter((line) => !START.test(line.slice(line.indexOf('\0') + 1))).map((line) => line.slice(0, line.indexOf('\0')));
  if (own.length === 0 || own.length > MAX_COMPARED) return { own, merged: 0 };
  return { own, merged: await countMerged(git, project, { tips, own: new Set(own), mainHead }) };
}

/** Looks where work is usually merged to: the folder's own HEAD and the main branches. */
async function countMerged(
  git: Git,
  project: WorkTree,
  { tips, own, mainHead }: { readonly tips: readonly string[]; readonly own: ReadonlySet<string>; readonly mainHead: string | null },
): Promise<number> {
  const named = await Promise.all(MAIN_NAMES.map((name) => findCommit(git, project, name)));
  const targets = new Set([mainHead, ...named].filter((commit) => commit !== null));
  const merged = new Set<string>();
  for (const target of targets) {
    for (const tip of tips) {
      for (const id of await equivalents(git, project, { target, tip })) if (own.has(id)) merged.add(id);
      if (merged.size === own.size) return merged.size;
    }
  }
  return merged.size;
}

/** The commits of `tip` whose change `target` has: each for itself, or all of them as one. */
async function equivalents(git: Git, project: WorkTree, { target, tip }: { readonly target: string; readonly tip: string }): Promise<readonly string[]> {
  const what = `look for merged commits in "${project.path}"`;
  const base = await mergeBase(git, project, target, tip);
  if (base === null || base === target) return [];
  if (Number(await gitLine(git, { at: project, args: ['rev-list', '--count', target, `^${base}`], what })) > MAX_BEHIND) return [];
  const each = await cherry(git, project, target, tip);
  if (each.kept.length === 0) return each.merged;
  const tree = await gitLine(git, { at: project, args: ['rev-parse', `${tip}^{tree}`], what });
  const squashed = await commitTree(git, project, { treeId: tree, parents: [base], message: 'All of it as one' });
  const whole = await cherry(git, project, target, squashed);
  return whole.merged.length === 1 ? [...each.merged, ...each.kept] : each.merged;
}

async function mergeBase(git: Git, project: WorkTree, one: string, other: string): Promise<string | null> {
  const { stdout, code } = await runGit(git, {
    at: project,
    args: ['merge-base', one, other],
    what: `compare branches of "${project.path}"`,
    accept: (status) => status <= 1,
  });
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

async function cherry(git: Git, project: WorkTree, target: string, tip: string): Promise<{ merged: string[]; kept: string[] }> {
  const { stdout } = await runGit(git, { at: project, args: ['cherry', target, tip], what: `look for merged commits in "${project.path}"` });
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  const of = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(2));
  return { merged: of('- '), kept: of('+ ') };
}
