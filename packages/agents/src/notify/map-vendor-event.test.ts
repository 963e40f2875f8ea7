import { expect, it } from 'vitest';
import { mapVendorEvent } from './map-vendor-event.ts';

it.each([
  [{ hook_event_name: 'UserPromptSubmit', prompt: 'x' }, 'start'],
  [{ hook_event_name: 'PreToolUse', tool_name: 'Bash' }, 'start'],
  [{ hook_event_name: 'PermissionRequest' }, 'blocked'],
  [{ hook_event_name: 'Notification', notification_type: 'permission_prompt' }, 'blocked'],
  [{ hook_event_name: 'Notification', message: 'Claude needs your permission to use Bash' }, 'blocked'],
  [{ hook_event_name: 'Notification', notification_type: 'auth_success', message: 'needs your permission' }, null],
  [{ hook_event_name: 'Notification', message: 'Claude is waiting for your input' }, null],
  [{ hook_event_name: 'Stop' }, 'stop'],
  [{ hook_event_name: 'SubagentStop' }, null],
  [{ type: 'agent-turn-complete', 'last-assistant-message': 'done' }, 'stop'],
  [{ type: 'session.idle' }, 'stop'],
  [{ event: 'AfterAgent' }, 'stop'],
  [{ type: 'something-new', status: 'stop' }, null],
  [{ hook_event_name: 7, type: ['Stop'] }, null],
  [{}, null],
])('%j means %s', (event, status) => {
  expect(mapVendorEvent(event)).toBe(status);
});
