import { setTimeout as delay } from 'node:timers/promises';
import { type ApiClient, createApiClient } from '@boocode/contracts/api-client.ts';
import type { Context } from '../command/context.ts';
import { EXIT, ExitError } from '../command/exit-error.ts';
import { findServer, homeOf, isServerNamed, type ServerAddress } from './find-server.ts';
import { startBackgroundServer } from './start-background-server.ts';

/** A server that answered just now. */
export interface Connection extends ServerAddress {
  readonly api: ApiClient;
  readonly version: string;
}

/** The running server. @throws ExitError (3) when none answers. */
export async function connect(context: Context): Promise<Connection> {
  const address = await findServer(context.env);
  const connection = address === null ? null : await tryServer(address);
  if (connection === null) throw outOfReach(context, address);
  noteVersion(context, connection);
  return connection;
}

/** The running server, or one that is started in the background now, which is said on stderr. */
export async function connectOrStart(context: Context): Promise<Connection> {
  const address = await findServer(context.env);
  const connection = address === null ? null : await tryServer(address);
  if (connection !== null) {
    noteVersion(context, connection);
    return connection;
  }
  if (isServerNamed(context.env)) throw outOfReach(context, address);
  context.err.line('BooCode is not running: starting it in the background');
  const started = await startBackgroundServer(context, async () => {
    const found = await findServer(context.env);
    return found === null ? null : tryServer(found);
  });
  context.err.line(`BooCode runs at ${started.url} (stop it with \`boocode stop\`)`);
  return started;
}

/** Waits until a server answers again, for instance after a restart. Null when none did in time. */
export async function reconnect(context: Context, patienceMs: number, signal: AbortSignal): Promise<Connection | null> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = 50; !signal.aborted; pauseMs = Math.min(1_000, pauseMs * 2)) {
    const address = await findServer(context.env);
    const connection = address === null ? null : await tryServer(address);
    if (connection !== null) return connection;
    if (Date.now() + pauseMs > deadline) return null;
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** Asks the server whether it is one. Null when nothing answers there, or something else does. */
export async function tryServer(address: ServerAddress): Promise<Connection | null> {
  const api = createApiClient({ baseUrl: address.url, token: () => address.token });
  try {
    const { version } = await api.health({ signal: AbortSignal.timeout(5_000) });
    return { ...address, api, version };
  } catch {
    return null; // refused, timed out, or not BooCode: for every caller there is no server
  }
}

function noteVersion(context: Context, connection: Connection): void {
  if (connection.version === context.version) return;
  context.err.line(
    `The server that runs is BooCode ${connection.version}, this is ${context.version}: \`boocode stop\` ends it, and the next start is of this version`,
  );
}

export function outOfReach(context: Context, address: ServerAddress | null): ExitError {
  if (isServerNamed(context.env)) {
    return new ExitError(
      EXIT.unreachable,
      `Cannot reach BooCode at ${address?.url ?? ''}: nothing answers there; check BOOCODE_URL, or unset it to use your own server`,
    );
  }
  const place = address === null ? `no server runs for ${homeOf(context.env)}` : `nothing answers at ${address.url}`;
  return new ExitError(EXIT.unreachable, `Cannot reach BooCode: ${place}; start it with \`boocode serve\``);
}
