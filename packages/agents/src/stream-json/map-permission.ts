import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import * as z from 'zod/mini';
import { maybe } from '../acp/lenient.ts';
import type { AgentRequest } from '../ask-by-access.ts';
import type { PermissionAnswer } from '../backend.ts';
import { mapToolCall } from './map-tool-call.ts';

/** What an agent asks leave for, by claude's and qwen's `can_use_tool` or the SDK's `canUseTool`. */
export const ToolRequest = z.looseObject({
  tool_name: z.string(),
  input: maybe(z.record(z.string(), z.unknown())),
  tool_use_id: maybe(z.string()),
  decision_reason: maybe(z.string()),
  blocked_path: maybe(z.string()),
});
export type ToolRequest = z.infer<typeof ToolRequest>;

/** What the agent is answered. */
export type ToolAnswer =
  | { readonly behavior: 'allow'; readonly updatedInput: Record<string, unknown> }
  | { readonly behavior: 'deny'; readonly message: string };

const TITLES = {
  execute: 'Run this command?',
  edit: 'Change this file?',
  read: 'Read this file?',
  fetch: 'Fetch this from the network?',
  other: 'Use this tool?',
} as const;

const OPTIONS: PermissionRequest['options'] = [
  { id: 'allow', label: 'Allow', kind: 'allow_once' },
  { id: 'allow_always', label: 'Always allow', kind: 'allow_always' },
  { id: 'reject', label: 'Reject', kind: 'reject_once' },
];

/** The question to be decided by the turn's access or a person. */
export function mapToolRequest(request: ToolRequest): AgentRequest {
  const { kind, subject, paths } = mapToolCall(request.tool_name, request.input);
  const asked = permissionKind(kind);
  const blocked = typeof request.blocked_path === 'string' ? [request.blocked_path] : [];
  return {
    callId: request.tool_use_id ?? null,
    kind: asked,
    title: asked === 'other' ? `Use the tool "${request.tool_name}"?` : TITLES[asked],
    subject,
    reason: request.decision_reason ?? null,
    options: OPTIONS,
    paths: [...paths, ...blocked],
  };
}

function permissionKind(kind: ReturnType<typeof mapToolCall>['kind']): keyof typeof TITLES {
  switch (kind) {
    case 'execute':
    case 'edit':
    case 'fetch':
      return kind;
    case 'delete':
    case 'move':
      return 'edit';
    case 'read':
    case 'search':
    case 'think':
      return 'read';
    case 'task':
    case 'other':
      return 'other';
  }
}

export function mapToolAnswer(request: ToolRequest, { allowed, note }: PermissionAnswer): ToolAnswer {
  if (allowed) return { behavior: 'allow', updatedInput: request.input ?? {} };
  return { behavior: 'deny', message: note === null ? 'The person did not allow this.' : `The person did not allow this, and says: ${note}` };
}

/** Whether the agent wants to leave its plan mode: only a person may let it. */
export function asksToLeavePlan(request: ToolRequest): boolean {
  return /^exit_?plan_?mode$/i.test(request.tool_name);
}

const Plan = z.looseObject({ plan: z.optional(z.string()) });

export function mapPlanRequest(request: ToolRequest): PermissionRequest {
  const plan = Plan.safeParse(request.input);
  return {
    callId: request.tool_use_id ?? null,
    kind: 'question',
    title: 'Go on with this plan?',
    subject: (plan.success ? plan.data.plan : undefined) ?? 'The agent wants to leave its plan mode and begin.',
    reason: null,
    options: [
      { id: 'allow', label: 'Begin', kind: 'allow_once' },
      { id: 'reject', label: 'Keep planning', kind: 'reject_once' },
    ],
  };
}

const Questions = z.looseObject({
  questions: z.array(
    z.looseObject({
      question: z.string(),
      header: z.optional(z.string()),
      options: z.array(z.looseObject({ label: z.string(), description: z.optional(z.string()) })),
    }),
  ),
});

/** The questions that the agent asks the person with its tool for that; null where it is another tool. */
export function mapQuestions(request: ToolRequest): { readonly question: string; readonly request: PermissionRequest }[] | null {
  if (!/^ask_?user_?question$/i.test(request.tool_name)) return null;
  const parsed = Questions.safeParse(request.input);
  if (!parsed.success) return null;
  return parsed.data.questions.map(({ question, header, options }) => ({
    question,
    request: {
      callId: request.tool_use_id ?? null,
      kind: 'question',
      title: header ?? 'A question',
      subject: [question, ...options.flatMap(({ label, description }) => (description === undefined ? [] : [`${label}: ${description}`]))].join('\n'),
      reason: null,
      options: [
        ...options.map(({ label }, index) => ({ id: `answer-${index}`, label, kind: 'allow_once' as const })),
        { id: 'reject', label: 'No answer', kind: 'reject_once' as const },
      ],
    },
  }));
}

/** The words of an answer: a note is an answer in words. Null: none was given. */
export function mapQuestionAnswer(request: PermissionRequest, answer: PermissionAnswer): string | null {
  if (answer.note !== null && answer.note.trim() !== '') return answer.note;
  return answer.allowed ? (request.options.find(({ id }) => id === answer.optionId)?.label ?? null) : null;
}
