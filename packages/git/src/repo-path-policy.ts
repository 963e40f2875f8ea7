/** Why a path from a tree must never be written into a folder, or null when it may. The folder's own links are checked apart. */
export function decidePathRefusal(path: string): string | null {
  if (path === '' || path.startsWith('/')) return 'it is not a path inside the project';
  if (path.includes('\0')) return 'its name holds a NUL character';
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') return 'it is not a path inside the project';
    if (isGitDirectory(part)) return 'it lies in a git directory';
  }
  return null;
}

/** `.git` as any file system may spell it: other cases, the short name of Windows, characters that macOS ignores, trailing dots and streams. */
function isGitDirectory(part: string): boolean {
  const plain = part.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu, '').toLowerCase();
  return /^(\.git|git~\d)[ .]*(:.*)?$/u.test(plain);
}
