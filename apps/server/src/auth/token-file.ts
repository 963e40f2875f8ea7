import { constants } from 'node:fs';
import { link, open, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { BooError } from '@boocode/contracts/error-code.ts';
import { makeSecret } from './secret.ts';

export interface TokenFile {
  readonly token: string;
  /** What the person should know about the file; null = nothing. */
  readonly problem: { readonly code: string; readonly text: string } | null;
}

/** Reads the server's token, or makes it: once, whoever comes first of several starters. The file is for its owner alone. */
export async function openTokenFile(path: string): Promise<TokenFile> {
  const found = await readTokenFile(path);
  if (found === null) return createTokenFile(path);
  if (isToken(found.token)) return found;
  await replaceTokenFile(path);
  const fresh = await readTokenFile(path);
  if (fresh === null) throw new BooError('internal', `Cannot read "${path}": it vanished while BooCode started; start again`);
  return {
    token: fresh.token,
    problem: {
      code: 'token_replaced',
      text: `The token file "${path}" held no token, so a fresh one was made; programs with the old token must read it again`,
    },
  };
}

async function readTokenFile(path: string): Promise<TokenFile | null> {
  const file = await openFile(path);
  if (file === null) return null;
  await using handle = file;
  const info = await handle.stat();
  if (!info.isFile()) throw new BooError('forbidden', `Cannot use "${path}" as the token file: it is not a file; move it away and start again`);
  const user = process.getuid?.();
  if (user !== undefined && info.uid !== user) {
    throw new BooError(
      'forbidden',
      `Cannot use the token file "${path}": it belongs to another user (${info.uid}), who could read it; remove it and start again`,
    );
  }
  const isOpen = process.platform !== 'win32' && (info.mode & 0o077) !== 0;
  if (isOpen) await handle.chmod(0o600);
  const token = (await handle.readFile('utf8')).trim();
  return { token, problem: isOpen ? { code: 'token_file_mode', text: openFileText(path, info.mode) } : null };
}

/** Does not follow a link: whoever can place one could make us trust a file of theirs. */
async function openFile(path: string): Promise<Awaited<ReturnType<typeof open>> | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'ENOENT') return null;
    const reason = code === 'ELOOP' ? 'it is a symbolic link' : code === 'EACCES' ? 'this user may not read it' : String(code);
    throw new BooError('forbidden', `Cannot read the token file "${path}": ${reason}; remove it and start again`, { cause });
  }
}

async function createTokenFile(path: string): Promise<TokenFile> {
  const temporary = await writeTemporary(path);
  try {
    await link(temporary, path); // fails when another starter was first; then its token holds
  } catch (cause) {
    const code = errorCode(cause);
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') await rename(temporary, path); // a file system without hard links
    else if (code !== 'EEXIST') throw new BooError('internal', `Cannot make the token file "${path}": ${String(code)}; check the folder`, { cause });
  } finally {
    await rm(temporary, { force: true });
  }
  return openTokenFile(path);
}

async function replaceTokenFile(path: string): Promise<void> {
  await rename(await writeTemporary(path), path);
}

async function writeTemporary(path: string): Promise<string> {
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, `${makeSecret()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  return temporary;
}

function openFileText(path: string, mode: number): string {
  return `The token file "${path}" could be read by other users (mode ${(mode & 0o777).toString(8)}); it is closed now. If this machine is shared, remove the file and start again, to get a fresh token`;
}

function isToken(text: string): boolean {
  return /^[\w.~+/=-]{32,512}$/.test(text);
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
