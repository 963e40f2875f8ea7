/** What a history outside the folder may cost. */
export interface ShadowLimits {
  /** Larger files are left out and named. */
  readonly fileBytes: number;
  /** Of all files together. */
  readonly totalBytes: number;
  readonly files: number;
  /** Of the names of all files. */
  readonly nameBytes: number;
  /** How long looking through the folder may take. */
  readonly listMs: number;
}

const MIB = 1024 * 1024;

export const SHADOW_LIMITS: ShadowLimits = { fileBytes: 20 * MIB, totalBytes: 2048 * MIB, files: 100_000, nameBytes: 32 * MIB, listMs: 60_000 };

/** Folders that hold more than one piece of work. */
const TOO_WIDE: ReadonlySet<string> = new Set(
  (
    '/bin /boot /dev /etc /home /lib /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var ' +
    '/Applications /Library /System /Users /Volumes /private'
  ).split(' '),
);

/** Why a folder gets no history of its own, as a part of a sentence; null when it may. */
export function decideShadowRefusal(folder: string, home: string | null): string | null {
  if (folder === '/' || /^[A-Za-z]:[\\/]?$/u.test(folder)) return 'it is the whole file system';
  if (folder === home) return 'it is your home folder';
  if (home?.startsWith(`${folder}/`) === true) return 'your home folder is in it';
  return TOO_WIDE.has(folder) ? "it is one of the system's own folders" : null;
}

/** What is rebuilt, downloaded or cached, and no work of anybody. A folder's own `.gitignore` is asked first, so `!build/` there brings one back. */
const EXCLUDED = [
  'node_modules/',
  'bower_components/',
  'jspm_packages/',
  '.pnpm-store/',
  '.yarn/cache/',
  '.venv/',
  'venv/',
  '__pycache__/',
  '*.py[co]',
  '.tox/',
  '.nox/',
  '.mypy_cache/',
  '.pytest_cache/',
  '.ruff_cache/',
  '.ipynb_checkpoints/',
  '.gradle/',
  '.m2/',
  '.cargo/registry/',
  '.terraform/',
  '.next/',
  '.nuxt/',
  '.svelte-kit/',
  '.turbo/',
  '.parcel-cache/',
  '.cache/',
  '.angular/cache/',
  '.nyc_output/',
  '*.class',
  '*.o',
  '*.obj',
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  '*.swp',
  '.Trash-*/',
];

/** The text of the private repository's `info/exclude`. `own`: where BooCode's own folder lies in the project's, with forward slashes; null = it does not. */
export function excludeText(own: string | null): string {
  const lines = own === null ? EXCLUDED : [...EXCLUDED, `/${own.replaceAll(/[\\*?[\]!# ]/gu, '\\$&')}/`];
  return `# What BooCode leaves out of its history of this folder.\n${lines.join('\n')}\n`;
}

/** Everything is kept as it lies in the folder, byte for byte: nobody else reads this history, so nothing is converted for anybody. */
export const SHADOW_ATTRIBUTES = '* -text -filter -ident !working-tree-encoding !eol !crlf\n';

/** Agents commit in their worktrees: nobody has to be asked for a name, a signature or a hook for a history that never leaves this machine. */
export const SHADOW_CONFIG = `[core]
	logAllRefUpdates = true
	autocrlf = false
	fsmonitor = false
	hooksPath = /dev/null
[user]
	name = BooCode
	email = boocode@localhost
[commit]
	gpgSign = false
[tag]
	gpgSign = false
[gc]
	auto = 0
[maintenance]
	auto = false
`;

/** Names in a sentence: the first few, and how many more. */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `"${name}"`);
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`;
}

export function sayBytes(bytes: number): string {
  return bytes >= 1024 * MIB ? `${(bytes / (1024 * MIB)).toFixed(1)} GB` : `${Math.max(1, Math.round(bytes / MIB))} MB`;
}
