/** What a hook's event means: the agent works, waits for a person, or has come to the end of what it was asked. */
export type VendorStatus = 'start' | 'blocked' | 'stop';

/** Events by the names that vendors give them: Claude Code and its relatives (Qwen), Codex, Gemini, Cursor, opencode. */
const MEANINGS: ReadonlyMap<string, VendorStatus> = new Map([
  // Claude Code, Qwen Code: hook_event_name
  ['UserPromptSubmit', 'start'],
  ['PreToolUse', 'start'],
  ['PostToolUse', 'start'],
  ['SubagentStart', 'start'],
  ['PermissionRequest', 'blocked'],
  ['Elicitation', 'blocked'],
  ['Stop', 'stop'],
  ['StopFailure', 'stop'],
  ['SessionEnd', 'stop'],
  // Gemini
  ['BeforeAgent', 'start'],
  ['BeforeTool', 'start'],
  ['AfterAgent', 'stop'],
  // Codex: type
  ['agent-turn-complete', 'stop'],
  ['approval-requested', 'blocked'],
  // Cursor
  ['beforeSubmitPrompt', 'start'],
  ['beforeShellExecution', 'start'],
  ['stop', 'stop'],
  // opencode
  ['session.status.busy', 'start'],
  ['permission.asked', 'blocked'],
  ['question.asked', 'blocked'],
  ['session.idle', 'stop'],
]);

/** Claude's notifications say in `notification_type` what they are about; older ones only in words. */
const BLOCKED_NOTIFICATIONS: ReadonlySet<unknown> = new Set(['permission_prompt', 'elicitation_dialog']);

/** Null for what means nothing here or is not known: an unknown event never counts as an end. The end of a sub-agent is not the end of the agent. */
export function mapVendorEvent(event: Readonly<Record<string, unknown>>): VendorStatus | null {
  const name = [event['hook_event_name'], event['event'], event['type']].find((value) => typeof value === 'string');
  if (typeof name !== 'string') return null;
  if (name === 'Notification') return isBlocking(event) ? 'blocked' : null;
  return MEANINGS.get(name) ?? null;
}

function isBlocking({ notification_type: type, message }: Readonly<Record<string, unknown>>): boolean {
  if (type !== undefined) return BLOCKED_NOTIFICATIONS.has(type);
  return typeof message === 'string' && /needs your (permission|approval)/i.test(message);
}
