import { connect as connectSocket, type Socket } from 'node:net';
import postgres, { type Options, type Sql } from 'postgres';

export const CONNECT_TIMEOUT_SECONDS = 5;

export interface ConnectOptions {
  /** Connections in the pool. */
  readonly max?: number;
  /** Shown by `pg_stat_activity`. */
  readonly name?: string;
  readonly onClose?: () => void;
}

/**
 * A pool over a connection string; connects with the first query. Understands libpq's `?host=/folder` for Unix sockets.
 * `bigint` columns are read as numbers: ids and counters here stay far below 2^53.
 */
export function connect(connectionString: string, options: ConnectOptions = {}): Sql {
  const settings: Options<{}> = {
    max: options.max ?? 10,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    backoff: reconnectDelay,
    onnotice: () => {},
    connection: { application_name: options.name ?? 'boocode' },
    ...(options.onClose === undefined ? {} : { onclose: options.onClose, max_lifetime: null }),
  };
  const url = new URL(connectionString);
  const folder = url.searchParams.get('host');
  if (folder !== null && folder.startsWith('/')) {
    url.searchParams.delete('host');
    settings.path = `${folder}/.s.PGSQL.${url.port || '5432'}`;
    settings.ssl = false;
  }
  const sql = postgres(url.href, Object.assign(settings, { socket: (target: SocketTarget) => openSocket(target) }));
  sql.options.parsers[20] = Number;
  return sql;
}

/** Seconds before the pool tries again. The driver's own delay grows to 20 s, too long for a database that restarts. */
function reconnectDelay(failures: number): number {
  return Math.min(0.02 * 2 ** failures, 1);
}

/** What the driver knows when it wants a socket. */
interface SocketTarget {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false;
}

const CANCEL_MESSAGE_BYTES = 16;

/**
 * A socket whose end by the other side is an error. Left to itself the driver tries again for ever, without a pause and without failing a query,
 * when something accepts a connection and closes it (a proxy whose database is gone). Only a request to cancel is answered by closing.
 */
function openSocket({ host, port, path }: SocketTarget): Socket {
  const [firstHost = 'localhost'] = host;
  const [firstPort = 5432] = port;
  const socket = path === false ? connectSocket(firstPort, firstHost) : connectSocket(path);
  socket.once('end', () => {
    if (socket.bytesWritten === CANCEL_MESSAGE_BYTES) return;
    socket.destroy(Object.assign(new Error('the connection was closed by the other side'), { code: 'CONNECTION_CLOSED' }));
  });
  return socket;
}
