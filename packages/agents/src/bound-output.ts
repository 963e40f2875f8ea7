import type { ToolDiff, ToolOutput } from '@boocode/contracts/agent-event.ts';

const HEAD = 6_000;
const TAIL = 10_000;

/** What a tool of an agent gave back, as the transcript keeps it: of a long one beginning and end. */
export function boundOutput(text: string, more: { readonly exitCode?: number | null; readonly diffs?: readonly ToolDiff[] } = {}): ToolOutput {
  const bytes = Buffer.byteLength(text);
  const truncated = text.length > HEAD + TAIL;
  return {
    text: truncated ? `${text.slice(0, HEAD)}\n... (${bytes} bytes in all; the middle is left out here) ...\n${text.slice(-TAIL)}` : text,
    bytes,
    lines: text === '' ? 0 : text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    truncated,
    file: null,
    exitCode: more.exitCode ?? null,
    diffs: [...(more.diffs ?? [])],
  };
}
