import { BooError, type ErrorCode } from '@boocode/contracts/error-code.ts';

/** What a banner says while the database cannot be used. */
export interface StorageProblem {
  readonly code: ErrorCode;
  readonly text: string;
}

const CONNECTION_CODES = new Set([
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'CONNECTION_ENDED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The SQLSTATE, or the driver's or the system's own code, of a failed query; null when it has none. */
export function databaseErrorCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/** Whether the disk of the database is full. */
export function isStorageFull(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === '53100' || code === 'ENOSPC' || code === 'EDQUOT' || code === 'storage_full';
}

/** Whether the database could not be asked: not there, starting, stopping, or out of connections. The same query may succeed later. */
export function isStorageUnavailable(error: unknown): boolean {
  const code = databaseErrorCode(error);
  if (code === null) return false;
  return CONNECTION_CODES.has(code) || code === 'storage_unavailable' || code.startsWith('08') || code.startsWith('57P') || code === '53300';
}

/** Turns a failed query into an error for the caller where the database itself is the cause; anything else is returned as it is. */
export function mapDatabaseError(error: unknown): unknown {
  if (error instanceof BooError) return error;
  if (isStorageFull(error)) {
    return new BooError('storage_full', 'Cannot store this: the disk of the database is full; free some space, then try again', { cause: error });
  }
  if (isStorageUnavailable(error)) {
    return new BooError('storage_unavailable', 'Cannot reach the database: it does not answer; BooCode goes on as soon as it does', { cause: error });
  }
  return error;
}

/** Whether the database itself is the cause, so that the same query may succeed once that is over. */
export function isStorageFailure(error: unknown): boolean {
  return isStorageFull(error) || isStorageUnavailable(error);
}
