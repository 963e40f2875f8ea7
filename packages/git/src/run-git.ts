import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BooError } from '@boocode/contracts/error-code.ts';
import { mapGitFailure } from './git-failure.ts';

/** The git program and the environment it gets. Made once by `openGit` and passed to everything in this package. */
export interface Git {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  /** Settings of every command, beside those that are always the same. */
  readonly settings: readonly string[];
  /** Where the private repositories of folders without git lie (`shadow.ts`). Null: there are none, and such folders are only read. */
  readonly shadowDir: string | null;
}

/** A folder with files of a repository. Naming all three means that a `.git` file an agent rewrote is never believed. */
export interface WorkTree {
  /** The top folder, absolute and real. */
  readonly path: string;
  /** Its own git directory (`.git`, or `.git/worktrees/<name>` of a linked worktree). */
  readonly gitDir: string;
  /** The git directory that all worktrees of the repository share. */
  readonly commonDir: string;
}

export interface RunGit {
  /** Where to run: a folder (git finds the repository itself), or a known work tree. */
  readonly at: string | WorkTree;
  readonly args: readonly string[];
  /** Verb and object of the error sentence: 'read the folder "/p"'. */
  readonly what: string;
  readonly input?: string | Buffer | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Which exit codes are answers and not failures; 0 alone by default. */
  readonly accept?: ((code: number) => boolean) | undefined;
}

export interface GitResult {
  readonly stdout: Buffer;
  readonly stderr: string;
  readonly code: number;
}

const INHERITED = ['HOME', 'PATH', 'USER', 'LOGNAME', 'TMPDIR', 'TZ', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR', 'SUDO_UID'];

/** What a repository's or a person's configuration could make git run or do beside the command. Clean and smudge filters stay: content needs them. */
const NEUTRAL_CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.splitIndex=false',
  'core.pager=cat',
  'core.editor=false',
  'core.askPass=',
  'core.safecrlf=false',
  'core.quotePath=false',
  'credential.helper=',
  'diff.external=',
  'gc.auto=0',
  // Another git may hold a lock for a moment; the sentence comes when it does not let go.
  'core.filesRefLockTimeout=2000',
  'core.packedRefsTimeout=5000',
  'maintenance.auto=false',
  'commit.gpgSign=false',
  'i18n.commitEncoding=UTF-8',
  'submodule.recurse=false',
  'protocol.ext.allow=never',
  'advice.detachedHead=false',
].flatMap((setting) => ['-c', setting]);

/** Without the program of Git LFS its files stay the pointers that they are in the repository, instead of nothing working at all. */
const WITHOUT_LFS = ['filter.lfs.clean=', 'filter.lfs.smudge=', 'filter.lfs.process=', 'filter.lfs.required=false'].flatMap((setting) => ['-c', setting]);

const OWN_ENVIRONMENT = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_LITERAL_PATHSPECS: '1',
  LC_ALL: 'C',
};

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/** Prepares git with the few variables of `env` it needs; GIT_* of the caller is never inherited. */
export function openGit(options: { readonly env: Readonly<Record<string, string | undefined>>; readonly command?: string; readonly shadowDir?: string }): Git {
  const env: Record<string, string> = { ...OWN_ENVIRONMENT };
  for (const name of INHERITED) {
    const value = options.env[name];
    if (value !== undefined) env[name] = value;
  }
  return { command: options.command ?? 'git', env, settings: hasLfs(env['PATH'] ?? '') ? [] : WITHOUT_LFS, shadowDir: options.shadowDir ?? null };
}

function hasLfs(path: string): boolean {
  const folders = [...path.split(delimiter), '/usr/lib/git-core', '/usr/libexec/git-core'].filter((folder) => folder !== '');
  return folders.some((folder) => isProgram(join(folder, 'git-lfs')) || isProgram(join(folder, 'git-lfs.exe')));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs one git command: no hooks, prompts, pagers or optional locks; bounded in time and output, its whole process group ended on abort.
 * Throws BooError `git_failed` (or `storage_full`) with a sentence.
 */
export async function runGit(git: Git, options: RunGit): Promise<GitResult> {
  options.signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<GitResult>();
  const cwd = typeof options.at === 'string' ? options.at : options.at.path;
  const child = spawn(git.command, [...NEUTRAL_CONFIG, ...git.settings, ...options.args], {
    cwd,
    env: environmentOf(git, options),
    stdio: 'pipe',
    detached: true,
  });
  const output: Buffer[] = [];
  let size = 0;
  let stderr = '';
  let failure: unknown = null;
  let killer: NodeJS.Timeout | undefined;
  const end = (reason: unknown) => {
    if (failure !== null) return;
    failure = reason ?? new DOMException('The operation was aborted', 'AbortError');
    // SIGTERM lets git remove its lock files; a filter that ignores it is ended a little later.
    endGroup(child.pid, 'SIGTERM');
    killer = setTimeout(() => endGroup(child.pid, 'SIGKILL'), 2_000);
  };
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timer = setTimeout(
    () => end(new BooError('git_failed', `Cannot ${options.what}: git took longer than ${timeoutMs} ms; try again when the machine is less busy`)),
    timeoutMs,
  );
  const onAbort = () => end(options.signal?.reason);
  options.signal?.addEventListener('abort', onAbort, { once: true });
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > (options.maxBytes ?? DEFAULT_MAX_BYTES))
      end(
        new BooError(
          'too_large',
          `Cannot ${options.what}: git answered with more than ${options.maxBytes ?? DEFAULT_MAX_BYTES} bytes; choose fewer or smaller files`,
        ),
      );
    else output.push(chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    if (stderr.length < 64 * 1024) stderr += chunk;
  });
  // A git that ends before it has read everything closes the pipe: its exit status tells why.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  child.on('error', (error) => {
    failure ??= startFailure(error, git, options.what, cwd);
    if (child.pid === undefined) settle(null, null);
  });
  child.on('close', settle);
  function settle(code: number | null, signal: string | null): void {
    clearTimeout(timer);
    clearTimeout(killer);
    options.signal?.removeEventListener('abort', onAbort);
    if (failure !== null) reject(failure);
    else if (code !== null && (options.accept?.(code) ?? code === 0)) resolve({ stdout: Buffer.concat(output), stderr, code });
    else reject(mapGitFailure({ what: options.what, stderr, code, signal }));
  }
  return promise;
}

/** The command's output as one line of text, without its newline. */
export async function gitLine(git: Git, options: RunGit): Promise<string> {
  const { stdout } = await runGit(git, options);
  return stdout.toString('utf8').replace(/\n$/u, '');
}

/** NUL-separated output as byte-exact (latin1) strings; `nameOf` turns one into text. */
export function splitRecords(output: Buffer): string[] {
  const records = output.toString('latin1').split('\0');
  if (records.at(-1) === '') records.pop();
  return records;
}

/** A byte-exact record as text, or null when it is no UTF-8 (such a name cannot be shown or stored as text). */
export function nameOf(record: string): string | null {
  const bytes = Buffer.from(record, 'latin1');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}

function environmentOf(git: Git, options: RunGit): Record<string, string> {
  if (typeof options.at === 'string') return { ...git.env, ...options.env };
  return { ...git.env, GIT_DIR: options.at.gitDir, GIT_COMMON_DIR: options.at.commonDir, GIT_WORK_TREE: options.at.path, ...options.env };
}

function startFailure(error: NodeJS.ErrnoException, git: Git, what: string, cwd: string): BooError {
  if (error.code === 'ENOENT') {
    return new BooError('git_failed', `Cannot ${what}: "${git.command}" was not found or the folder "${cwd}" is gone; install git and check the folder`, {
      cause: error,
    });
  }
  return new BooError('git_failed', `Cannot ${what}: git could not be started (${error.message}); try again`, { cause: error });
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // The group ended by itself in the meantime.
  }
}
