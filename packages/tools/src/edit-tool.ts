import { applyEdit } from '@boocode/applier/apply-edit.ts';
import type { Candidate } from '@boocode/applier/edit-outcome.ts';
import * as z from 'zod/mini';
import { confinePath } from './confine-path.ts';
import { findFileText, writeFileText } from './file-text.ts';
import { textDiff } from './text-diff.ts';
import { defineTool, ToolFailure, type ToolResult } from './tool.ts';

export const editTool = defineTool({
  name: 'edit',
  kind: 'edit',
  description:
    'Replace one passage of a file. oldText must be copied from the file and occur once (add neighbouring lines to make it so). Small passages work best.',
  input: z.strictObject({
    path: z.string().check(z.minLength(1), z.describe('File, relative to the project folder')),
    oldText: z.string().check(z.describe('The text to replace, exactly as it stands in the file, without line numbers')),
    newText: z.string().check(z.describe('What to put there')),
    replaceAll: z.optional(z.boolean().check(z.describe('Replace every occurrence'))),
  }),
  title: (input) => `Edit ${input.path}`,
  effect: (input) => ({ type: 'edit', path: input.path }),
  async run(input, context): Promise<ToolResult> {
    const path = await confinePath(input.path, 'write', context);
    if (input.oldText === '') throw new ToolFailure('Cannot edit: oldText is empty; use "write" for a new file');
    if (input.oldText === input.newText) throw new ToolFailure('Cannot edit: oldText and newText are the same');
    const file = await findFileText(path);
    if (file === null) throw new ToolFailure(`Cannot edit "${path.shown}": there is no such file; use "list" or "search" to find it, or "write" to create it`);
    const outcome = applyEdit(file.text, { oldText: input.oldText, newText: input.newText, isForAll: input.replaceAll ?? false });
    switch (outcome.type) {
      case 'ambiguous':
        throw new ToolFailure(
          `Cannot edit "${path.shown}": oldText fits at lines ${listLines(outcome.candidates.map(({ line }) => line))}; add lines around it until it is unique${outcome.stage === 'exact' ? ', or set replaceAll' : ''}\n${showCandidates(outcome.candidates)}`,
        );
      case 'absent':
        throw new ToolFailure(
          `Cannot edit "${path.shown}": oldText is not in it, ${outcome.reason}; ${outcome.nearest === null ? 'read the file again and copy the text from it' : `copy the text from it, the nearest is\n${showCandidates([outcome.nearest])}`}`,
        );
      case 'refused':
        throw new ToolFailure(
          `Cannot edit "${path.shown}": ${outcome.reason}; copy oldText from the file as it is${outcome.candidates.length === 0 ? '' : `\n${showCandidates(outcome.candidates)}`}`,
        );
      case 'already_applied':
        return { text: `Nothing to do: "${path.shown}" already holds the new text, at line ${outcome.line}.` };
      case 'edited': {
        context.signal.throwIfAborted();
        await writeFileText(path, outcome.text, file.mode);
        const diff = textDiff(path.shown, file.text, outcome.text);
        const where = outcome.lines.length === 1 ? `at line ${outcome.lines[0]}` : `at lines ${listLines(outcome.lines)}`;
        const how = outcome.stage === 'exact' ? '' : ` ${outcome.explanation}`;
        return { text: `Edited ${path.shown} ${where} (+${diff.additions} -${diff.deletions}).${how}`, diffs: [diff] };
      }
    }
  },
});

/** Places of the file as they are, each under its line number, so that they can be copied. */
function showCandidates(candidates: readonly Candidate[]): string {
  return candidates.map(({ line, excerpt }) => `line ${line}:\n${excerpt}`).join('\n');
}

function listLines(lines: readonly number[]): string {
  return lines.length > 12 ? `${lines.slice(0, 12).join(', ')} ...` : lines.join(', ');
}
