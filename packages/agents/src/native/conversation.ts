import type { LanguageModelV4Prompt } from '@ai-sdk/provider';

export interface ConversationCall {
  readonly callId: string;
  readonly name: string;
  readonly input: unknown;
  /** What the model is told came of it. */
  readonly result: string;
}

/** A chat as a model sees it: prompts, and answers each with the calls that were asked for together and their results. */
export type ConversationItem =
  /** `isSteered`: said in mid-turn, after the prompt that the turn is about. */
  | { readonly role: 'user'; readonly text: string; readonly isSteered?: boolean }
  | { readonly role: 'assistant'; readonly text: string; readonly reasoning: string; readonly calls: readonly ConversationCall[] };

/** Translates to the form of the SDK. Pure. */
export function mapToPrompt(system: string, items: readonly ConversationItem[]): LanguageModelV4Prompt {
  return [{ role: 'system', content: system }, ...items.flatMap(mapItem)];
}

function mapItem(item: ConversationItem): LanguageModelV4Prompt {
  if (item.role === 'user') return [{ role: 'user', content: [{ type: 'text', text: item.text }] }];
  const { text, reasoning, calls } = item;
  const answer: LanguageModelV4Prompt[number] = {
    role: 'assistant',
    content: [
      ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
      ...(text === '' ? [] : [{ type: 'text' as const, text }]),
      ...calls.map((call) => ({ type: 'tool-call' as const, toolCallId: call.callId, toolName: call.name, input: call.input ?? {} })),
    ],
  };
  if (calls.length === 0) return [answer];
  const results = calls.map((call) => ({
    type: 'tool-result' as const,
    toolCallId: call.callId,
    toolName: call.name,
    output: { type: 'text' as const, value: call.result },
  }));
  return [answer, { role: 'tool', content: results }];
}

/** How many characters a model has to read for this item; a few more for what templates put around it. */
export function sizeOf(item: ConversationItem): number {
  if (item.role === 'user') return item.text.length + 20;
  return item.calls.reduce(
    (sum, call) => sum + inputSize(call.input) + call.result.length + call.name.length + 60,
    item.text.length + item.reasoning.length + 20,
  );
}

export function inputSize(input: unknown): number {
  return typeof input === 'string' ? input.length : (JSON.stringify(input) ?? '').length;
}
