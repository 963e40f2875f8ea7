import { readdir } from 'node:fs/promises';
import * as z from 'zod/mini';
import { codeOf, confinePath } from './confine-path.ts';
import { runRipgrep } from './run-ripgrep.ts';
import { defineTool, ToolFailure, type ToolResult } from './tool.ts';

const MAX_ENTRIES = 400;
const MAX_SCAN = 16 * 1_024 * 1_024;

export const listTool = defineTool({
  name: 'list',
  kind: 'read',
  description: 'List a folder. Folders end in / and show how many files they hold. Ignored files are left out. depth 2 or 3 shows more at once.',
  input: z.strictObject({
    path: z.optional(z.string().check(z.describe('Folder, relative to the project folder; default: the project folder'))),
    depth: z.optional(z.int().check(z.gte(1), z.lte(6))),
  }),
  title: (input) => `List ${input.path ?? '.'}`,
  effect: () => ({ type: 'none' }),
  async run(input, context): Promise<ToolResult> {
    const path = await confinePath(input.path ?? '.', 'read', context);
    const entries = await readdir(path.absolute, { withFileTypes: true }).catch((error: unknown) => {
      const why = codeOf(error) === 'ENOTDIR' ? 'it is a file; use "read"' : codeOf(error) === 'ENOENT' ? 'there is no such folder' : String(codeOf(error));
      throw new ToolFailure(`Cannot list "${path.shown}": ${why}`, { cause: error });
    });
    const scan = await runRipgrep(['--files', '--', path.absolute], MAX_SCAN, context);
    const files = scan.lines.map((file) => file.slice(path.absolute.length).replace(/^\/+/, ''));
    const shown = summarize(files, input.depth ?? 1);
    const tops = new Set(files.map((file) => file.split('/')[0] ?? ''));
    const others = entries
      .filter((entry) => !tops.has(entry.name) && entry.name !== '.git')
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    const lines = shown.slice(0, MAX_ENTRIES);
    if (shown.length > MAX_ENTRIES) lines.push(`(${shown.length - MAX_ENTRIES} more; list a folder of it, or use a smaller depth)`);
    if (others.length > 0) lines.push(`(empty or ignored: ${others.slice(0, 30).join(', ')}${others.length > 30 ? ` and ${others.length - 30} more` : ''})`);
    return {
      text: lines.length === 0 ? '(empty folder)' : lines.join('\n'),
      whole: { bytes: Buffer.byteLength(shown.join('\n')), lines: shown.length, file: null },
    };
  },
});

/** Files down to `depth`; a folder at the last level becomes one line with its count. Folders come before files, each by name. */
function summarize(files: readonly string[], depth: number): string[] {
  const lines = new Map<string, number>();
  for (const file of files) {
    const parts = file.split('/');
    const isDeep = parts.length > depth;
    const line = isDeep ? `${parts.slice(0, depth).join('/')}/` : file;
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  const names = [...lines.keys()].toSorted((a, b) => Number(b.endsWith('/')) - Number(a.endsWith('/')) || (a < b ? -1 : 1));
  return names.map((name) => (name.endsWith('/') ? `${name} (${lines.get(name) ?? 0} files)` : name));
}
