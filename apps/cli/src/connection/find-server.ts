import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import * as z from 'zod/mini';

/** What a running server writes into `run/server.json` as soon as it answers. */
const ServerFile = z.object({ pid: z.int(), url: z.string(), startedAt: z.optional(z.string()) });

export interface ServerAddress {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token: string | null;
  /** null = named by BOOCODE_URL. */
  readonly pid: number | null;
}

/** BOOCODE_HOME, by default `~/.boocode`. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  const named = env['BOOCODE_HOME'];
  return named === undefined || named === '' ? join(homedir(), '.boocode') : resolve(named);
}

/** Whether the person named a server; then none is started for them. */
export function isServerNamed(env: NodeJS.ProcessEnv): boolean {
  return env['BOOCODE_URL'] !== undefined && env['BOOCODE_URL'] !== '';
}

/** Where the server should be: BOOCODE_URL and BOOCODE_TOKEN, else the files of BOOCODE_HOME. Null when nothing says. */
export async function findServer(env: NodeJS.ProcessEnv): Promise<ServerAddress | null> {
  const home = homeOf(env);
  const token = env['BOOCODE_TOKEN'] ?? (await readText(join(home, 'token')))?.trim() ?? null;
  const named = env['BOOCODE_URL'];
  if (named !== undefined && named !== '') return { url: named.replace(/\/+$/, ''), token, pid: null };
  const file = ServerFile.safeParse(parseJson(await readText(join(home, 'run', 'server.json'))));
  return file.success ? { url: file.data.url.replace(/\/+$/, ''), token, pid: file.data.pid } : null;
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null; // absent or unreadable: there is no server to be found through it
  }
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null; // half written by a server that is just starting
  }
}
