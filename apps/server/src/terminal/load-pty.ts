import { BooError } from '@boocode/contracts/error-code.ts';
import type { spawn } from '@lydell/node-pty';

export type SpawnPty = typeof spawn;

/** Loads the native part only when a terminal is opened: on a system that it was not built for, everything else works. */
export async function loadPty(): Promise<SpawnPty> {
  try {
    return (await import('@lydell/node-pty')).spawn;
  } catch (cause) {
    const system = `${process.platform} ${process.arch}`;
    throw new BooError('invalid_request', `Cannot open a terminal: BooCode has none for this system (${system}); use your own, everything else works`, {
      cause,
    });
  }
}
