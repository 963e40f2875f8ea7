import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { forgetApply } from '../src/apply-journal.ts';
import { type FolderState, findFolderState, type IgnoredChoice, keepFolderState, readFolderState } from '../src/checkpoint.ts';
import { restoreCheckpoint, type RestoreResult } from '../src/checkpoint-restore.ts';
import type { WorkTree } from '../src/run-git.ts';
import type { SnapshotBudget } from '../src/snapshot.ts';
import type { TestRepository } from './test-repository.ts';

export const BUDGET: SnapshotBudget = { maxFileBytes: 1_000_000, maxTotalBytes: 10_000_000, timeoutMs: 30_000 };

/** Checkpoints of one worktree as the server takes and restores them: a safety checkpoint first, all or none. */
export function checkpointsOf(repo: TestRepository, tree: WorkTree, options: { ignored?: IgnoredChoice | null; budget?: SnapshotBudget } = {}) {
  const read = (cover?: string, ignored = options.ignored ?? null) =>
    readFolderState(repo.git, {
      tree,
      indexFile: join(repo.root, 'checkpoint-index'),
      scratch: join(repo.root, 'scratch'),
      budget: options.budget ?? BUDGET,
      ignored,
      cover,
    });
  let count = 0;
  return {
    read,
    take: async (id: string): Promise<FolderState> => {
      const state = await read();
      await keepFolderState(repo.git, tree, { id, label: `Checkpoint ${id}`, state });
      return state;
    },
    restore: async (id: string, paths: readonly string[] | null = null): Promise<RestoreResult> => {
      const to = await findFolderState(repo.git, tree, `refs/boocode/checkpoints/${id}`);
      if (to === null) throw new Error(`no checkpoint ${id}`);
      const from = await read(to.plainTreeId, to.hasIgnored ? (options.ignored ?? { maxFileBytes: 1_000 }) : (options.ignored ?? null));
      const name = `safety-${++count}`;
      await keepFolderState(repo.git, tree, { id: name, label: 'Before a restore', state: from });
      const result = await restoreCheckpoint(repo.git, {
        tree,
        from,
        to,
        paths,
        scratch: join(repo.root, 'scratch'),
        journalDir: repo.journalDir,
        id: name,
        note: null,
        now: 1,
      });
      if (result.kind === 'restored') await forgetApply(repo.journalDir, name);
      return result;
    },
  };
}

/** Every path of a folder, byte for byte, with kind, executable bit and content; empty folders too, git directories not. */
export function filesOf(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (name: string): void => {
    const at = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
    const entries = readdirSync(at, { encoding: 'buffer' }).map((entry) => entry.toString('latin1'));
    if (entries.length === 0 && name !== '') found[`${name}/`] = 'empty folder';
    for (const entry of entries) {
      if (entry === '.git') continue;
      const path = name === '' ? entry : `${name}/${entry}`;
      const full = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(path, 'latin1')]);
      const stat = lstatSync(full);
      if (stat.isDirectory()) walk(path);
      else if (stat.isSymbolicLink()) found[path] = `link ${readlinkSync(full, { encoding: 'buffer' }).toString('latin1')}`;
      else found[path] = `${(stat.mode & 0o111) === 0 ? 'file' : 'program'} ${readFileSync(full).toString('latin1')}`;
    }
  };
  walk('');
  return found;
}

/** Writes a file whose name is given byte by byte. */
export function writeBytes(folder: string, name: string, content: string): void {
  const slash = name.lastIndexOf('/');
  if (slash > 0) mkdirSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name.slice(0, slash), 'latin1')]), { recursive: true });
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]), content);
}
