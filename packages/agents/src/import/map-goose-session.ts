import * as z from 'zod/mini';
import { orElse } from '../acp/lenient.ts';
import { boundOutput } from '../bound-output.ts';
import { jsonOf, lenient } from './lenient.ts';
import { pastToolCall } from './map-past-tool.ts';
import type { PastEntry } from './past-session.ts';

/** A row of goose's table of messages. */
export const GooseRow = z.object({ role: z.string(), content_json: z.string(), created_timestamp: z.number(), metadata_json: z.nullable(z.string()) });
export type GooseRow = z.infer<typeof GooseRow>;

const Metadata = z.object({ userVisible: lenient(z.boolean()), inference: lenient(z.object({ requestedModel: lenient(z.string()) })) });
const Pieces = z.array(z.object({ type: lenient(z.string()), text: lenient(z.string()) }));
const Content = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('thinking'), thinking: z.string() }),
  z.object({
    type: z.literal('toolRequest'),
    id: z.string(),
    toolCall: z.object({ value: lenient(z.object({ name: z.string(), arguments: z.optional(z.unknown()) })), error: lenient(z.string()) }),
  }),
  z.object({
    type: z.literal('toolResponse'),
    id: z.string(),
    toolResult: z.object({
      status: lenient(z.string()),
      value: lenient(
        z.object({
          content: lenient(Pieces),
          isError: lenient(z.boolean()),
          structuredContent: lenient(z.object({ exit_code: lenient(z.int()) })),
        }),
      ),
      error: lenient(z.string()),
    }),
  }),
  z.object({ type: z.literal('systemNotification'), msg: z.string() }),
]);
type Content = z.infer<typeof Content>;

/** What goose's messages say. Those that it says only to the model are left out. */
export function mapGooseSession(rows: readonly GooseRow[], cwd: string): readonly PastEntry[] {
  return rows.flatMap((row) => {
    const metadata = Metadata.safeParse(jsonOf(row.metadata_json ?? '{}')).data ?? null;
    if (metadata?.userVisible === false) return [];
    const at = row.created_timestamp < 100_000_000_000 ? row.created_timestamp * 1_000 : row.created_timestamp;
    const contents = orElse(z.array(z.unknown()), []).parse(jsonOf(row.content_json));
    const known = contents.flatMap((content) => Content.safeParse(content).data ?? []);
    return known.flatMap((content) => entriesOf(content, { isPerson: row.role === 'user', at, model: metadata?.inference?.requestedModel ?? null, cwd }));
  });
}

interface Said {
  readonly isPerson: boolean;
  readonly at: number;
  readonly model: string | null;
  readonly cwd: string;
}

function entriesOf(content: Content, { isPerson, at, model, cwd }: Said): PastEntry[] {
  const event = (told: Extract<PastEntry, { type: 'event' }>['event']): PastEntry[] => [{ type: 'event', at, model, event: told }];
  switch (content.type) {
    case 'text':
      if (content.text.trim() === '') return [];
      return isPerson ? [{ type: 'prompt', at, text: content.text }] : event({ type: 'text', delta: content.text });
    case 'thinking':
      return content.thinking === '' ? [] : event({ type: 'reasoning', delta: content.thinking });
    case 'systemNotification':
      return event({ type: 'notice', level: 'info', code: 'goose', text: content.msg });
    case 'toolRequest': {
      const { value } = content.toolCall;
      return event(pastToolCall({ callId: content.id, name: value?.name ?? 'tool', input: value?.arguments ?? null, at, cwd }));
    }
    case 'toolResponse': {
      const { value, error, status } = content.toolResult;
      const text = error ?? (value?.content ?? []).flatMap((piece) => piece.text ?? []).join('\n');
      const isFailed = status === 'error' || value?.isError === true;
      const output = boundOutput(text, { exitCode: value?.structuredContent?.exit_code ?? null });
      return event({ type: 'tool', callId: content.id, at, status: isFailed ? 'failed' : 'completed', output });
    }
  }
}
