import * as z from 'zod/mini';
import { maybe } from '../acp/lenient.ts';

/** What an agent without a protocol does, as its hooks tell: it works, it waits for a person, it has ended its turn. */
export type AgentStatus = 'start' | 'blocked' | 'stop';

const VendorEvent = z.looseObject({
  /** claude, qwen, gemini. */
  hook_event_name: maybe(z.string()),
  notification_type: maybe(z.string()),
  message: maybe(z.string()),
  tool_name: maybe(z.string()),
  /** Set where a sub-agent speaks. */
  agent_id: maybe(z.string()),
  /** codex, opencode. */
  type: maybe(z.string()),
  properties: maybe(z.looseObject({ status: maybe(z.looseObject({ type: maybe(z.string()) })) })),
});
type VendorEvent = z.infer<typeof VendorEvent>;

const BY_HOOK: Readonly<Record<string, AgentStatus>> = {
  UserPromptSubmit: 'start',
  PreToolUse: 'start',
  PostToolUse: 'start',
  PostToolUseFailure: 'start',
  PermissionDenied: 'start',
  ElicitationResult: 'start',
  PermissionRequest: 'blocked',
  Elicitation: 'blocked',
  Stop: 'stop',
  StopFailure: 'stop',
  SessionEnd: 'stop',
  BeforeAgent: 'start',
  BeforeTool: 'start',
  AfterTool: 'start',
  AfterAgent: 'stop',
};

const BY_TYPE: Readonly<Record<string, AgentStatus>> = {
  'agent-turn-start': 'start',
  'approval-requested': 'blocked',
  'user-input-requested': 'blocked',
  'agent-turn-complete': 'stop',
  'permission.asked': 'blocked',
  'permission.updated': 'blocked',
  'question.asked': 'blocked',
  'permission.replied': 'start',
  'question.replied': 'start',
  'session.idle': 'stop',
};

/** Translates what a vendor's hook says. Null: it says nothing of the status. What is not known is never taken for an end. */
export function mapVendorEvent(event: Readonly<Record<string, unknown>>): AgentStatus | null {
  const parsed = VendorEvent.safeParse(event);
  if (!parsed.success) return null;
  const { hook_event_name: hook, type } = parsed.data;
  if (typeof hook === 'string') return mapHook(hook, parsed.data);
  if (typeof type !== 'string') return null;
  if (type === 'session.status') return parsed.data.properties?.status?.type === 'busy' ? 'start' : null;
  return Object.hasOwn(BY_TYPE, type) ? (BY_TYPE[type] ?? null) : null;
}

function mapHook(hook: string, event: VendorEvent): AgentStatus | null {
  if (hook === 'Notification') return mapNotification(event);
  if (hook === 'PreToolUse' && /^(ask_?user_?question|exit_?plan_?mode)$/i.test(event.tool_name ?? '')) return 'blocked';
  const status = Object.hasOwn(BY_HOOK, hook) ? (BY_HOOK[hook] ?? null) : null;
  return status === 'stop' && typeof event.agent_id === 'string' ? null : status; // a sub-agent's end is not the agent's
}

/** Of the notifications only those that ask for a person count: that it idles was told by its stop. */
function mapNotification({ notification_type: kind, message }: VendorEvent): AgentStatus | null {
  if (typeof kind === 'string') return /^(permission_prompt|elicitation_dialog|ToolPermission|agent_needs_input)$/.test(kind) ? 'blocked' : null;
  return /needs your (permission|approval|attention)/i.test(message ?? '') ? 'blocked' : null;
}
