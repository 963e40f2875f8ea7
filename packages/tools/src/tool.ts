import type { ToolDiff, ToolKind } from '@boocode/contracts/agent-event.ts';
import type { Containment } from '@boocode/processes/containment.ts';
import type { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import * as z from 'zod/mini';
import { normalizeInput } from './normalize-input.ts';

/** What a tool may touch and how it reports. One per call. */
export interface ToolContext {
  /** The worktree. Relative paths start here; nothing outside it is written. */
  readonly cwd: string;
  /** Further absolute folders that may be read. */
  readonly allowedReadPaths: readonly string[];
  /** For whole outputs that are too long for the model; readable, not below `cwd`. */
  readonly outputDir: string;
  /** The environment of children, already reduced to what they may know. */
  readonly environment: Readonly<Record<string, string>>;
  readonly registry: ProcessRegistry | null;
  readonly containment: Containment | null;
  readonly shellTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Live output, in the order in which it appeared. */
  readonly onOutput: (delta: string) => void;
}

/** What a call is about to do, as far as the access policy is concerned. */
export type Effect = { readonly type: 'none' } | { readonly type: 'edit'; readonly path: string } | { readonly type: 'execute'; readonly command: string };

/** What a tool gives back. `text` is what the model reads. */
export interface ToolResult {
  readonly text: string;
  readonly failed?: boolean;
  readonly exitCode?: number | null;
  readonly diffs?: readonly ToolDiff[];
  /** Size of the whole output where `text` is a part of it, and the file that holds all of it. */
  readonly whole?: { readonly bytes: number; readonly lines: number; readonly file: string | null };
}

/** A call whose input has been understood, ready to be decided on and run. */
export interface PreparedCall {
  readonly input: unknown;
  readonly title: string;
  readonly effect: Effect;
  /** Never throws for what the model did wrong: that is a result with `failed`. Rejects with an AbortError when the signal aborts. */
  run(context: ToolContext): Promise<ToolResult>;
}

/** One tool of the native agent. */
export interface Tool {
  readonly name: string;
  readonly kind: ToolKind;
  readonly description: string;
  /** JSON schema of the input, as the model sees it. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
  /** Understands a model's input, or says what is wrong with it. */
  prepare(input: unknown): PreparedCall | { readonly problem: string };
}

/** A refusal or failure that the model is told about. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
}

interface ToolDefinition<S extends z.ZodMiniType> {
  readonly name: string;
  readonly kind: ToolKind;
  readonly description: string;
  readonly input: S;
  title(input: z.output<S>): string;
  effect(input: z.output<S>): Effect;
  run(input: z.output<S>, context: ToolContext): Promise<ToolResult>;
}

export function defineTool<const S extends z.ZodMiniType>(definition: ToolDefinition<S>): Tool {
  const { $schema: _, ...inputSchema } = z.toJSONSchema(definition.input, { io: 'input' });
  return {
    name: definition.name,
    kind: definition.kind,
    description: definition.description,
    inputSchema,
    prepare(raw) {
      const parsed = definition.input.safeParse(normalizeInput(raw, inputSchema));
      if (!parsed.success) return { problem: `Invalid input for "${definition.name}":\n${z.prettifyError(parsed.error)}` };
      const input = parsed.data;
      return { input, title: definition.title(input), effect: definition.effect(input), run: (context) => runKindly(() => definition.run(input, context)) };
    },
  };
}

async function runKindly(run: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ToolFailure) return { text: error.message, failed: true };
    throw error;
  }
}
