import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from '../command/command.ts';
import { EXIT, ExitError } from '../command/exit-error.ts';
import { outOfReach, tryServer } from '../connection/connect.ts';
import { findServer, isServerNamed, type ServerAddress } from '../connection/find-server.ts';
import { isAlive } from '../connection/is-alive.ts';

const PATIENCE_MS = 30_000;
const LOOK_AGAIN_MS = 25;

export const stop: Command = {
  name: 'stop',
  group: 'server',
  summary: 'Stop the server and wait until it is gone',
  args: [],
  options: {},
  notes: ['Running tasks are interrupted; `boocode continue ID` goes on with them after the next start.'],
  async run(context) {
    const address = await findServer(context.env);
    const connection = address === null ? null : await tryServer(address);
    if (connection === null) {
      if (isServerNamed(context.env)) throw outOfReach(context, address);
      context.out.line('BooCode is not running');
      return EXIT.completed;
    }
    const { pid } = await connection.api.status();
    await connection.api.shutdown();
    await waitUntilGone({ ...connection, pid: connection.pid === null ? null : pid });
    context.out.line('BooCode has stopped');
    return EXIT.completed;
  },
};

/** A server of this machine is gone when its process is; any other, when it no longer answers. */
async function waitUntilGone(address: ServerAddress): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (address.pid === null ? (await tryServer(address)) !== null : isAlive(address.pid)) {
    if (Date.now() > deadline)
      throw new ExitError(
        EXIT.failed,
        `Cannot stop BooCode: it still runs after ${PATIENCE_MS / 1000} s; look into its log, or end process ${address.pid ?? ''}`,
      );
    await delay(LOOK_AGAIN_MS);
  }
}
