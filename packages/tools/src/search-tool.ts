import { stat } from 'node:fs/promises';
import * as z from 'zod/mini';
import { confinePath } from './confine-path.ts';
import { runRipgrep } from './run-ripgrep.ts';
import { defineTool, ToolFailure, type ToolResult } from './tool.ts';

const MAX_MATCHES = 200;
const MAX_BYTES = 24_000;

export const searchTool = defineTool({
  name: 'search',
  kind: 'search',
  description: 'Search the content of files with a regular expression (ripgrep syntax). Ignored files are left out. Gives path:line:text.',
  input: z.strictObject({
    pattern: z.string().check(z.minLength(1), z.describe('Regular expression, or plain text with literal')),
    path: z.optional(z.string().check(z.describe('Folder or file to search in; default: the whole project'))),
    glob: z.optional(z.string().check(z.describe('Only files like this, for instance *.ts'))),
    literal: z.optional(z.boolean().check(z.describe('Take the pattern as plain text'))),
    ignoreCase: z.optional(z.boolean()),
    context: z.optional(z.int().check(z.gte(0), z.lte(10), z.describe('Lines around each match'))),
  }),
  title: (input) =>
    `Search ${JSON.stringify(input.pattern)}${input.path === undefined ? '' : ` in ${input.path}`}${input.glob === undefined ? '' : ` (${input.glob})`}`,
  effect: () => ({ type: 'none' }),
  async run(input, context): Promise<ToolResult> {
    const path = await confinePath(input.path ?? '.', 'read', context);
    if ((await stat(path.absolute).catch(() => null)) === null) throw new ToolFailure(`Cannot search in "${path.shown}": there is no such file or folder`); // any failure to look means there is nothing to search
    const options = [
      '--line-number',
      '--no-heading',
      '--with-filename',
      '--sort',
      'path',
      '--max-columns',
      '300',
      '--max-columns-preview',
      ...(input.literal === true ? ['--fixed-strings'] : []),
      ...(input.ignoreCase === true ? ['--ignore-case'] : []),
      ...(input.glob === undefined ? [] : ['--glob', input.glob]),
      ...(input.context === undefined ? [] : ['--context', String(input.context)]),
    ];
    const { lines, isCut } = await runRipgrep([...options, '--regexp', input.pattern, '--', path.shown], MAX_BYTES * 2, context);
    const found = lines.map((line) => line.replace(/^\.\//, ''));
    if (found.length === 0) return { text: `No matches${isCut ? ' within 20 s; narrow the search' : ''}.` };
    const kept = bound(found);
    const more = isCut || kept.length < found.length;
    const text = more ? `${kept.join('\n')}\n(more matches than fit: narrow the pattern, the path or the glob)` : kept.join('\n');
    return { text, whole: { bytes: Buffer.byteLength(found.join('\n')), lines: found.length, file: null } };
  },
});

function bound(lines: readonly string[]): readonly string[] {
  let bytes = 0;
  const end = lines.findIndex((line, index) => {
    bytes += line.length + 1;
    return bytes > MAX_BYTES || index >= MAX_MATCHES;
  });
  return end < 0 ? lines : lines.slice(0, end);
}
