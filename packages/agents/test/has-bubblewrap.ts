import { execFileSync } from 'node:child_process';

/** Whether children can be contained on this machine: bubblewrap is there, and namespaces are allowed. */
export function hasBubblewrap(): boolean {
  try {
    execFileSync('bwrap', ['--dev-bind', '/', '/', '--tmpfs', '/tmp', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
