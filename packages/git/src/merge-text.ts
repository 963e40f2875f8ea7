import { randomUUID } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Git, runGit } from './run-git.ts';
import { decideMergedStyle, inStyle, plainText, styleOf } from './text-style-policy.ts';

export interface MergeTexts {
  /** A folder for the moment. */
  readonly scratch: string;
  readonly base: Buffer;
  /** What the person has. */
  readonly ours: Buffer;
  /** What is to be brought in. */
  readonly theirs: Buffer;
  readonly labels: { readonly ours: string; readonly theirs: string };
}

/** A three-way merge of texts. `clean` is false when both sides changed the same lines: then `text` shows both between markers. */
export async function mergeTexts(git: Git, options: MergeTexts): Promise<{ clean: boolean; text: Buffer }> {
  const style = decideMergedStyle(styleOf(options.base), styleOf(options.ours), styleOf(options.theirs));
  if (style === null) return mergeBytes(git, options);
  const plain = { ...options, base: plainText(options.base), ours: plainText(options.ours), theirs: plainText(options.theirs) };
  const merged = await mergeBytes(git, plain);
  return { clean: merged.clean, text: inStyle(merged.text, style) };
}

async function mergeBytes(git: Git, options: MergeTexts): Promise<{ clean: boolean; text: Buffer }> {
  const folder = join(options.scratch, `merge-${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    await Promise.all([
      writeFile(join(folder, 'ours'), options.ours),
      writeFile(join(folder, 'base'), options.base),
      writeFile(join(folder, 'theirs'), options.theirs),
    ]);
    const args = [
      '-c',
      'merge.conflictStyle=merge',
      'merge-file',
      '-p',
      '-L',
      options.labels.ours,
      '-L',
      'before',
      '-L',
      options.labels.theirs,
      'ours',
      'base',
      'theirs',
    ];
    const { stdout, code } = await runGit(git, { at: folder, args, what: 'merge two versions of a file', accept: (each) => each <= 127 });
    return { clean: code === 0, text: stdout };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
