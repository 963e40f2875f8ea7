import { BooError } from '@boocode/contracts/error-code.ts';
import { CONNECT_TIMEOUT_SECONDS } from './connect.ts';
import { databaseErrorCode } from './db-errors.ts';

const OLDEST_VERSION = 150_000;

/** Host, port and database of a connection string, without its password. */
export function describeTarget(connectionString: string): string {
  const url = new URL(connectionString);
  const host = url.searchParams.get('host') ?? url.hostname;
  return `"${host}:${url.port || '5432'}${url.pathname}"`;
}

/** Rejects what is not a connection string of PostgreSQL. */
export function assertConnectionString(text: string): void {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return;
  throw new BooError('storage_unavailable', 'Cannot use DATABASE_URL: it is not of the form postgres://user:password@host:5432/database; mend or remove it');
}

/** `server_version_num`, for instance 150018. */
export function assertSupportedVersion(number: number, connectionString: string): void {
  if (number >= OLDEST_VERSION) return;
  throw new BooError(
    'storage_unavailable',
    `Cannot use the database at ${describeTarget(connectionString)}: it is PostgreSQL ${Math.floor(number / 10_000)} and BooCode needs 15 or newer; upgrade it, or remove DATABASE_URL to use the built-in one`,
  );
}

/** Says in one sentence why the first query failed. */
export function describeConnectFailure(error: unknown, connectionString: string): BooError {
  if (error instanceof BooError) return error;
  const target = describeTarget(connectionString);
  const url = new URL(connectionString);
  const say = (reason: string, next: string) =>
    new BooError('storage_unavailable', `Cannot open the database at ${target}: ${reason}; ${next}`, { cause: error });
  const code = databaseErrorCode(error);
  const check = 'check DATABASE_URL and that the server runs, or remove DATABASE_URL to use the built-in database';
  if (code === '28P01' || code === '28000')
    return say(`user "${decodeURIComponent(url.username)}" was refused (wrong password?)`, 'correct the user and password in DATABASE_URL');
  if (code === '3D000') return say('there is no such database', 'create it, or correct its name in DATABASE_URL');
  if (code === '42501')
    return say(`user "${decodeURIComponent(url.username)}" may not create tables there`, 'grant it the schema, or name its own database in DATABASE_URL');
  if (code === '53300') return say('it has no connection left', 'raise its max_connections or end other clients, then start again');
  if (code === '53100')
    return new BooError('storage_full', `Cannot open the database at ${target}: its disk is full; free some space, then start again`, { cause: error });
  if (code === 'CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return say(`no answer within ${CONNECT_TIMEOUT_SECONDS} seconds`, check);
  if (code === 'CONNECTION_CLOSED' || code === 'ECONNRESET') return say('it accepts connections and closes them at once', check);
  if (code === 'ECONNREFUSED') return say('nothing listens there', check);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return say(`the name "${url.hostname}" is not known`, check);
  return say(error instanceof Error ? error.message : String(error), check);
}
