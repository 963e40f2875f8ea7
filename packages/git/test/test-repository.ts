import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import type { FileChange } from '../src/collect-changes.ts';
import { collectChanges } from '../src/collect-changes.ts';
import { type OpenRepository, openRepository } from '../src/repository.ts';
import { type Git, openGit } from '../src/run-git.ts';
import { createWorktree, type CreatedWorktree } from '../src/worktree.ts';

// Real git on a busy machine: slow is no failure.
vi.setConfig({ testTimeout: 30_000 });

/** A real repository in a temporary folder, with a home of its own, that is gone at the end of the scope. */
export class TestRepository implements Disposable {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'boocode-git-')));
  readonly home = join(this.root, 'home');
  readonly folder = join(this.root, 'project');
  readonly journalDir = join(this.root, 'journals');
  readonly git: Git;

  constructor(options: { readonly init?: 'commit' | 'empty' | 'none' } = {}) {
    mkdirSync(this.home);
    mkdirSync(this.folder);
    writeFileSync(join(this.home, '.gitconfig'), '[user]\n\tname = Person\n\temail = person@example.org\n[init]\n\tdefaultBranch = main\n');
    this.git = openGit({ env: { PATH: '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin', HOME: this.home, XDG_CONFIG_HOME: join(this.home, '.config') } });
    if (options.init !== 'none') this.run('init', '-q');
    if (options.init === undefined || options.init === 'commit') {
      this.write('README.md', '# Project\n');
      this.commit();
    }
  }

  /** Runs git as the person would. */
  run(...args: string[]): string {
    return this.runIn(this.folder, ...args);
  }

  runIn(cwd: string, ...args: string[]): string {
    return execFileSync('git', args, { cwd, env: { ...this.git.env, GIT_LITERAL_PATHSPECS: '' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  }

  commit(message = 'work'): void {
    this.run('add', '-A');
    this.run('commit', '-q', '--allow-empty', '-m', message);
  }

  write(path: string, content: string | Buffer, mode?: number): void {
    writeAt(this.folder, path, content, mode);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  open(folder = this.folder): Promise<OpenRepository> {
    return openRepository(this.git, folder);
  }

  async worktree(base: 'head' | 'uncommitted' = 'head', options: { readonly id?: string; readonly project?: string } = {}): Promise<CreatedWorktree> {
    const id = options.id ?? 'w1';
    const repository = await this.open(options.project);
    return createWorktree(this.git, {
      repository,
      id,
      path: join(this.root, 'worktrees', id),
      slug: 'work',
      base,
      indexFile: join(this.root, 'index-project'),
    });
  }

  async collect(worktree: CreatedWorktree, base = worktree.baseCommit): Promise<readonly FileChange[]> {
    const { changes } = await collectChanges(this.git, {
      tree: worktree.tree,
      base,
      indexFile: join(this.root, `index-${worktree.branch.replaceAll('/', '-')}`),
    });
    return changes;
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function writeAt(folder: string, path: string, content: string | Buffer, mode?: number): void {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content, mode === undefined ? {} : { mode });
}

/**
 * Everything that applying must leave alone: every path of a folder with kind, permissions and content, and of its git directory HEAD, index, config,
 * hooks and all refs outside refs/boocode/.
 */
export function manifestOf(folder: string): Map<string, string> {
  const manifest = new Map<string, string>();
  walk(folder, '', manifest);
  const gitDir = join(folder, '.git');
  if (!existsSync(gitDir)) return manifest;
  for (const name of ['HEAD', 'index', 'config', 'ORIG_HEAD', 'refs/stash']) {
    if (existsSync(join(gitDir, name))) manifest.set(`.git/${name}`, hash(readFileSync(join(gitDir, name))));
  }
  walk(join(gitDir, 'hooks'), '.git/hooks/', manifest);
  for (const line of execFileSync('git', ['for-each-ref', '--format=%(refname) %(objectname)'], { cwd: folder, encoding: 'utf8' }).split('\n')) {
    const [ref = '', id = ''] = line.split(' ');
    if (ref !== '' && !ref.startsWith('refs/boocode/')) manifest.set(`ref ${ref}`, id);
  }
  return manifest;
}

/** The keys by which two manifests differ. */
export function changedKeys(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key)).toSorted();
}

function walk(folder: string, prefix: string, manifest: Map<string, string>): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name === '.git' && prefix === '') continue;
    const stat = lstatSync(join(folder, name));
    const mode = (stat.mode & 0o7777).toString(8);
    if (stat.isSymbolicLink()) manifest.set(prefix + name, `link ${readlinkSync(join(folder, name))}`);
    else if (stat.isDirectory()) {
      manifest.set(`${prefix}${name}/`, `folder ${mode}`);
      walk(join(folder, name), `${prefix}${name}/`, manifest);
    } else manifest.set(prefix + name, `file ${mode} ${hash(readFileSync(join(folder, name)))}`);
  }
}

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}
