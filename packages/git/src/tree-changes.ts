import { withoutIndex } from './private-index.ts';
import { type Git, runGit, splitRecords, type WorkTree } from './run-git.ts';

/** One path that two trees have differently, by its byte-exact name and without looking for renames; null = not there on that side. */
export interface TreeChange {
  readonly name: string;
  readonly oldMode: string | null;
  readonly newMode: string | null;
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
}

/** All paths by which two trees differ, whatever their names. */
export async function listTreeChanges(git: Git, tree: WorkTree, from: string, to: string, signal?: AbortSignal): Promise<TreeChange[]> {
  if (from === to) return [];
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-ext-diff', from, to];
  const { stdout } = await runGit(git, { at: tree, args, what: `compare two states of "${tree.path}"`, env: withoutIndex(tree), signal });
  const records = splitRecords(stdout);
  const changes: TreeChange[] = [];
  for (let at = 0; at + 1 < records.length; at += 2) {
    const [oldMode = '', newMode = '', oldBlob = '', newBlob = ''] = (records[at] ?? '').slice(1).split(' ');
    const isOld = oldMode !== '000000';
    const isNew = newMode !== '000000';
    changes.push({
      name: records[at + 1] ?? '',
      oldMode: isOld ? oldMode : null,
      newMode: isNew ? newMode : null,
      oldBlob: isOld ? oldBlob : null,
      newBlob: isNew ? newBlob : null,
    });
  }
  return changes;
}

export interface TreeCounts {
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
}

/** How much each pair of trees differs, all pairs with one command. */
export async function countTreeChanges(git: Git, tree: WorkTree, pairs: readonly { readonly from: string; readonly to: string }[]): Promise<TreeCounts[]> {
  const different = pairs.filter(({ from, to }) => from !== to);
  const counts = new Map<string, TreeCounts>();
  if (different.length > 0) {
    const args = ['diff-tree', '--stdin', '-r', '-M', '-l200', '--numstat', '--no-ext-diff', '--no-textconv'];
    const input = different.map(({ from, to }) => `${from} ${to}\n`).join('');
    const { stdout } = await runGit(git, { at: tree, args, what: `compare states of "${tree.path}"`, env: withoutIndex(tree), input });
    let key = '';
    for (const line of stdout.toString('latin1').split('\n')) {
      if (/^[0-9a-f]{40,64} [0-9a-f]{40,64}$/u.test(line)) {
        key = line;
        counts.set(key, { files: 0, additions: 0, deletions: 0 });
      }
      const [added = '', removed = ''] = /^(\d+|-)\t(\d+|-)\t/u.exec(line)?.slice(1) ?? [];
      const known = counts.get(key);
      if (added === '' || known === undefined) continue;
      counts.set(key, { files: known.files + 1, additions: known.additions + lines(added), deletions: known.deletions + lines(removed) });
    }
  }
  return pairs.map(({ from, to }) => counts.get(`${from} ${to}`) ?? { files: 0, additions: 0, deletions: 0 });
}

/** A binary file has none. */
function lines(count: string): number {
  return count === '-' ? 0 : Number(count);
}
