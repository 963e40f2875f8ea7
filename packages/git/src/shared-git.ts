import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, runGit, type WorkTree } from './run-git.ts';

/** What all worktrees of a repository share and an agent has no business changing: config, hooks, and refs, each with a fingerprint. */
export type SharedState = Readonly<Record<string, string>>;

/** Reads the shared state, without BooCode's own refs and without the branch the agent works on. Compared before and after a turn. */
export async function readSharedState(git: Git, tree: WorkTree, ownBranch: string | null): Promise<SharedState> {
  const [refs, files] = await Promise.all([readRefs(git, tree), readFiles(tree.commonDir)]);
  const isOwn = (ref: string) => ref.startsWith('refs/boocode/') || ref === `refs/heads/${ownBranch}`;
  return Object.fromEntries([...refs.filter(([ref]) => !isOwn(ref)), ...files]);
}

async function readRefs(git: Git, tree: WorkTree): Promise<[string, string][]> {
  const { stdout } = await runGit(git, {
    at: tree,
    args: ['for-each-ref', '--format=%(refname) %(objectname)%(symref)'],
    what: `list the refs of "${tree.path}"`,
  });
  const lines = stdout.toString('utf8').split('\n');
  return lines.flatMap((line): [string, string][] => {
    const [ref = '', id = ''] = line.split(' ');
    return ref === '' ? [] : [[ref, id]];
  });
}

const STEERING_FILES = ['HEAD', 'config', 'config.worktree', 'info/attributes', 'info/exclude', 'info/grafts', 'objects/info/alternates'];

/** The files that steer git, and the hooks. */
async function readFiles(commonDir: string): Promise<[string, string][]> {
  const hooks = await readdir(join(commonDir, 'hooks')).catch(() => []);
  const names = [...STEERING_FILES, ...hooks.filter((name) => !name.endsWith('.sample')).map((name) => `hooks/${name}`)];
  const contents = await Promise.all(names.map((name) => readFile(join(commonDir, name)).catch(() => null)));
  return names.flatMap((name, index): [string, string][] => {
    const content = contents[index] ?? null;
    return content === null ? [] : [[name, fingerprint(content)]];
  });
}

/** The names whose state differs: refs, `config`, `hooks/<name>` and the like. */
export function compareSharedState(before: SharedState, after: SharedState): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]).toSorted();
}

function fingerprint(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
