import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestRepository, writeAt } from './test-repository.ts';
import { bringBack, cleanToHead, keepStash } from '../src/worktree-stash.ts';

async function fixture(repo: TestRepository) {
  const w = await repo.worktree();
  const indexFile = join(repo.root, 'stash-index');
  const place = { tree: w.tree, indexFile, journalDir: repo.journalDir, journalId: 'j', now: 0 };
  return { w, place, keep: () => keepStash(repo.git, { tree: w.tree, indexFile, id: 's1', note: 'Put aside' }) };
}

describe('a stash', () => {
  it('keeps tracked, staged and untracked files, cleans the worktree, and brings them back', async () => {
    using repo = new TestRepository();
    const { w, place, keep } = await fixture(repo);
    expect(await keep()).toBeNull();
    writeAt(w.path, 'README.md', 'changed\n');
    writeAt(w.path, 'staged', 'staged first\n');
    repo.runIn(w.path, 'add', 'staged');
    writeAt(w.path, 'staged', 'then changed\n');
    writeAt(w.path, 'deep/new', 'new\n', 0o755);
    const stash = await keep();
    expect(stash).toMatchObject({ files: 3, ref: 'refs/boocode/stashes/s1' });
    expect(await cleanToHead(repo.git, { ...place, stash: stash! })).toMatchObject({ kind: 'applied' });
    expect(repo.runIn(w.path, 'status', '--porcelain')).toBe('');
    expect(readdirSync(w.path).toSorted()).toEqual(['.git', 'README.md']);
    expect(repo.run('stash', 'list')).toBe('');
    expect(repo.run('show', `${stash!.commit}^2:staged`)).toBe('staged first\n');
    expect(await bringBack(repo.git, { ...place, stash: stash! })).toMatchObject({ kind: 'applied' });
    expect(readFileSync(join(w.path, 'staged'), 'utf8')).toBe('then changed\n');
    expect(repo.runIn(w.path, 'status', '--porcelain')).toBe(' M README.md\n?? deep/\n?? staged\n');
    expect(readdirSync(repo.journalDir)).toEqual([]);
  });

  it('is not brought back over a file that has changed since, and refuses repositories inside', async () => {
    using repo = new TestRepository();
    const { w, place, keep } = await fixture(repo);
    writeAt(w.path, 'README.md', 'changed\n');
    writeAt(w.path, 'new', 'new\n');
    const stash = await keep();
    await cleanToHead(repo.git, { ...place, stash: stash! });
    writeAt(w.path, 'README.md', 'changed again\n');
    expect(await bringBack(repo.git, { ...place, stash: stash! })).toMatchObject({ kind: 'conflict', conflicts: [{ path: 'README.md' }] });
    expect(readdirSync(w.path).toSorted()).toEqual(['.git', 'README.md']);
    repo.runIn(w.path, 'init', '-q', 'inner');
    repo.runIn(join(w.path, 'inner'), 'commit', '-q', '--allow-empty', '-m', 'inner');
    await expect(keep()).rejects.toMatchObject({ code: 'conflict' });
  });
});
