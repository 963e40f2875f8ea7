import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Opens a link where the person sits in front of a screen. Elsewhere, and where it fails, the printed link is enough. */
export async function openBrowser(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const command = browserCommand(env, process.platform);
  if (command === null) return;
  const child = spawn(command[0], [...command.slice(1), url], { detached: true, stdio: 'ignore' });
  await Promise.race([once(child, 'spawn'), once(child, 'error')]).catch(() => undefined);
  child.unref();
}

function browserCommand(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): readonly [string, ...string[]] | null {
  if (env['SSH_CONNECTION'] !== undefined || env['CI'] !== undefined) return null;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['cmd', '/c', 'start', ''];
  return env['DISPLAY'] !== undefined || env['WAYLAND_DISPLAY'] !== undefined ? ['xdg-open'] : null;
}
