import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';

/** The shell that was asked for; without a wish the person's own, then what the system has. */
export function chooseShell(wanted: string | undefined, environment: Readonly<Record<string, string>>): string {
  if (wanted !== undefined) {
    if (isAbsolute(wanted) && isProgram(wanted)) return wanted;
    throw new BooError('invalid_request', `Cannot open the terminal: "${wanted}" is not the absolute path of a program; give for instance "/bin/bash"`);
  }
  const shell = [environment['SHELL'] ?? '', '/bin/bash', '/bin/sh'].find((path) => isAbsolute(path) && isProgram(path));
  if (shell !== undefined) return shell;
  throw new BooError('invalid_request', 'Cannot open the terminal: no shell was found; set SHELL to the absolute path of yours and start BooCode again');
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false; // not there, or not ours to run
  }
}
