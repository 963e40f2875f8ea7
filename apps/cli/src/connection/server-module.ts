import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT, ExitError } from '../command/exit-error.ts';

/** What the server's program exports: resolves with the exit status when the server has stopped. */
interface ServerModule {
  main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number>;
}

/** Beside the bundle, or in a checkout. */
const PLACES = ['./server.js', '../../../server/src/main.ts'];

/**
 * The server's program. This is the one place where the command line knows of it, and it is loaded, not imported:
 * so `serve` is one process, and every other command starts without it.
 */
export async function loadServer(): Promise<ServerModule> {
  const url = PLACES.map((place) => new URL(place, import.meta.url)).find((place) => existsSync(fileURLToPath(place)));
  if (url === undefined) throw new ExitError(EXIT.failed, 'Cannot start BooCode: its server is missing from this installation; install it again');
  const module: unknown = await import(url.href);
  if (!isServerModule(module)) throw new ExitError(EXIT.failed, `Cannot start BooCode: "${fileURLToPath(url)}" is not its server; install it again`);
  return module;
}

function isServerModule(module: unknown): module is ServerModule {
  return typeof module === 'object' && module !== null && 'main' in module && typeof module.main === 'function';
}
