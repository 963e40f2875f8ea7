import type { FileChange } from './collect-changes.ts';
import { diffNumbered, PLAIN_DIFF } from './numbered-diff.ts';
import { withoutIndex } from './private-index.ts';
import { type Git, runGit, type WorkTree } from './run-git.ts';

/** A change as text for people: null when there is no text to show (binary). */
export interface ChangePatch {
  readonly patch: string | null;
  readonly truncated: boolean;
}

/** The unified patch of one change. */
export async function patchOf(
  git: Git,
  options: { readonly tree: WorkTree; readonly change: FileChange; readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<ChangePatch> {
  const [patch] = await patchesOf(git, { ...options, changes: [options.change] });
  return patch ?? { patch: null, truncated: false };
}

/** The unified patches of many changes, in their order, with the same number of git commands as one. `maxBytes` is per change; cut at a line's end. */
export async function patchesOf(
  git: Git,
  options: { readonly tree: WorkTree; readonly changes: readonly FileChange[]; readonly maxBytes: number; readonly signal?: AbortSignal | undefined },
): Promise<ChangePatch[]> {
  const { tree, changes, signal } = options;
  if (changes.length === 0) return [];
  const parts = changes.map(partsOf);
  const stdout = await diffNumbered(git, {
    tree,
    pairs: parts.flat().map((part) => ({ old: { mode: part.oldMode, blob: part.oldBlob }, new: { mode: part.newMode, blob: part.newBlob } })),
    args: ['--full-index'],
    signal,
  });
  const bodies = bodiesByNumber(stdout);
  let number = 0;
  return changes.map((change, index) => {
    const texts = (parts[index] ?? []).map((part) => patchText(part, bodies.get(number++) ?? ''));
    return limit(texts.join(''), change, options.maxBytes);
  });
}

/** One patch between two commits or trees, byte by byte, binary files included: what `git apply` takes. */
export async function patchBetween(git: Git, tree: WorkTree, { from, to }: { readonly from: string; readonly to: string }): Promise<Buffer> {
  const args = ['diff-tree', '-r', '-p', '--binary', '--full-index', '-M', '-l1000', ...PLAIN_DIFF];
  const names = ['--src-prefix=a/', '--dst-prefix=b/', from, to];
  const { stdout } = await runGit(git, { at: tree, args: [...args, ...names], what: `write a patch of "${tree.path}"`, env: withoutIndex(tree) });
  return stdout;
}

/** A path as git writes it in patches: quoted when it holds quotes, backslashes, control characters. */
export function quotePath(path: string): string {
  // eslint-disable-next-line no-control-regex
  if (!/["\\\u0000-\u001f\u007f]/u.test(path)) return path;
  const named = new Map([
    ['\n', '\\n'],
    ['\t', '\\t'],
    ['\r', '\\r'],
    ['"', '\\"'],
    ['\\', '\\\\'],
  ]);
  // eslint-disable-next-line no-control-regex
  return `"${path.replace(/["\\\u0000-\u001f\u007f]/gu, (char) => named.get(char) ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`;
}

/** A file that became a link is, as in git, one that went and one that came. */
function partsOf(change: FileChange): FileChange[] {
  const { oldMode, newMode } = change;
  if (oldMode === null || newMode === null || (oldMode === '120000') === (newMode === '120000')) return [change];
  const went = { ...change, path: change.oldPath ?? change.path, oldPath: null, newMode: null, newBlob: null };
  return [went, { ...change, oldPath: null, oldMode: null, oldBlob: null }];
}

/** Everything from the first hunk of each file on. */
function bodiesByNumber(output: Buffer): Map<number, string> {
  const bodies = new Map<number, string>();
  let number = -1;
  let inHunks = false;
  for (const line of output.toString('utf8').split(/(?<=\n)/u)) {
    const header = /^diff --git a\/(\d+) b\/\d+\n$/u.exec(line);
    if (header !== null) {
      number = Number(header[1]);
      inHunks = false;
      continue;
    }
    inHunks ||= line.startsWith('@@ ');
    if (inHunks) bodies.set(number, (bodies.get(number) ?? '') + line);
  }
  return bodies;
}

function patchText(change: FileChange, body: string): string {
  const from = quotePath(`a/${change.oldPath ?? change.path}`);
  const to = quotePath(`b/${change.path}`);
  const lines = [`diff --git ${from} ${to}`];
  if (change.oldMode === null) lines.push(`new file mode ${change.newMode}`);
  else if (change.newMode === null) lines.push(`deleted file mode ${change.oldMode}`);
  else if (change.oldMode !== change.newMode) lines.push(`old mode ${change.oldMode}`, `new mode ${change.newMode}`);
  if (change.oldPath !== null) lines.push(`rename from ${quotePath(change.oldPath)}`, `rename to ${quotePath(change.path)}`);
  if (change.oldBlob !== change.newBlob) {
    const zero = '0'.repeat((change.oldBlob ?? change.newBlob ?? '').length);
    lines.push(
      `index ${change.oldBlob ?? zero}..${change.newBlob ?? zero}${change.oldMode !== null && change.oldMode === change.newMode ? ` ${change.oldMode}` : ''}`,
    );
    if (body !== '') lines.push(`--- ${change.oldBlob === null ? '/dev/null' : from}`, `+++ ${change.newBlob === null ? '/dev/null' : to}`);
  }
  return `${lines.join('\n')}\n${body}`;
}

function limit(patch: string, change: FileChange, maxBytes: number): ChangePatch {
  if (change.binary) return { patch: null, truncated: false };
  const bytes = Buffer.from(patch, 'utf8');
  if (bytes.length <= maxBytes) return { patch, truncated: false };
  const end = bytes.subarray(0, maxBytes).lastIndexOf('\n');
  return { patch: bytes.subarray(0, end + 1).toString('utf8'), truncated: true };
}
