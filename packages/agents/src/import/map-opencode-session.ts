import type { ToolDiff } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { orElse } from '../acp/lenient.ts';
import { boundOutput } from '../bound-output.ts';
import { stripDcpTags } from '../opencode/strip-dcp-tags.ts';
import { jsonOf, lenient } from './lenient.ts';
import { pastDiff, pastToolCall } from './map-past-tool.ts';
import type { PastEntry } from './past-session.ts';

/** A row of opencode's table of messages. */
export const OpencodeMessage = z.object({ id: z.string(), time_created: z.number(), data: z.string() });
export type OpencodeMessage = z.infer<typeof OpencodeMessage>;

/** A row of its table of parts. */
export const OpencodePart = z.object({ message_id: z.string(), time_created: z.number(), data: z.string() });
export type OpencodePart = z.infer<typeof OpencodePart>;

const Info = z.object({
  role: z.string(),
  providerID: lenient(z.string()),
  modelID: lenient(z.string()),
  error: lenient(z.object({ name: z.string(), data: lenient(z.object({ message: lenient(z.string()) })) })),
});
const Time = lenient(z.object({ start: lenient(z.number()), end: lenient(z.number()) }));
const Text = z.pipe(z.string(), z.transform(stripDcpTags));
const Part = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: Text, synthetic: lenient(z.boolean()), ignored: lenient(z.boolean()) }),
  z.object({ type: z.literal('reasoning'), text: Text }),
  z.object({ type: z.literal('file'), filename: lenient(z.string()) }),
  z.object({ type: z.literal('compaction') }),
  z.object({
    type: z.literal('tool'),
    callID: z.string(),
    tool: z.string(),
    state: z.object({
      status: z.string(),
      input: z.optional(z.unknown()),
      output: lenient(z.string()),
      error: lenient(z.string()),
      title: lenient(z.string()),
      metadata: lenient(z.object({ exit: lenient(z.int()), diff: lenient(z.string()), filepath: lenient(z.string()) })),
      time: Time,
    }),
  }),
]);
type Part = z.infer<typeof Part>;

/** What opencode's rows say. `parts`: of all messages, in order. */
export function mapOpencodeSession(messages: readonly OpencodeMessage[], parts: readonly OpencodePart[], cwd: string): readonly PastEntry[] {
  const byMessage = Map.groupBy(parts, (part) => part.message_id);
  return messages.flatMap((message) => {
    const info = Info.safeParse(jsonOf(message.data)).data;
    if (info === undefined) return [];
    const own = (byMessage.get(message.id) ?? []).flatMap((row) => {
      const part = Part.safeParse(jsonOf(row.data)).data;
      return part === undefined ? [] : [{ part, at: row.time_created }];
    });
    if (info.role === 'user') return promptOf(own, message.time_created);
    const model = info.modelID === null ? null : info.providerID === null ? info.modelID : `${info.providerID}/${info.modelID}`;
    return [...own.flatMap(({ part, at }) => eventsOf(part, { at, model, cwd })), ...endingOf(info, own.at(-1)?.at ?? message.time_created, model)];
  });
}

/** With the files that were given, by name: their text stands in none of the parts. */
function promptOf(own: readonly { readonly part: Part; readonly at: number }[], at: number): PastEntry[] {
  const texts = own.flatMap(({ part }) => (part.type === 'text' && part.synthetic !== true && part.ignored !== true ? [part.text] : []));
  const files = own.flatMap(({ part }) => (part.type === 'file' && part.filename !== null ? [`[file: ${part.filename}]`] : []));
  const text = [...texts, ...files].join('\n\n');
  if (own.some(({ part }) => part.type === 'compaction')) {
    const notice = { type: 'notice', level: 'info', code: 'compacted', text: 'The agent shortened its memory of the conversation here.' } as const;
    return [{ type: 'event', at, model: null, event: notice }];
  }
  return text.trim() === '' ? [] : [{ type: 'prompt', at, text }];
}

function eventsOf(part: Part, { at, model, cwd }: { readonly at: number; readonly model: string | null; readonly cwd: string }): PastEntry[] {
  switch (part.type) {
    case 'text':
      return part.text === '' || part.ignored === true ? [] : [{ type: 'event', at, model, event: { type: 'text', delta: part.text } }];
    case 'reasoning':
      return part.text === '' ? [] : [{ type: 'event', at, model, event: { type: 'reasoning', delta: part.text } }];
    case 'file':
    case 'compaction':
      return [];
    case 'tool': {
      const { state, callID: callId } = part;
      const start = state.time?.start ?? at;
      const end = state.time?.end ?? start;
      const call: PastEntry = { type: 'event', at: start, model, event: pastToolCall({ callId, name: part.tool, input: state.input, at: start, cwd }) };
      if (state.status !== 'completed' && state.status !== 'error') return [call];
      const output = boundOutput(state.error ?? state.output ?? '', { exitCode: state.metadata?.exit ?? null, diffs: diffsOf(state, cwd) });
      const status = state.status === 'error' ? 'failed' : 'completed';
      return [call, { type: 'event', at: end, model, event: { type: 'tool', callId, at: end, status, output } }];
    }
  }
}

function diffsOf({ input, metadata }: Extract<Part, { type: 'tool' }>['state'], cwd: string): ToolDiff[] {
  const file = orElse(z.object({ filePath: z.string() }), { filePath: metadata?.filepath ?? '' }).parse(input).filePath;
  return metadata === null || metadata.diff === null || file === '' ? [] : [pastDiff(file, metadata.diff, cwd)];
}

function endingOf({ error }: z.infer<typeof Info>, at: number, model: string | null): PastEntry[] {
  if (error === null) return [];
  if (error.name === 'MessageAbortedError') return [{ type: 'event', at, model, event: { type: 'ended', outcome: 'cancelled', failure: null } }];
  const failure = { code: 'model_server_error', message: error.data?.message ?? error.name } as const;
  return [{ type: 'event', at, model, event: { type: 'ended', outcome: 'failed', failure } }];
}
