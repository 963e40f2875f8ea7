import type { ToolStatus } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { boundOutput } from '../bound-output.ts';
import { activeBranch } from './active-branch.ts';
import { firstText, lenient, timeOf } from './lenient.ts';
import { pastDiff, pastToolCall } from './map-past-tool.ts';
import type { PastEntry } from './past-session.ts';

const Part = z.object({
  text: lenient(z.string()),
  thought: lenient(z.boolean()),
  functionCall: lenient(z.object({ id: lenient(z.string()), name: z.string(), args: z.optional(z.unknown()) })),
  functionResponse: lenient(z.object({ id: lenient(z.string()), response: lenient(z.object({ output: lenient(z.string()), error: lenient(z.string()) })) })),
});
const Shown = z.union([z.object({ fileDiff: z.string(), fileName: z.string(), filePath: lenient(z.string()) }), z.object({ exitCode: z.nullable(z.int()) })]);
const Record = z.object({
  type: z.string(),
  subtype: lenient(z.string()),
  uuid: lenient(z.string()),
  parentUuid: lenient(z.string()),
  timestamp: lenient(z.string()),
  cwd: lenient(z.string()),
  provenance: lenient(z.string()),
  model: lenient(z.string()),
  message: lenient(z.object({ parts: z.array(Part) })),
  toolCallResult: lenient(z.object({ callId: lenient(z.string()), status: lenient(z.string()), resultDisplay: lenient(Shown) })),
  systemPayload: lenient(z.object({ customTitle: lenient(z.string()) })),
});
type Record = z.infer<typeof Record>;

const SPOKEN = ['user', 'assistant', 'tool_result'];

/** What a recording of Qwen Code says: one record per message, in a tree whose last record ends the branch that counts. */
export function mapQwenSession(lines: readonly object[]): { readonly title: string | null; readonly entries: readonly PastEntry[] } {
  const records = lines.flatMap((line) => {
    const parsed = Record.safeParse(line);
    return parsed.success ? [parsed.data] : [];
  });
  const leaf = records.findLastIndex(({ type }) => SPOKEN.includes(type));
  const branch = activeBranch(records.slice(0, leaf + 1).flatMap(({ uuid, parentUuid }) => (uuid === null ? [] : [{ uuid, parent: parentUuid }])));
  const cwd = firstText(records, ({ cwd: folder }) => folder) ?? '';
  const active = records.filter(({ uuid }) => uuid !== null && branch.has(uuid));
  return {
    title: records.findLast(({ subtype }) => subtype === 'custom_title')?.systemPayload?.customTitle ?? null,
    entries: active.flatMap((record) => entriesOf(record, cwd)),
  };
}

function entriesOf(record: Record, cwd: string): PastEntry[] {
  const at = timeOf(record.timestamp);
  const event = (told: Extract<PastEntry, { type: 'event' }>['event']): PastEntry => ({ type: 'event', at, model: record.model, event: told });
  if (record.subtype === 'chat_compression') {
    return [event({ type: 'notice', level: 'info', code: 'compacted', text: 'The agent shortened its memory of the conversation here.' })];
  }
  if (!SPOKEN.includes(record.type)) return [];
  const parts = record.message?.parts ?? [];
  if (record.type === 'user') {
    const text = parts.flatMap((part) => part.text ?? []).join('\n\n');
    const isPerson = record.provenance === null || record.provenance === 'real_user';
    return isPerson && text.trim() !== '' ? [{ type: 'prompt', at, text }] : [];
  }
  return parts.flatMap((part) => {
    const { functionCall: call, functionResponse: response, text } = part;
    if (call !== null) return [event(pastToolCall({ callId: call.id ?? `${record.uuid}-${call.name}`, name: call.name, input: call.args, at, cwd }))];
    if (response !== null) return [resultOf(record, response, { at, cwd })];
    if (text === null || text === '') return [];
    return [event(part.thought === true ? { type: 'reasoning', delta: text } : { type: 'text', delta: text })];
  });
}

function resultOf(record: Record, response: NonNullable<z.infer<typeof Part>['functionResponse']>, { at, cwd }: { at: number; cwd: string }): PastEntry {
  const result = record.toolCallResult;
  const shown = result?.resultDisplay ?? null;
  const diffs = shown !== null && 'fileDiff' in shown ? [pastDiff(shown.filePath ?? shown.fileName, shown.fileDiff, cwd)] : [];
  const output = boundOutput(response.response?.error ?? response.response?.output ?? '', {
    exitCode: shown !== null && 'exitCode' in shown ? shown.exitCode : null,
    diffs,
  });
  const callId = response.id ?? result?.callId ?? '';
  return { type: 'event', at, model: null, event: { type: 'tool', callId, at, status: statusOf(result?.status ?? null, response), output } };
}

function statusOf(status: string | null, { response }: NonNullable<z.infer<typeof Part>['functionResponse']>): ToolStatus {
  if (status === 'cancelled') return 'cancelled';
  return status === 'error' || (response?.error ?? null) !== null ? 'failed' : 'completed';
}
