import * as z from 'zod/mini';
import type { ChatMessage, ChatRequest } from './chat-request.ts';

const Block = z.looseObject({
  type: z.string(),
  text: z.optional(z.string()),
  thinking: z.optional(z.string()),
  id: z.optional(z.string()),
  name: z.optional(z.string()),
  input: z.optional(z.unknown()),
  tool_use_id: z.optional(z.string()),
  content: z.optional(z.unknown()),
});
type Block = z.infer<typeof Block>;
const Content = z.union([z.string(), z.array(Block)]);

const Message = z.looseObject({ role: z.string(), content: Content });
const Tool = z.looseObject({ name: z.string(), description: z.optional(z.string()), input_schema: z.optional(z.unknown()) });

/** The part of a request in Anthropic's Messages format that the demo model looks at. */
export const AnthropicRequest = z.looseObject({
  model: z.optional(z.string()),
  system: z.optional(z.nullable(Content)),
  messages: z.array(Message),
  tools: z.optional(z.nullable(z.array(Tool))),
  stream: z.optional(z.nullable(z.boolean())),
});
export type AnthropicRequest = z.infer<typeof AnthropicRequest>;

/** The same request in the words of the OpenAI format, in which answers are planned. */
export function mapAnthropicRequest(request: AnthropicRequest): ChatRequest {
  const system = request.system === null || request.system === undefined ? [] : [{ role: 'system', content: plainText(request.system) }];
  return {
    ...(request.model === undefined ? {} : { model: request.model }),
    messages: [...system, ...request.messages.flatMap(mapMessage)],
    tools: (request.tools ?? []).map(({ name, description, input_schema: parameters }) => ({
      function: { name, ...(description === undefined ? {} : { description }), parameters },
    })),
  };
}

function mapMessage({ role, content }: z.infer<typeof Message>): ChatMessage[] {
  if (typeof content === 'string') return [{ role, content: role === 'user' ? withoutReminders(content) : content }];
  if (role === 'assistant') return [{ role, content: plainText(content), tool_calls: content.flatMap(mapCall) }];
  const results = content.filter((block) => block.type === 'tool_result');
  const text = withoutReminders(plainText(content));
  const said = text.trim() === '' && results.length > 0 ? [] : [{ role, content: text }];
  return [...results.map((block) => ({ role: 'tool', tool_call_id: block.tool_use_id ?? '', content: resultText(block.content) })), ...said];
}

function mapCall(block: Block): { id: string; function: { name: string; arguments: string } }[] {
  if (block.type !== 'tool_use') return [];
  return [{ id: block.id ?? '', function: { name: block.name ?? '', arguments: JSON.stringify(block.input ?? {}) } }];
}

function plainText(content: z.infer<typeof Content>): string {
  return typeof content === 'string' ? content : content.flatMap((block) => (block.type === 'text' ? (block.text ?? '') : [])).join('\n');
}

function resultText(content: unknown): string {
  const parsed = Content.safeParse(content);
  return parsed.success ? plainText(parsed.data) : '';
}

/** What an agent adds to messages for the model alone is no prompt of a person. */
function withoutReminders(text: string): string {
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>\s*/g, '');
}
