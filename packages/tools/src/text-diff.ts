import type { ToolDiff } from '@boocode/contracts/agent-event.ts';
import { createTwoFilesPatch } from 'diff';

const MAX_PATCH = 64 * 1_024;

/** The difference that an edit made, as the transcript shows it. */
export function textDiff(path: string, before: string | null, after: string): ToolDiff {
  const patch = createTwoFilesPatch(before === null ? '/dev/null' : `a/${path}`, `b/${path}`, before ?? '', after, undefined, undefined, {
    context: 3,
    timeout: 1_000,
  });
  const lines = patch?.split('\n').slice(3) ?? [];
  return {
    path,
    patch: patch === undefined || patch.length > MAX_PATCH ? null : patch.replace(/^=+\n/, ''),
    additions: lines.filter((line) => line.startsWith('+') && !line.startsWith('+++ b/')).length,
    deletions: lines.filter((line) => line.startsWith('-') && !line.startsWith('--- a/')).length,
  };
}
