import { describe, expect, it } from 'vitest';
import { type AgentStatus, mapVendorEvent } from './map-vendor-event.ts';

const hook = (name: string, more: object = {}) => ({ hook_event_name: name, session_id: 's', cwd: '/w', ...more });

describe('mapVendorEvent()', () => {
  it.each<[string, Record<string, unknown>, AgentStatus | null]>([
    ['a prompt', hook('UserPromptSubmit', { prompt: 'x' }), 'start'],
    ['a tool', hook('PreToolUse', { tool_name: 'Bash' }), 'start'],
    ['the end of a tool', hook('PostToolUse', { tool_name: 'Bash' }), 'start'],
    ['a question by tool', hook('PreToolUse', { tool_name: 'AskUserQuestion' }), 'blocked'],
    ['a plan to be approved', hook('PreToolUse', { tool_name: 'exit_plan_mode' }), 'blocked'],
    ['a permission', hook('PermissionRequest', { tool_name: 'Bash' }), 'blocked'],
    ['a notification of a permission', hook('Notification', { notification_type: 'permission_prompt', message: 'x' }), 'blocked'],
    ['an older one, by its words', hook('Notification', { message: 'Claude needs your permission to use Bash' }), 'blocked'],
    ['a notification of idling', hook('Notification', { notification_type: 'idle_prompt', message: 'Claude is waiting for your input' }), null],
    ['a notification of a sign-in', hook('Notification', { notification_type: 'auth_success' }), null],
    ['an end', hook('Stop', { stop_hook_active: false }), 'stop'],
    ['an end by an error', hook('StopFailure', { error: 'server_error' }), 'stop'],
    ['the end of the program', hook('SessionEnd', { reason: 'other' }), 'stop'],
    ["a sub-agent's end", hook('SubagentStop'), null],
    ["a sub-agent's end that is called like the agent's", hook('Stop', { agent_id: 'a1' }), null],
    ['a start of the program', hook('SessionStart', { source: 'startup' }), null],
    ['a hook of tomorrow', hook('StopEverything'), null],
    ["a hook with a name of JavaScript's own", hook('constructor'), null],
    ["codex's end", { type: 'agent-turn-complete', 'turn-id': '1', 'last-assistant-message': 'x' }, 'stop'],
    ["codex's question", { type: 'approval-requested' }, 'blocked'],
    ["opencode's work", { type: 'session.status', properties: { status: { type: 'busy' } } }, 'start'],
    ["opencode's retries", { type: 'session.status', properties: { status: { type: 'retry' } } }, null],
    ["opencode's question", { type: 'permission.asked', properties: {} }, 'blocked'],
    ["opencode's end", { type: 'session.idle', properties: {} }, 'stop'],
    ['another type', { type: 'agent-turn-completed-not' }, null],
    ['nothing', {}, null],
    ['fields of other types', { hook_event_name: 5, type: ['session.idle'] }, null],
  ])('%s', (_name, event, status) => {
    expect(mapVendorEvent(event)).toBe(status);
  });
});
