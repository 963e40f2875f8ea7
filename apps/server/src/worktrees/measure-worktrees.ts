import type { WorktreeId } from '@boocode/contracts/ids.ts';
import { measureFolder } from '@boocode/git/measure-folder.ts';
import { findTrashPath } from './trash-store.ts';
import type { WorktreeDeps } from './worktree-deps.ts';
import { findWorktree, listUnmeasured, updateDisk } from './worktree-store.ts';

const EVERY_MS = 5 * 60_000;
/** A worktree that is worked in is measured again after this. */
const AGE_MS = 30 * 60_000;

/** Measures in the background what worktrees take on the disk, one at a time, so that lists show it at once with its time. */
export class WorktreeMeter implements AsyncDisposable {
  readonly #deps: Pick<WorktreeDeps, 'sql' | 'log'>;
  readonly #timer: NodeJS.Timeout;
  readonly #end = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(deps: Pick<WorktreeDeps, 'sql' | 'log'>) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.run(), EVERY_MS).unref();
  }

  /** Measures what was not measured for long. Never rejects. */
  run(): Promise<void> {
    this.#running = this.#running.then(async () => {
      try {
        for (const worktree of await listUnmeasured(this.#deps.sql, AGE_MS)) await this.measure(worktree.id);
      } catch (error) {
        if (!this.#end.signal.aborted) this.#deps.log.warn({ err: error }, 'cannot measure worktrees');
      }
    });
    return this.#running;
  }

  async measure(id: WorktreeId): Promise<void> {
    const worktree = await findWorktree(this.#deps.sql, id);
    if (worktree === null) return;
    const path = (await findTrashPath(this.#deps.sql, id)) ?? worktree.path;
    await updateDisk(this.#deps.sql, id, await measureFolder(path, this.#end.signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    await this.#running;
  }
}
