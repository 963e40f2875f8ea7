import { join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { commitOps, FolderMoved } from './apply-commit.ts';
import { type ApplyPlan, type FileConflict, type FileEdit, type PlannedFile, planApply } from './apply-plan.ts';
import type { Git, WorkTree } from './run-git.ts';

export interface ApplyChanges {
  /** The repository whose folder is written: the project's, or a worktree. */
  readonly tree: WorkTree;
  /** The project's folder inside it ('' = all of it). */
  readonly prefix: string;
  readonly edits: readonly FileEdit[];
  /** Where journals lie; one directory for the whole program. */
  readonly journalDir: string;
  /** Names the journal: letters, digits, `-`, `_`. */
  readonly id: string;
  /** JSON that `recoverApplies` gives back, so that the caller can write down what became of it. */
  readonly note: unknown;
  /** `exact` refuses every file that is not as the edit's old side says; `merge` by default. */
  readonly match?: 'merge' | 'exact' | undefined;
  /** Proposals that a person has looked at and confirmed; one that would be another by now is a conflict again. */
  readonly confirm?: readonly { readonly path: string; readonly blob: string }[] | undefined;
  readonly now: number;
}

export type ApplyResult =
  | { readonly kind: 'applied'; readonly files: readonly PlannedFile[] }
  /** Nothing was changed. */
  | { readonly kind: 'conflict'; readonly conflicts: readonly FileConflict[] };

/** What `applyChanges` would do, without doing it. */
export function previewApply(git: Git, options: Omit<ApplyChanges, 'id' | 'note' | 'now'>): Promise<ApplyPlan> {
  return planApply(git, { ...options, match: options.match ?? 'merge', scratch: join(options.journalDir, 'scratch') });
}

/**
 * Brings edits into a folder by a three-way merge per file: all of them or none, also when killed in the middle (`recoverApplies` at the next start).
 * Index, HEAD, refs, config and hooks stay as they are. After `applied` the journal waits until the caller has written the result down: `forgetApply`.
 */
export async function applyChanges(git: Git, options: ApplyChanges): Promise<ApplyResult> {
  for (let attempt = 1; ; attempt++) {
    const plan = await previewApply(git, options);
    if (plan.conflicts.length > 0) return { kind: 'conflict', conflicts: plan.conflicts };
    try {
      await commitOps({
        journalDir: options.journalDir,
        id: options.id,
        folder: options.tree.path,
        prefix: options.prefix,
        note: options.note,
        ops: plan.ops,
        now: options.now,
      });
      return { kind: 'applied', files: plan.files };
    } catch (error) {
      if (!(error instanceof FolderMoved)) throw explain(error, options.tree.path);
      if (attempt === 3)
        throw new BooError(
          'change_conflict',
          `Cannot change files in "${options.tree.path}": "${error.path}" keeps changing meanwhile; stop what writes it and try again`,
          { cause: error },
        );
    }
  }
}

/** The way back of an edit: rewinding is applying this. */
export function invertEdit(edit: FileEdit): FileEdit {
  return {
    path: edit.oldPath ?? edit.path,
    oldPath: edit.oldPath === null ? null : edit.path,
    oldBlob: edit.newBlob,
    newBlob: edit.oldBlob,
    oldMode: edit.newMode,
    newMode: edit.oldMode,
  };
}

function explain(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof BooError) return error;
  const where = 'path' in error && typeof error.path === 'string' ? `"${error.path}"` : `"${folder}"`;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new BooError('storage_full', `Cannot change files in "${folder}": the disk is full, and nothing was changed; free some space and try again`, {
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new BooError(
        'change_conflict',
        `Cannot change files in "${folder}": writing ${where} is not permitted, and nothing was changed; make it writable and try again`,
        { cause: error },
      );
    default:
      return error;
  }
}
