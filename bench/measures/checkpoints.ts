import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { checkpointRefOf, keepFolderState, readFolderState } from '@boocode/git/checkpoint.ts';
import { openRepository } from '@boocode/git/repository.ts';
import { openGit } from '@boocode/git/run-git.ts';
import type { Bench, Measure } from '../bench.ts';
import { atMost, compared, type Figure, figure, ratioAtMost } from '../figure.ts';
import { CHANGED, changeFiles, FILES, makeRepository } from '../large-repository.ts';
import { percentile } from '../statistics.ts';

const ROUNDS = 30;
const BEFORE = 2_000;
const BUDGET = { maxFileBytes: 10_000_000, maxTotalBytes: 1_000_000_000, timeoutMs: 60_000 };

/** Keeping the files of a repository of 10,000, and that it costs the same however many checkpoints there are. */
export const checkpoints: Measure = {
  name: 'checkpoints',
  title: `a checkpoint of a repository of ${FILES} files, ${CHANGED} of them changed (${ROUNDS} times, and again with ${BEFORE} checkpoints)`,
  async run(bench: Bench): Promise<readonly Figure[]> {
    const folder = join(bench.folder, 'checkpoints');
    makeRepository(folder);
    const git = openGit({ env: bench.env });
    const { tree } = await openRepository(git, folder);
    const options = { tree, indexFile: join(bench.folder, 'checkpoints.index'), scratch: join(bench.folder, 'scratch'), budget: BUDGET, ignored: null };
    const take = async (id: string) => keepFolderState(git, tree, { id, label: 'Bench', state: await readFolderState(git, options) });
    const first = await take('first');
    const times: Record<'status' | 'few' | 'many', number[]> = { status: [], few: [], many: [] };
    const measure = async (into: number[], from: number) => {
      for (let round = from; round < from + ROUNDS; round++) {
        changeFiles(folder, round);
        const statusAt = performance.now();
        execFileSync('git', ['status', '--porcelain'], { cwd: folder, env: { ...bench.env, GIT_OPTIONAL_LOCKS: '0' } });
        times.status.push(performance.now() - statusAt);
        const startedAt = performance.now();
        await take(`round-${round}`);
        into.push(performance.now() - startedAt);
      }
    };
    await measure(times.few, 0);
    const refs = Array.from({ length: BEFORE }, (_, number) => `create ${checkpointRefOf(`before-${number}`)} ${first}\n`).join('');
    execFileSync('git', ['update-ref', '--stdin'], { cwd: folder, input: refs });
    await measure(times.many, ROUNDS);
    const [few, many] = [percentile(times.few, 0.5), percentile(times.many, 0.5)];
    return [
      compared('a checkpoint, p50 (ratio: to `git status`)', few, percentile(times.status, 0.5), 'ms', atMost(150)),
      figure('the same, p95', percentile(times.few, 0.95), 'ms'),
      compared(`with ${BEFORE} checkpoints, p50 (ratio: to the first)`, many, few, 'ms', ratioAtMost(1.3)),
    ];
  },
};
