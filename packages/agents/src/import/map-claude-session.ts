import { textDiff } from '@boocode/tools/text-diff.ts';
import type { ToolDiff } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { orElse } from '../acp/lenient.ts';
import { boundOutput } from '../bound-output.ts';
import { activeBranch } from './active-branch.ts';
import { firstText, lenient, timeOf } from './lenient.ts';
import { pastDiff, pastToolCall, shortPath } from './map-past-tool.ts';
import type { PastEntry } from './past-session.ts';

const Content = orElse(z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: lenient(z.string()) }))]), '');
const Block = orElse(
  z.nullable(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('text'), text: z.string() }),
      z.object({ type: z.literal('thinking'), thinking: z.string() }),
      z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.optional(z.unknown()) }),
      z.object({ type: z.literal('tool_result'), tool_use_id: z.string(), content: Content, is_error: lenient(z.boolean()) }),
    ]),
  ),
  null,
);
const Record = z.object({
  type: z.string(),
  uuid: lenient(z.string()),
  parentUuid: lenient(z.string()),
  logicalParentUuid: lenient(z.string()),
  timestamp: lenient(z.string()),
  cwd: lenient(z.string()),
  isSidechain: lenient(z.boolean()),
  isMeta: lenient(z.boolean()),
  isCompactSummary: lenient(z.boolean()),
  isApiErrorMessage: lenient(z.boolean()),
  promptSource: lenient(z.string()),
  message: lenient(z.object({ content: z.union([z.string(), z.array(Block)]), model: lenient(z.string()) })),
  toolUseResult: z.optional(z.unknown()),
  customTitle: lenient(z.string()),
  aiTitle: lenient(z.string()),
  summary: lenient(z.string()),
});
type Record = z.infer<typeof Record>;

const Changed = z.object({
  filePath: z.string(),
  content: lenient(z.string()),
  structuredPatch: z.array(z.object({ oldStart: z.number(), oldLines: z.number(), newStart: z.number(), newLines: z.number(), lines: z.array(z.string()) })),
});

/** What a transcript of Claude Code says: one record per block, in a tree whose last record ends the branch that counts. */
export function mapClaudeSession(lines: readonly object[]): { readonly title: string | null; readonly entries: readonly PastEntry[] } {
  const records = lines.flatMap((line) => {
    const parsed = Record.safeParse(line);
    return parsed.success ? [parsed.data] : [];
  });
  const isSpoken = ({ type, uuid, isSidechain }: Record): boolean => uuid !== null && isSidechain !== true && (type === 'user' || type === 'assistant');
  const branch = activeBranch(
    records
      .slice(0, records.findLastIndex(isSpoken) + 1)
      .flatMap(({ uuid, parentUuid, logicalParentUuid }) => (uuid === null ? [] : [{ uuid, parent: parentUuid ?? logicalParentUuid }])),
  );
  const cwd = firstText(records, ({ cwd: folder }) => folder) ?? '';
  const spoken = records.filter(isSpoken);
  return {
    title: lastText(records, 'customTitle') ?? lastText(records, 'aiTitle') ?? lastText(records, 'summary'),
    entries: spoken.flatMap((record) => entriesOf(record, { isActive: record.uuid !== null && branch.has(record.uuid), cwd })),
  };
}

function lastText(records: readonly Record[], field: 'customTitle' | 'aiTitle' | 'summary'): string | null {
  return records.findLast((record) => record[field] !== null)?.[field] ?? null;
}

/** Results of calls that ran side by side stand beside the branch: they belong to their calls wherever they stand. */
function entriesOf(record: Record, { isActive, cwd }: { readonly isActive: boolean; readonly cwd: string }): PastEntry[] {
  const content = record.message?.content ?? '';
  const at = timeOf(record.timestamp);
  const blocks = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content.filter((block) => block !== null);
  if (record.type === 'user') {
    const results = blocks.flatMap((block) => (block.type === 'tool_result' ? [resultOf(block, record, { at, cwd })] : []));
    const text = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
    return [...results, ...(isActive ? promptOf(record, text, at) : [])];
  }
  if (!isActive) return [];
  const model = record.message?.model === '<synthetic>' ? null : (record.message?.model ?? null);
  const event = (told: Extract<PastEntry, { type: 'event' }>['event']): PastEntry => ({ type: 'event', at, model, event: told });
  if (record.isApiErrorMessage === true) {
    const message = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join(' ');
    return [event({ type: 'ended', outcome: 'failed', failure: { code: 'model_server_error', message } })];
  }
  return blocks.flatMap((block) => {
    if (block.type === 'text') return block.text === '' ? [] : [event({ type: 'text', delta: block.text })];
    if (block.type === 'thinking') return block.thinking === '' ? [] : [event({ type: 'reasoning', delta: block.thinking })];
    if (block.type === 'tool_use') return [event(pastToolCall({ callId: block.id, name: block.name, input: block.input, at, cwd }))];
    return [];
  });
}

/** What the person said. The program writes more into this place: reminders, what its own commands printed, that it was interrupted. */
function promptOf(record: Record, given: string, at: number): PastEntry[] {
  const text = given.replaceAll(/<system-reminder>[\s\S]*?<\/system-reminder>/g, '').trim();
  if (record.isCompactSummary === true) {
    const notice = { type: 'notice', level: 'info', code: 'compacted', text: 'The agent shortened its memory of the conversation here.' } as const;
    return [{ type: 'event', at, model: null, event: notice }];
  }
  if (text === '' || record.isMeta === true || record.promptSource === 'system' || /^<(local-command|bash|task-notification)/.test(text)) return [];
  if (text.startsWith('[Request interrupted by user'))
    return [{ type: 'event', at, model: null, event: { type: 'ended', outcome: 'cancelled', failure: null } }];
  const [, command] = /<command-name>\s*(\S+?)\s*<\/command-name>/.exec(text) ?? [];
  if (command === undefined) return [{ type: 'prompt', at, text }];
  const [, words = ''] = /<command-args>([\s\S]*?)<\/command-args>/.exec(text) ?? [];
  return [{ type: 'prompt', at, text: `${command} ${words}`.trim() }];
}

function resultOf(
  block: Extract<NonNullable<z.infer<typeof Block>>, { type: 'tool_result' }>,
  record: Record,
  { at, cwd }: { at: number; cwd: string },
): PastEntry {
  const text = typeof block.content === 'string' ? block.content : block.content.map((piece) => piece.text ?? `[${piece.type}]`).join('\n');
  const exit = /^Exit code (\d+)\n/.exec(text);
  const output = boundOutput(text, { exitCode: exit === null ? null : Number(exit[1]), diffs: diffsOf(record.toolUseResult, cwd) });
  return {
    type: 'event',
    at,
    model: null,
    event: { type: 'tool', callId: block.tool_use_id, at, status: block.is_error === true ? 'failed' : 'completed', output },
  };
}

function diffsOf(result: unknown, cwd: string): ToolDiff[] {
  const changed = Changed.safeParse(result);
  if (!changed.success) return [];
  const { filePath, content, structuredPatch } = changed.data;
  if (structuredPatch.length === 0) return content === null ? [] : [textDiff(shortPath(filePath, cwd), null, content)];
  const path = shortPath(filePath, cwd);
  const hunks = structuredPatch.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return [pastDiff(filePath, [`--- a/${path}`, `+++ b/${path}`, ...hunks, ''].join('\n'), cwd)];
}
