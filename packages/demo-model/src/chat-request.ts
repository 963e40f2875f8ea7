import * as z from 'zod/mini';

const Content = z.union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.optional(z.string()) }))]);

const ChatMessage = z.looseObject({
  role: z.string(),
  content: z.optional(z.nullable(Content)),
  tool_calls: z.optional(
    z.nullable(z.array(z.looseObject({ id: z.optional(z.string()), function: z.looseObject({ name: z.string(), arguments: z.optional(z.string()) }) }))),
  ),
  tool_call_id: z.optional(z.string()),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

const OfferedTool = z.looseObject({
  function: z.looseObject({ name: z.string(), description: z.optional(z.string()), parameters: z.optional(z.unknown()) }),
});

/** The part of an OpenAI chat completion request that the demo model looks at. */
export const ChatRequest = z.looseObject({
  model: z.optional(z.string()),
  messages: z.array(ChatMessage),
  tools: z.optional(z.nullable(z.array(OfferedTool))),
  stream: z.optional(z.nullable(z.boolean())),
  stream_options: z.optional(z.nullable(z.looseObject({ include_usage: z.optional(z.boolean()) }))),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

export interface ToolOffer {
  readonly name: string;
  readonly description: string;
  /** JSON schema of each argument, by name. */
  readonly properties: ReadonlyMap<string, unknown>;
  readonly required: readonly string[];
}

export function textOf(message: ChatMessage): string {
  if (message.content === null || message.content === undefined) return '';
  if (typeof message.content === 'string') return message.content;
  return message.content.map((part) => part.text ?? '').join('\n');
}

const Parameters = z.looseObject({ properties: z.optional(z.record(z.string(), z.unknown())), required: z.optional(z.array(z.string())) });

export function offeredTools(request: ChatRequest): readonly ToolOffer[] {
  return (request.tools ?? []).map((tool) => {
    const parameters = Parameters.safeParse(tool.function.parameters);
    return {
      name: tool.function.name,
      description: tool.function.description ?? '',
      properties: new Map(Object.entries(parameters.data?.properties ?? {})),
      required: parameters.data?.required ?? [],
    };
  });
}

/** A rough count, as good as any for a model without a tokenizer: four characters to a token. */
export function estimatePromptTokens(request: ChatRequest): number {
  return Math.ceil((JSON.stringify(request.messages).length + JSON.stringify(request.tools ?? []).length) / 4);
}
