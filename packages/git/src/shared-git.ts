import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, runGit, type WorkTree } from './run-git.ts';

/** What all worktrees of a repository share and an agent has no business changing: config, hooks, and refs, each with a fingerprint. */
export type SharedState = Readonly<Record<string, string>>;

/** Reads the shared state, without BooCode's own refs and without the branch the agent works on. Compared before and after a turn. */
export async function readSharedState(git: Git, tree: WorkTree, ownBranch: string | null): Promise<SharedState> {
  const state: Record<string, string> = {};
  const { stdout } = await runGit(git, {
    at: tree,
    args: ['for-each-ref', '--format=%(refname) %(objectname)%(symref)'],
    what: `list the refs of "${tree.path}"`,
  });
  for (const line of stdout.toString('utf8').split('\n')) {
    const [ref = '', id = ''] = line.split(' ');
    if (ref !== '' && !ref.startsWith('refs/boocode/') && ref !== `refs/heads/${ownBranch}`) state[ref] = id;
  }
  for (const name of ['HEAD', 'config', 'config.worktree', 'info/attributes', 'info/exclude', 'info/grafts', 'objects/info/alternates']) {
    const content = await readFile(join(tree.commonDir, name)).catch(() => null);
    if (content !== null) state[name] = fingerprint(content);
  }
  const hooks = await readdir(join(tree.commonDir, 'hooks')).catch(() => []);
  for (const name of hooks.filter((each) => !each.endsWith('.sample'))) {
    const content = await readFile(join(tree.commonDir, 'hooks', name)).catch(() => null);
    if (content !== null) state[`hooks/${name}`] = fingerprint(content);
  }
  return state;
}

/** The names whose state differs: refs, `config`, `hooks/<name>` and the like. */
export function compareSharedState(before: SharedState, after: SharedState): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).toSorted();
}

function fingerprint(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
