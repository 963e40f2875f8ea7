import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { applyChanges, invertEdit } from '@boocode/git/apply-changes.ts';
import { forgetApply } from '@boocode/git/apply-journal.ts';
import { collectChanges } from '@boocode/git/collect-changes.ts';
import { readFileHunks } from '@boocode/git/file-hunks.ts';
import { openRepository } from '@boocode/git/repository.ts';
import { openGit } from '@boocode/git/run-git.ts';
import type { Bench, Measure } from '../bench.ts';
import { atMost, compared, type Figure, figure } from '../figure.ts';
import { CHANGED, changeFiles, FILES, makeRepository } from '../large-repository.ts';
import { percentile } from '../statistics.ts';

const ROUNDS = 15;

/** Reading what a turn left in a repository of 10,000 files, and taking it into the folder. */
export const changes: Measure = {
  name: 'changes',
  title: `pending changes of a repository of ${FILES} files, ${CHANGED} of them changed (${ROUNDS} times)`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const folder = join(bench.folder, 'changes');
    makeRepository(folder);
    const git = openGit({ env: bench.env });
    const { tree } = await openRepository(git, folder);
    const base = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: folder, encoding: 'utf8' }).trim();
    const collect = () => collectChanges(git, { tree, base, indexFile: join(bench.folder, 'changes.index'), keepRef: 'refs/boocode/pending/bench' });
    await collect();
    const times: Record<'collect' | 'status' | 'apply' | 'write', number[]> = { collect: [], status: [], apply: [], write: [] };
    for (let round = 0; round < ROUNDS; round++) {
      times.write.push(clock(() => changeFiles(folder, round)));
      times.status.push(clock(() => execFileSync('git', ['status', '--porcelain'], { cwd: folder, env: { ...bench.env, GIT_OPTIONAL_LOCKS: '0' } })));
      const startedAt = performance.now();
      const { changes: found, runs } = await collect();
      await readFileHunks(
        git,
        tree,
        found.map((file) => ({ file, runs: runs.get(file.path) ?? null, decided: null })),
      );
      times.collect.push(performance.now() - startedAt);
      if (found.length !== CHANGED) throw new Error(`Cannot measure: ${found.length} changed files were found instead of ${CHANGED}`);
      const journalDir = join(bench.folder, 'changes.journal');
      const appliedAt = performance.now();
      const result = await applyChanges(git, { tree, prefix: '', edits: found.map(invertEdit), journalDir, id: `bench-${round}`, note: null, now: 0 });
      times.apply.push(performance.now() - appliedAt);
      if (result.kind !== 'applied') throw new Error('Cannot measure: the changes were not taken back');
      await forgetApply(journalDir, `bench-${round}`);
    }
    return [
      compared(
        'collecting what a turn changed, hunks too, p50 (ratio: to `git status`)',
        percentile(times.collect, 0.5),
        percentile(times.status, 0.5),
        'ms',
        atMost(100),
      ),
      figure('the same, p95', percentile(times.collect, 0.95), 'ms'),
      compared(
        `taking ${CHANGED} files into the folder, journalled and synced, p50 (ratio: to writing them)`,
        percentile(times.apply, 0.5),
        percentile(times.write, 0.5),
        'ms',
      ),
    ];
  },
};

function clock(work: () => unknown): number {
  const startedAt = performance.now();
  work();
  return performance.now() - startedAt;
}
