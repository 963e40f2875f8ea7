import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { ToolFailure } from './tool.ts';

export interface Bounds {
  readonly cwd: string;
  readonly allowedReadPaths: readonly string[];
  readonly outputDir: string;
}

export interface ConfinedPath {
  /** With every link resolved. The last parts may not exist yet. */
  readonly absolute: string;
  /** For people and models: relative to the worktree where it lies in it. */
  readonly shown: string;
}

/**
 * THE wall around file tools: turns a model's path into a real one, or refuses. Links are followed first, so a link cannot lead out.
 * Reading is allowed in the worktree, the allowed read paths and the output folder; writing in the worktree alone, and never to `.git`.
 */
export async function confinePath(path: string, use: 'read' | 'write', bounds: Bounds): Promise<ConfinedPath> {
  if (path.includes('\0')) throw new ToolFailure(`Cannot ${use} "${path.replaceAll('\0', '?')}": not a path`);
  const absolute = await resolveLinks(resolve(bounds.cwd, path), path, use);
  const cwd = await realpath(bounds.cwd);
  const roots = use === 'write' ? [cwd] : [cwd, ...(await realRoots([...bounds.allowedReadPaths, bounds.outputDir]))];
  if (!roots.some((root) => isInside(root, absolute))) {
    throw new ToolFailure(
      `Cannot ${use} "${path}": it lies outside the project's folder${use === 'read' ? ' and the folders that may be read' : ''}; use a path inside it`,
    );
  }
  if (use === 'write' && relative(cwd, absolute).split(sep).some(isGitFolder))
    throw new ToolFailure(`Cannot write "${path}": git's own files are not edited; use git in the shell`);
  return { absolute, shown: isInside(cwd, absolute) ? relative(cwd, absolute) || '.' : absolute };
}

export function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** Real path of the deepest part that exists, and the rest behind it. A link that leads nowhere is refused: writing would create its target. */
async function resolveLinks(path: string, asked: string, use: string): Promise<string> {
  const rest: string[] = [];
  for (let current = path; ; current = dirname(current)) {
    const real = await realpath(current).catch(missingAsNull);
    if (real !== null) return join(real, ...rest);
    if (await exists(current)) throw new ToolFailure(`Cannot ${use} "${asked}": "${current}" is a link that leads nowhere`);
    rest.unshift(basename(current));
    if (dirname(current) === current) return path;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await lstat(path).catch(missingAsNull)) !== null;
}

/** ELOOP: links in a circle, handled as leading nowhere. ENOTDIR: a file where a folder should be; the tool will say so. */
function missingAsNull(error: unknown): null {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return null;
  if (code === 'EACCES' || code === 'EPERM' || code === 'ENAMETOOLONG') throw new ToolFailure(`Cannot use this path: ${code}`);
  throw error;
}

async function realRoots(paths: readonly string[]): Promise<readonly string[]> {
  const roots = await Promise.all(paths.map((path) => realpath(path).catch(() => null))); // a folder that is not there allows nothing
  return roots.filter((root) => root !== null);
}

/** `.git`, also as case-blind file systems and short names spell it. */
function isGitFolder(name: string): boolean {
  return /^(\.git|git~1)[ .]*$/i.test(name);
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
