import type { Access } from '@boocode/contracts/access.ts';
import type { Effect } from './tool.ts';

export type AccessDecision =
  | { readonly type: 'allow' }
  | { readonly type: 'ask'; readonly reason: string }
  | { readonly type: 'refuse'; readonly reason: string };

/** What is known of the file that an edit is about. */
export interface FileFacts {
  /** Relative to the worktree. */
  readonly path: string;
  readonly isExecutable: boolean;
}

/**
 * Decides whether a call may go on, from what it would do and how far the agent is trusted. Reading and searching are always allowed
 * (the path wall decides where).
 *
 * | | edit of a plain file | edit of another file | shell |
 * |---|---|---|---|
 * | read-only | refused | refused | refused |
 * | ask | allowed | asks | asks |
 * | edits | allowed | allowed | asks |
 * | full | allowed | allowed | allowed |
 *
 * Edits of plain files need no question in `ask`, because they wait as changes for a person anyway. A file is not plain when its content
 * runs or steers programs already in the worktree: it is executable, it or a folder above it begins with a dot (`.github`, `.vscode`, `.env`, `.gitattributes`),
 * or it tells a build, package or task tool what to run (`package.json`, `Makefile`, `*.config.js` ...).
 */
export function decideAccess(effect: Effect, file: FileFacts | null, access: Access): AccessDecision {
  if (effect.type === 'none') return { type: 'allow' };
  switch (access) {
    case 'full':
      return { type: 'allow' };
    case 'read-only':
      return {
        type: 'refuse',
        reason: effect.type === 'execute' ? 'This turn is read-only: no commands are run.' : 'This turn is read-only: no files are changed.',
      };
    case 'edits':
      return effect.type === 'edit' ? { type: 'allow' } : { type: 'ask', reason: 'Commands ask first.' };
    case 'ask': {
      if (effect.type === 'execute') return { type: 'ask', reason: 'Commands ask first.' };
      const reason = file === null ? 'Its path is not known.' : notPlainReason(file);
      return reason === null ? { type: 'allow' } : { type: 'ask', reason };
    }
  }
}

/** Why an edit of this file asks, or null when it is plain. */
export function notPlainReason(file: FileFacts): string | null {
  const parts = file.path.split(/[\\/]/);
  if (file.isExecutable) return 'The file can be run.';
  if (parts.some((part) => part.startsWith('.') && part !== '.')) return 'Dotfiles and what lies in dot-folders can steer other programs.';
  const name = parts.at(-1) ?? '';
  return STEERING_NAMES.has(name.toLowerCase()) || STEERING_PATTERN.test(name) ? 'This file tells tools which programs to run.' : null;
}

const STEERING_NAMES: ReadonlySet<string> = new Set([
  'package.json',
  'makefile',
  'gnumakefile',
  'justfile',
  'rakefile',
  'gemfile',
  'dockerfile',
  'vagrantfile',
  'jenkinsfile',
  'procfile',
  'setup.py',
  'setup.cfg',
  'pyproject.toml',
  'tox.ini',
  'noxfile.py',
  'conftest.py',
  'build.rs',
  'cargo.toml',
  'build.gradle',
  'build.gradle.kts',
  'settings.gradle',
  'pom.xml',
  'composer.json',
  'mix.exs',
  'cmakelists.txt',
  'meson.build',
  'docker-compose.yml',
  'docker-compose.yaml',
  'compose.yaml',
  'compose.yml',
  'opencode.json',
  'opencode.jsonc',
  'azure-pipelines.yml',
]);

const STEERING_PATTERN = /\.config\.([cm]?[jt]s|json)$|^(webpack|gulpfile|gruntfile)[\w.]*\.[cm]?[jt]s$|\.(mk|cmake|gradle|bazel)$/i;
