import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFilteredPaths, hashContent, readBlobs, smudgeBlob, writeBlob } from './blobs.ts';
import { mergeTexts } from './merge-text.ts';
import { type Proposal, propose } from './propose.ts';
import { describeBlocker, type PathState, readPathStates } from './path-facts.ts';
import { decidePathRefusal } from './repo-path-policy.ts';
import { type Git, gitLine, type WorkTree } from './run-git.ts';
import { inStyle, isBinary, isLfsPointer, plainText, styleOf } from './text-style-policy.ts';

/** One file's way from an old to a new content: what a change says, or a part of it. Blobs and modes as in FileChange. */
export interface FileEdit {
  readonly path: string;
  readonly oldPath: string | null;
  readonly oldBlob: string | null;
  readonly newBlob: string | null;
  readonly oldMode: string | null;
  readonly newMode: string | null;
}

export type ConflictReason =
  /** Both sides changed the same lines: `merged` shows them between markers. */
  | 'overlap'
  /** The file was changed there, and the edit deletes it (or must find it as it was). */
  | 'modified'
  | 'missing'
  /** Another file lies where the edit makes one. */
  | 'exists'
  | 'binary'
  /** A file, folder or link is in the way. */
  | 'in_the_way'
  /** The path leads out of the project, or into a git directory. */
  | 'outside'
  | 'unsupported';

export interface FileConflict {
  readonly path: string;
  readonly reason: ConflictReason;
  /** A sentence for the person. */
  readonly message: string;
  readonly merged: string | null;
  /** Where the edit seems to belong: a whole text for the file, to be looked at and confirmed. */
  readonly proposal?: Proposal | undefined;
}

export interface PlannedFile {
  readonly path: string;
  readonly oldPath: string | null;
  /** `merged`: with the person's own changes kept; `unchanged`: the folder already is as wanted. */
  readonly outcome: 'written' | 'merged' | 'removed' | 'unchanged';
}

/** What is to be done to the folder, with what was seen there. */
export type PlannedOp =
  | { readonly kind: 'remove'; readonly path: string; readonly seen: PathState }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly seen: PathState;
      readonly like: PathState;
      readonly type: 'file' | 'symlink';
      readonly content: Buffer;
      readonly exec: boolean;
    };

export interface ApplyPlan {
  readonly files: readonly PlannedFile[];
  readonly ops: readonly PlannedOp[];
  readonly conflicts: readonly FileConflict[];
}

export interface PlanOptions {
  readonly tree: WorkTree;
  /** The project's folder inside the tree ('' = all of it). Edits outside it are refused. */
  readonly prefix: string;
  readonly edits: readonly FileEdit[];
  /** `exact` refuses every file that is not as the edit's old side says. */
  readonly match: 'merge' | 'exact';
  /** Proposals that a person has confirmed. */
  readonly confirm?: readonly { readonly path: string; readonly blob: string }[] | undefined;
  readonly scratch: string;
}

interface Context extends PlanOptions {
  readonly git: Git;
  readonly states: ReadonlyMap<string, PathState>;
  readonly filtered: ReadonlySet<string>;
  readonly hasFileModes: boolean;
  /** The new sides of the edits that need no filter. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

interface Step {
  readonly file?: PlannedFile;
  readonly ops: readonly PlannedOp[];
  readonly conflict?: FileConflict;
}

/** Works out a three-way merge of every edit with the folder as it is. Writes nothing in the folder. */
export async function planApply(git: Git, options: PlanOptions): Promise<ApplyPlan> {
  const refused = options.edits.flatMap((edit) => refusalOf(edit, options.prefix) ?? []);
  if (refused.length > 0) return { files: [], ops: [], conflicts: refused };
  const paths = options.edits.flatMap((edit) => (edit.oldPath === null ? [edit.path] : [edit.oldPath, edit.path]));
  if (new Set(paths).size !== paths.length) throw new TypeError('Two edits name the same path');
  const [states, filtered, hasFileModes] = await Promise.all([
    readPathStates(git, options.tree, paths),
    findFilteredPaths(git, options.tree, paths),
    readFileModes(git, options.tree),
  ]);
  const plain = options.edits.flatMap((edit) => (edit.newBlob === null || (filtered.has(edit.path) && edit.newMode !== '120000') ? [] : [edit.newBlob]));
  const context: Context = { ...options, git, states, filtered, hasFileModes, contents: await readBlobs(git, options.tree, plain) };
  const steps: Step[] = [];
  for (const edit of options.edits) steps.push(await planEdit(context, edit));
  const ops = steps.flatMap((step) => step.ops);
  const conflicts = [...steps.flatMap((step) => step.conflict ?? []), ...(await findObstacles(options.tree, ops))];
  return { files: steps.flatMap((step) => step.file ?? []), ops, conflicts };
}

function refusalOf(edit: FileEdit, prefix: string): FileConflict | null {
  for (const path of edit.oldPath === null ? [edit.path] : [edit.oldPath, edit.path]) {
    const refusal =
      decidePathRefusal(path) ??
      (prefix === '' || path.startsWith(`${prefix}/`) ? null : "it lies outside the project's folder; open the whole repository as a project to take it over");
    if (refusal !== null) return { path: edit.path, reason: 'outside', message: `"${path}" cannot be written: ${refusal}`, merged: null };
  }
  if (edit.oldMode === '160000' || edit.newMode === '160000') {
    return { path: edit.path, reason: 'unsupported', message: `"${edit.path}" is a sub-module: take its change over with git`, merged: null };
  }
  return null;
}

async function readFileModes(git: Git, tree: WorkTree): Promise<boolean> {
  const value = await gitLine(git, {
    at: tree,
    args: ['config', '--type=bool', '--get', 'core.fileMode'],
    what: `read the configuration of "${tree.path}"`,
    accept: (code) => code <= 1,
  });
  return value !== 'false';
}

async function planEdit(context: Context, edit: FileEdit): Promise<Step> {
  if (edit.oldBlob === null) return planAdd(context, edit);
  const source = stateAt(context, edit.oldPath ?? edit.path);
  if (edit.newBlob === null) return planRemove(edit, source);
  if (edit.oldPath !== null) {
    const target = stateAt(context, edit.path);
    if (source.kind === 'missing' && isSide(target, edit.newBlob, edit.newMode)) return unchanged(edit);
    if (target.kind !== 'missing' && target.kind !== 'directory')
      return conflict(edit, 'exists', `"${edit.path}" already exists in the folder, so "${edit.oldPath}" cannot be renamed to it`);
  }
  return planChange(context, edit, source);
}

async function planAdd(context: Context, edit: FileEdit): Promise<Step> {
  const seen = stateAt(context, edit.path);
  if (edit.newBlob === null || isSide(seen, edit.newBlob, edit.newMode)) return unchanged(edit);
  if (seen.kind === 'missing' || seen.kind === 'directory')
    return write(context, edit, { content: edit.newBlob, outcome: 'written', exec: edit.newMode === '100755', seen, like: seen });
  if (seen.kind === 'other') return conflict(edit, 'in_the_way', `"${edit.path}" is no plain file in the folder`);
  if (context.match === 'exact' || seen.kind === 'symlink' || edit.newMode === '120000')
    return conflict(edit, 'exists', `"${edit.path}" already exists in the folder, with another content`);
  const merged = await mergeBlobs(context, { base: null, ours: seen.blob, theirs: edit.newBlob });
  return conflict(edit, 'exists', `"${edit.path}" already exists in the folder, with another content`, merged.kind === 'overlap' ? merged.text : null);
}

function planRemove(edit: FileEdit, seen: PathState): Step {
  if (seen.kind === 'missing') return unchanged(edit);
  if (!isSide(seen, edit.oldBlob, edit.oldMode)) return conflict(edit, 'modified', `"${edit.path}" is to be deleted, but was changed in the folder`);
  return { file: { path: edit.path, oldPath: null, outcome: 'removed' }, ops: [{ kind: 'remove', path: edit.path, seen }] };
}

async function planChange(context: Context, edit: FileEdit, seen: PathState): Promise<Step> {
  const name = edit.oldPath ?? edit.path;
  if (seen.kind === 'missing')
    return conflict(
      edit,
      'missing',
      `"${name}" is not in the folder any more${seen.blocker === null ? '' : `: "${seen.blocker.path}" is ${describeBlocker(seen.blocker)} there`}`,
    );
  if (seen.kind === 'directory' || seen.kind === 'other') return conflict(edit, 'in_the_way', `"${name}" is no plain file in the folder any more`);
  if (edit.oldPath === null && isSide(seen, edit.newBlob, edit.newMode) && (!context.hasFileModes || seen.exec === (edit.newMode === '100755')))
    return unchanged(edit);
  const exec = mergedExec(context, edit, seen);
  if (isSide(seen, edit.oldBlob, edit.oldMode)) {
    const content = edit.oldBlob === edit.newBlob && edit.newMode !== '120000' && seen.kind === 'file' ? null : edit.newBlob;
    return write(context, edit, { content, outcome: 'written', exec, seen, like: seen });
  }
  if (context.match === 'exact') return conflict(edit, 'modified', `"${name}" was changed since it was shown`);
  if (isSide(seen, edit.newBlob, edit.newMode))
    return write(context, edit, { content: seen.kind === 'symlink' ? edit.newBlob : null, outcome: 'written', exec, seen, like: seen });
  const isText = seen.kind === 'file' && edit.oldMode !== '120000' && edit.newMode !== '120000';
  if (!isText) return conflict(edit, 'binary', `"${name}" was changed in the folder too, and a link cannot be merged`);
  if (edit.oldBlob === edit.newBlob) return write(context, edit, { content: null, outcome: 'merged', exec, seen, like: seen });
  const merged = await mergeBlobs(context, { base: edit.oldBlob, ours: seen.blob, theirs: edit.newBlob ?? '' });
  switch (merged.kind) {
    case 'clean':
      return write(context, edit, { content: merged.blob === seen.blob ? null : merged.blob, outcome: 'merged', exec, seen, like: seen });
    case 'overlap':
      return planOverlap(context, edit, { seen, exec, merged: merged.text });
    case 'binary':
      return conflict(edit, 'binary', `"${name}" was changed in the folder too, and its content cannot be merged`);
  }
}

/** Both sides changed the same lines: a conflict, unless a person has seen where the change belongs instead and confirmed exactly that. */
async function planOverlap(
  context: Context,
  edit: FileEdit,
  { seen, exec, merged }: { readonly seen: PathState & { readonly blob: string }; readonly exec: boolean; readonly merged: string },
): Promise<Step> {
  const proposal = await propose(context.git, context.tree, { base: edit.oldBlob, ours: seen.blob, theirs: edit.newBlob });
  const isConfirmed = proposal !== null && context.confirm?.some(({ path, blob }) => path === edit.path && blob === proposal.blob) === true;
  if (isConfirmed) return write(context, edit, { content: proposal.blob, outcome: 'merged', exec, seen, like: seen });
  const step = conflict(edit, 'overlap', `"${edit.oldPath ?? edit.path}" was changed in the folder in the same lines`, merged);
  return proposal === null || step.conflict === undefined ? step : { ...step, conflict: { ...step.conflict, proposal } };
}

/** Whether what lies there is one side of the edit. The executable bit is looked at apart. */
function isSide(state: PathState, blob: string | null, mode: string | null): boolean {
  if (state.kind !== 'file' && state.kind !== 'symlink') return false;
  return state.blob === blob && (state.kind === 'symlink') === (mode === '120000');
}

function mergedExec(context: Context, edit: FileEdit, seen: { readonly exec: boolean }): boolean {
  const before = edit.oldMode === '100755';
  const after = edit.newMode === '100755';
  // An edit of the content alone leaves the bit as it lies there, whatever the tree says: with core.fileMode=false git does not look at it.
  if (edit.oldMode === edit.newMode) return seen.exec;
  return !context.hasFileModes || seen.exec === before || edit.oldMode === '120000' ? after : seen.exec;
}

type Merged = { readonly kind: 'clean'; readonly blob: string } | { readonly kind: 'overlap'; readonly text: string } | { readonly kind: 'binary' };

async function mergeBlobs(context: Context, sides: { readonly base: string | null; readonly ours: string; readonly theirs: string }): Promise<Merged> {
  const { git, tree, scratch } = context;
  const contents = await readBlobs(
    git,
    tree,
    [sides.base, sides.ours, sides.theirs].filter((id) => id !== null),
  );
  const base = sides.base === null ? Buffer.alloc(0) : contentOf(contents, sides.base);
  const ours = contentOf(contents, sides.ours);
  const theirs = contentOf(contents, sides.theirs);
  if ([base, ours, theirs].some((content) => isBinary(content) || isLfsPointer(content))) return { kind: 'binary' };
  const merged = await mergeTexts(git, { scratch, base, ours, theirs, labels: { ours: 'your folder', theirs: 'the change' } });
  if (!merged.clean) return { kind: 'overlap', text: merged.text.toString('utf8') };
  return { kind: 'clean', blob: await writeBlob(git, tree, merged.text) };
}

interface Write {
  /** The blob to write; null = the bytes that lie there. */
  readonly content: string | null;
  readonly outcome: 'written' | 'merged';
  readonly exec: boolean;
  readonly seen: PathState;
  /** Whose permissions and owner the file keeps. */
  readonly like: PathState;
}

async function write(context: Context, edit: FileEdit, { content, outcome, exec, seen, like }: Write): Promise<Step> {
  const source = edit.oldPath ?? edit.path;
  const isMove = edit.oldPath !== null;
  if (!isMove && content === null && seen.kind === 'file' && (seen.exec === exec || !context.hasFileModes)) return unchanged(edit);
  const type = (content === null ? like.kind === 'symlink' : edit.newMode === '120000') ? 'symlink' : 'file';
  const bytes = content === null ? await readFile(join(context.tree.path, source)) : await fileContent(context, edit, { id: content, seen, type });
  const target = isMove ? stateAt(context, edit.path) : seen;
  const ops: PlannedOp[] = [{ kind: 'write', path: edit.path, seen: target, like, type, content: bytes, exec }];
  if (edit.oldPath !== null) ops.push({ kind: 'remove', path: edit.oldPath, seen });
  return { file: { path: edit.path, oldPath: edit.oldPath, outcome }, ops };
}

/** A blob as the bytes of the file: through git's filters, but with the line endings that the person's file has where git would take both. */
async function fileContent(
  context: Context,
  edit: FileEdit,
  wanted: { readonly id: string; readonly seen: PathState; readonly type: 'file' | 'symlink' },
): Promise<Buffer> {
  const { git, tree } = context;
  if (wanted.type === 'symlink' || !context.filtered.has(edit.path)) {
    return context.contents.get(wanted.id) ?? contentOf(await readBlobs(git, tree, [wanted.id]), wanted.id);
  }
  const content = await smudgeBlob(git, tree, edit.path, wanted.id);
  if (wanted.seen.kind !== 'file' || isBinary(content)) return content;
  const theirs = styleOf(await readFile(join(tree.path, edit.oldPath ?? edit.path)));
  const own = styleOf(content);
  if (theirs.eol === own.eol || theirs.eol === 'mixed' || theirs.eol === 'none' || own.eol === 'mixed') return content;
  const kept = inStyle(plainText(content), { bom: own.bom, eol: theirs.eol });
  return (await hashContent(git, tree, edit.path, kept)) === wanted.id ? kept : content;
}

/** What lies in the way of the writes and is not removed by the same plan. */
async function findObstacles(tree: WorkTree, ops: readonly PlannedOp[]): Promise<FileConflict[]> {
  const removed = new Set(ops.filter((op) => op.kind === 'remove').map((op) => op.path));
  const conflicts: FileConflict[] = [];
  for (const op of ops) {
    if (op.kind === 'remove') continue;
    const { seen } = op;
    if (seen.kind === 'missing' && seen.blocker !== null && !removed.has(seen.blocker.path)) {
      const what = describeBlocker(seen.blocker);
      conflicts.push({ path: op.path, reason: 'in_the_way', message: `"${op.path}" cannot be written: "${seen.blocker.path}" is ${what}`, merged: null });
    }
    const stranger = seen.kind === 'directory' ? await findStranger(tree, op.path, removed) : null;
    if (stranger !== null)
      conflicts.push({
        path: op.path,
        reason: 'in_the_way',
        message: `"${op.path}" cannot be written: it is a folder, and "${stranger}" is in it`,
        merged: null,
      });
  }
  return conflicts;
}

async function findStranger(tree: WorkTree, folder: string, removed: ReadonlySet<string>): Promise<string | null> {
  const entries = await readdir(join(tree.path, folder), { withFileTypes: true });
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    const stranger = entry.isDirectory() ? await findStranger(tree, path, removed) : removed.has(path) ? null : path;
    if (stranger !== null) return stranger;
  }
  return null;
}

function stateAt(context: Context, path: string): PathState {
  const state = context.states.get(path);
  if (state === undefined) throw new TypeError(`"${path}" was not read`);
  return state;
}

function contentOf(contents: ReadonlyMap<string, Buffer>, id: string): Buffer {
  const content = contents.get(id);
  if (content === undefined) throw new TypeError(`The object ${id} was not read`);
  return content;
}

function unchanged(edit: FileEdit): Step {
  return { file: { path: edit.path, oldPath: edit.oldPath, outcome: 'unchanged' }, ops: [] };
}

function conflict(edit: FileEdit, reason: ConflictReason, message: string, merged: string | null = null): Step {
  return { ops: [], conflict: { path: edit.path, reason, message, merged } };
}
