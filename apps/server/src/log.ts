import { openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { multistream, pino, type Logger } from 'pino';
import { redact } from './redact.ts';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const LEVEL_WORDS: Readonly<Record<number, string>> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
/** Fields that may hold a secret, wherever somebody logs them. */
const SECRET_FIELDS = ['authorization', 'token', 'ticket', 'apiKey', 'password', 'secret', 'cookie'];

export interface LogOptions {
  /** Where server.log goes; null = no file. */
  readonly folder: string | null;
  /** Gets the short form for people; null = nobody looks. */
  readonly stderr: { write(text: string): unknown } | null;
  /** Never written anywhere. Read with every line, so it may grow. */
  readonly secrets: ReadonlySet<string>;
}

/** The server's log: JSON lines in `server.log` and a short line each on stderr. No prompts, file contents or secrets at this level or above. */
export function createLog({ folder, stderr, secrets }: LogOptions): Logger {
  const streams = [];
  if (folder !== null) streams.push({ level: 'info' as const, stream: openLogFile(join(folder, 'server.log'), secrets) });
  if (stderr !== null) streams.push({ level: 'info' as const, stream: { write: (line: string) => void stderr.write(redact(formatForPeople(line), secrets)) } });
  return pino(
    {
      level: 'info',
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[secret]' },
      serializers: { err: serializeError, error: serializeError },
    },
    multistream(streams),
  );
}

/** Written at once, so that the last lines before a crash are there. A log that cannot be written must not stop the work. */
function openLogFile(path: string, secrets: ReadonlySet<string>): { write(line: string): void } {
  const file = openOrNull(path);
  return {
    write(line) {
      if (file === null) return;
      try {
        writeSync(file, redact(line, secrets));
      } catch {
        // full disk: the line is lost, the server goes on
      }
    },
  };
}

/** A large log of earlier runs is put aside; the one put aside before goes. */
function openOrNull(path: string): number | null {
  try {
    const info = statSync(path, { throwIfNoEntry: false });
    if (info !== undefined && info.size > MAX_FILE_BYTES) renameSync(path, `${path}.1`);
    return openSync(path, 'a', 0o600);
  } catch {
    return null; // the home was checked before; stderr still has every line
  }
}

/** Only what tells where it broke: the other fields of a library's error may hold the data it was given. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return { type: name, message, stack, ...('code' in error ? { code: error.code } : {}), ...(cause === undefined ? {} : { cause: serializeError(cause) }) };
}

/** `12:34:56 warn  text (key: value)`: one line, without colours. */
function formatForPeople(line: string): string {
  const { level, time, pid: _pid, msg, err, ...rest } = parseLine(line);
  const facts = Object.entries(rest).map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const reason = typeof err === 'object' && err !== null && 'message' in err ? [String(err.message)] : [];
  const details = [...reason, ...facts].join(', ');
  const word = LEVEL_WORDS[Number(level)] ?? String(level);
  return (
    `${String(time).slice(11, 19)} ${word.padEnd(5)} ${typeof msg === 'string' ? msg : ''}${details === '' ? '' : ` (${details})`}`.replace(/\s*\n\s*/g, ' ') +
    '\n'
  );
}

function parseLine(line: string): Record<string, unknown> {
  return JSON.parse(line);
}
