import * as z from 'zod/mini';
import { confinePath } from './confine-path.ts';
import { findFileText, writeFileText } from './file-text.ts';
import { lineEndingOf } from './line-ending.ts';
import { textDiff } from './text-diff.ts';
import { defineTool, type ToolResult } from './tool.ts';

const BOM = '\uFEFF';

export const writeTool = defineTool({
  name: 'write',
  kind: 'edit',
  description: 'Create a file, or replace all of one. Folders are created. To change part of a file use edit.',
  input: z.strictObject({
    path: z.string().check(z.minLength(1), z.describe('File, relative to the project folder')),
    content: z.string().check(z.describe('The whole content')),
  }),
  title: (input) => `Write ${input.path}`,
  effect: (input) => ({ type: 'edit', path: input.path }),
  async run(input, context): Promise<ToolResult> {
    const path = await confinePath(input.path, 'write', context);
    const before = await findFileText(path);
    const content = before === null ? input.content : inFormOf(before.text, input.content);
    if (before?.text === content) return { text: `Nothing to do: ${path.shown} already has this content.` };
    context.signal.throwIfAborted();
    await writeFileText(path, content, before?.mode ?? null);
    const diff = textDiff(path.shown, before?.text ?? null, content);
    return { text: `${before === null ? 'Created' : 'Replaced'} ${path.shown} (+${diff.additions} -${diff.deletions}).`, diffs: [diff] };
  },
});

/** Keeps the line endings and the byte order mark that the file had. */
function inFormOf(before: string, content: string): string {
  const flat = content.replaceAll('\r\n', '\n');
  const text = lineEndingOf(before) === '\r\n' ? flat.replaceAll('\n', '\r\n') : content;
  return before.startsWith(BOM) && !text.startsWith(BOM) ? BOM + text : text;
}
