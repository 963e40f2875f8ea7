import type { PlanEntry, ToolKind } from '@boocode/contracts/agent-event.ts';
import * as z from 'zod/mini';
import { maybe } from '../acp/lenient.ts';
import { decideToolKind, findCommand, findPath } from '../acp/tool-kind-policy.ts';

/** What a call of an agent's tool does, as it is shown and as access is decided. */
export interface ToolCall {
  readonly kind: ToolKind;
  readonly title: string;
  /** The command, the path, the address: what exactly. */
  readonly subject: string;
  readonly paths: readonly string[];
}

const Input = z.looseObject({
  url: maybe(z.string()),
  query: maybe(z.string()),
  pattern: maybe(z.string()),
  prompt: maybe(z.string()),
  description: maybe(z.string()),
});

export function mapToolCall(name: string, input: unknown): ToolCall {
  const kind = decideToolKind({ kind: /_?edit$/i.test(name) ? 'edit' : null, name, input });
  const parsed = Input.safeParse(input);
  const words = parsed.success ? parsed.data : null;
  const path = findPath(input);
  const subject = (kind === 'execute' ? findCommand(input) : path) ?? words?.url ?? words?.query ?? words?.pattern ?? words?.description ?? null;
  const rest = kind === 'task' ? (words?.description ?? words?.prompt ?? null) : subject;
  return {
    kind,
    title: rest === null ? name : `${name}: ${rest.split('\n')[0]?.slice(0, 200) ?? ''}`,
    subject: subject ?? (input === undefined || input === null ? name : JSON.stringify(input)),
    paths: path === null ? [] : [path],
  };
}

const Todos = z.looseObject({ todos: z.array(z.looseObject({ content: z.string(), status: z.optional(z.string()) })) });

/** The plan that a call writes, where it writes one. */
export function mapPlan(name: string, input: unknown): PlanEntry[] | null {
  if (!/^todo_?write$/i.test(name)) return null;
  const parsed = Todos.safeParse(input);
  return parsed.success ? parsed.data.todos.map(({ content, status }) => ({ text: content, status: planStatus(status) })) : null;
}

export function planStatus(status: string | undefined): PlanEntry['status'] {
  if (status === 'completed' || status === 'in_progress') return status;
  return 'pending';
}
