import type { ToolDiff, ToolOutput } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { boundOutput } from '../bound-output.ts';
import { TerminalText } from './terminal-text.ts';

const MAX_PATCH_CHARS = 65_536;

const Blocks = z.array(z.looseObject({ type: z.string(), text: z.optional(z.string()) }));

/** What a tool gave, as text. */
export function mapToolOutput(content: unknown, structured: unknown): ToolOutput {
  const cleaner = new TerminalText();
  const text = cleaner.push(contentText(content).replace(/<\/?tool_use_error>/g, ''));
  return boundOutput(text + cleaner.end(), { diffs: mapDiffs(structured) });
}

function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  const blocks = Blocks.safeParse(content);
  if (!blocks.success) return content === undefined || content === null ? '' : JSON.stringify(content);
  return blocks.data.map(({ type, text }) => text ?? `(${type})`).join('\n');
}

const Hunk = z.looseObject({ oldStart: z.number(), oldLines: z.number(), newStart: z.number(), newLines: z.number(), lines: z.array(z.string()) });
const FileEdit = z.looseObject({ filePath: z.string(), structuredPatch: z.array(Hunk), type: z.optional(z.string()), content: z.optional(z.string()) });

/** The change of a file, where the agent gives it as hunks. */
function mapDiffs(structured: unknown): ToolDiff[] {
  const parsed = FileEdit.safeParse(structured);
  if (!parsed.success) return [];
  const { filePath: path, structuredPatch, type, content } = parsed.data;
  const hunks = structuredPatch.length === 0 && type === 'create' && content !== undefined ? newFile(content) : structuredPatch;
  if (hunks.length === 0) return [];
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const patch = hunks.map((hunk) => `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@\n${hunk.lines.join('\n')}\n`).join('');
  const head = `--- ${type === 'create' ? '/dev/null' : `a/${path}`}\n+++ b/${path}\n`;
  return [
    {
      path,
      patch: patch.length > MAX_PATCH_CHARS ? null : head + patch,
      additions: lines.filter((line) => line.startsWith('+')).length,
      deletions: lines.filter((line) => line.startsWith('-')).length,
    },
  ];
}

function newFile(content: string): z.infer<typeof Hunk>[] {
  if (content === '') return [];
  const lines = content.replace(/\n$/, '').split('\n');
  return [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: lines.length, lines: lines.map((line) => `+${line}`) }];
}
