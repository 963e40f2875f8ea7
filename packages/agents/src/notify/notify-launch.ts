import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentLaunch } from '../agent-process.ts';
import type { OpenOptions } from '../backend.ts';

const PROGRAM = fileURLToPath(new URL('./notify-hook.mjs', import.meta.url));
const TOLD = ['UserPromptSubmit', 'PreToolUse', 'PostToolUse', 'PermissionRequest', 'Notification', 'Stop', 'StopFailure'];

/**
 * The same launch for an agent that tells its status by hooks. `$BOO_NOTIFY_HOOK VENDOR` is the command that a hook may run, with what it says on its standard
 * input or as a further argument; for claude it is set up with its settings.
 */
export function withNotify(launch: AgentLaunch, notify: OpenOptions['notify']): AgentLaunch {
  if (notify === null) return launch;
  const hook = `'${process.execPath}' '${PROGRAM}'`;
  const settings = basename(launch.command) === 'claude' ? ['--settings', claudeSettings(`${hook} claude`)] : [];
  return {
    ...launch,
    args: [...settings, ...launch.args],
    env: { ...launch.env, BOO_NOTIFY_URL: notify.url, BOO_NOTIFY_TOKEN: notify.token, BOO_NOTIFY_HOOK: hook },
  };
}

function claudeSettings(command: string): string {
  const entry = [{ hooks: [{ type: 'command', command, timeout: 10 }] }];
  return JSON.stringify({ hooks: Object.fromEntries(TOLD.map((event) => [event, entry])) });
}
