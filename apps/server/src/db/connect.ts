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
  const sql = postgres(url.href, settings);
  sql.options.parsers[20] = Number;
  return sql;
}

/** Seconds before the pool tries again. The driver's own delay grows to 20 s, too long for a database that restarts. */
function reconnectDelay(failures: number): number {
  return Math.min(0.02 * 2 ** failures, 1);
}
