import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';

export interface StepUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly cachedTokens: number | null;
  /** Tokens in the server's context after this answer. */
  readonly contextUsed: number | null;
}

export type StepEvent =
  | { readonly type: 'text' | 'reasoning'; readonly delta: string }
  | { readonly type: 'call_started'; readonly callId: string; readonly name: string }
  | { readonly type: 'call'; readonly callId: string; readonly name: string; readonly input: string }
  | {
      readonly type: 'finished';
      readonly reason: 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'error' | 'interrupted' | 'other';
      readonly usage: StepUsage;
    }
  | { readonly type: 'error'; readonly error: unknown };

/** Translates one part of the SDK's stream; null = nothing for us. Pure. */
export function mapStreamPart(part: LanguageModelV4StreamPart): StepEvent | null {
  switch (part.type) {
    case 'text-delta':
      return { type: 'text', delta: part.delta };
    case 'reasoning-delta':
      return { type: 'reasoning', delta: part.delta };
    case 'tool-input-start':
      return { type: 'call_started', callId: part.id, name: part.toolName };
    case 'tool-call':
      return { type: 'call', callId: part.toolCallId, name: part.toolName, input: part.input };
    case 'error':
      return { type: 'error', error: part.error };
    case 'finish':
      return { type: 'finished', reason: part.finishReason.unified, usage: usageOf(part) };
    case 'text-start':
    case 'text-end':
    case 'reasoning-start':
    case 'reasoning-end':
    case 'tool-input-delta':
    case 'tool-input-end':
    case 'stream-start':
    case 'response-metadata':
    case 'raw':
    case 'ping':
    case 'file':
    case 'reasoning-file':
    case 'source':
    case 'custom':
    case 'tool-result':
    case 'tool-approval-request':
      return null;
  }
}

function usageOf(part: Extract<LanguageModelV4StreamPart, { type: 'finish' }>): StepUsage {
  const timings = part.providerMetadata?.['timings'] ?? {};
  const [cache, prompt, predicted] = ['cache_n', 'prompt_n', 'predicted_n'].map((key) => numberOrNull(timings[key]));
  const input = numberOrNull(part.usage.inputTokens.total);
  const output = numberOrNull(part.usage.outputTokens.total);
  const fromTimings = prompt === null || prompt === undefined ? null : (cache ?? 0) + prompt + (predicted ?? 0);
  return {
    inputTokens: input,
    outputTokens: output,
    cachedTokens: numberOrNull(part.usage.inputTokens.cacheRead) ?? cache ?? null,
    contextUsed: fromTimings ?? (input === null ? null : input + (output ?? 0)),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.max(0, Math.round(value)) : null;
}
