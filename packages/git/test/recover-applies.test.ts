import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changedKeys, manifestOf, TestRepository, writeAt } from './test-repository.ts';
import { applyChanges } from '../src/apply-changes.ts';
import { forgetApply, type Journal, readJournals, writeJournal } from '../src/apply-journal.ts';
import type { FileEdit } from '../src/apply-plan.ts';
import { recoverApplies } from '../src/recover-applies.ts';

const PROGRAM = join(import.meta.dirname, '..', 'test', 'apply-program.ts');

/** A project and an agent's worktree that differ in files of every kind. */
async function prepare(repo: TestRepository): Promise<readonly FileEdit[]> {
  for (let index = 0; index < 12; index++) repo.write(`edited/${index}`, `old ${index}\n`);
  for (let index = 0; index < 6; index++) repo.write(`gone/${index}/file`, `old ${index}\n`);
  repo.write('moved', 'a file that moves\nwith lines\n');
  repo.write('file-to-folder', 'a file\n');
  repo.write('folder-to-file/inside', 'inside\n');
  repo.commit();
  const w = await repo.worktree();
  for (let index = 0; index < 12; index++) writeAt(w.path, `edited/${index}`, `new ${index}\n`);
  for (let index = 0; index < 6; index++) writeAt(w.path, `added/${index}/file`, `new ${index}\n`);
  rmSync(join(w.path, 'gone'), { recursive: true });
  renameSync(join(w.path, 'moved'), join(w.path, 'moved-there'));
  unlinkSync(join(w.path, 'file-to-folder'));
  writeAt(w.path, 'file-to-folder/inside', 'x\n');
  rmSync(join(w.path, 'folder-to-file'), { recursive: true });
  writeAt(w.path, 'folder-to-file', 'x\n');
  return repo.collect(w);
}

/** Runs the program and kills it `afterMs` after it started its work; null = lets it end. How long it worked comes back. */
async function run(repo: TestRepository, options: object, afterMs: number | null): Promise<number> {
  const file = join(repo.root, 'options.json');
  writeFileSync(file, JSON.stringify({ env: repo.git.env, folder: repo.folder, journalDir: repo.journalDir, ...options }));
  const child = spawn(process.execPath, [PROGRAM, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const started = performance.now();
  const timer = afterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), afterMs);
  child.stdout.resume();
  await exited;
  if (timer !== null) clearTimeout(timer);
  return performance.now() - started;
}

describe('recoverApplies()', () => {
  it('leaves every file old or new, all or none, wherever applying, rewinding or recovering is killed', { timeout: 60_000 }, async () => {
    using repo = new TestRepository();
    const edits = await prepare(repo);
    const old = manifestOf(repo.folder);
    const duration = await run(repo, { action: 'apply', id: 'first', edits }, null);
    await forgetApply(repo.journalDir, 'first');
    const new_ = manifestOf(repo.folder);
    expect(changedKeys(old, new_).length).toBeGreaterThan(20);
    let isNew = true;
    let moment = duration / 2; // earlier after one that was finished, later after one that was not: near the moment that decides
    const seen = { finished: 0, rolled_back: 0, nothing: 0 };
    for (let round = 0; round < 16 || (round < 60 && (seen.finished === 0 || seen.rolled_back + seen.nothing === 0)); round++) {
      const action = isNew ? 'rewind' : 'apply';
      await run(repo, { action, id: `round-${round}`, edits }, moment);
      if (round % 3 === 0) await run(repo, { action: 'recover' }, round);
      const [recovered, ...more] = await recoverApplies(repo.journalDir);
      expect(more).toEqual([]);
      const [again] = await recoverApplies(repo.journalDir);
      expect(again?.outcome).toBe(recovered?.outcome);
      if (recovered?.outcome === 'finished') isNew = !isNew;
      moment *= recovered?.outcome === 'finished' ? 0.8 : 1.2;
      expect(recovered ?? { leftAlone: [], note: { action } }).toMatchObject({ leftAlone: [], note: { action } });
      seen[recovered?.outcome === 'unreachable' ? 'nothing' : (recovered?.outcome ?? 'nothing')] += 1;
      expect(changedKeys(isNew ? new_ : old, manifestOf(repo.folder))).toEqual([]);
      await forgetApply(repo.journalDir, `round-${round}`);
    }
    expect(seen.finished).toBeGreaterThan(0);
    expect(seen.rolled_back + seen.nothing).toBeGreaterThan(0);
  });

  it('takes back, and leaves alone what a person changed after the kill', async () => {
    using repo = new TestRepository();
    repo.write('a', 'old\n');
    repo.write('b', 'old\n');
    repo.commit();
    const w = await repo.worktree();
    writeAt(w.path, 'a', 'new\n');
    writeAt(w.path, 'b', 'new\n');
    const edits = await repo.collect(w);
    const { tree } = await repo.open();
    await applyChanges(repo.git, { tree, prefix: '', edits, journalDir: repo.journalDir, id: 'cut', note: null, now: 1 });
    await rewindState(repo, 'committing');
    repo.write('b', 'person\n');
    expect(await recoverApplies(repo.journalDir)).toMatchObject([{ id: 'cut', outcome: 'rolled_back', leftAlone: ['b'] }]);
    expect([repo.read('a'), repo.read('b')]).toEqual(['old\n', 'person\n']);
  });

  it('reports a finished apply until it is forgotten, and keeps one whose folder is away', async () => {
    using repo = new TestRepository();
    const w = await repo.worktree();
    writeAt(w.path, 'a', 'new\n');
    const edits = await repo.collect(w);
    const { tree } = await repo.open();
    const apply = { tree, prefix: '', edits, journalDir: repo.journalDir, id: 'one', note: { changes: [1] }, now: 1 };
    await applyChanges(repo.git, apply);
    await expect(applyChanges(repo.git, apply)).rejects.toMatchObject({ code: 'conflict' });
    expect(await recoverApplies(repo.journalDir)).toMatchObject([{ id: 'one', outcome: 'finished', paths: ['a'], note: { changes: [1] } }]);
    renameSync(repo.folder, `${repo.folder}-away`);
    expect(await recoverApplies(repo.journalDir)).toMatchObject([{ id: 'one', outcome: 'unreachable' }]);
    renameSync(`${repo.folder}-away`, repo.folder);
    await forgetApply(repo.journalDir, 'one');
    expect(await recoverApplies(repo.journalDir)).toEqual([]);
  });
});

async function rewindState(repo: TestRepository, state: Journal['state']): Promise<void> {
  const [entry] = await readJournals(repo.journalDir);
  if (entry?.journal === null || entry === undefined) throw new Error('no journal');
  await writeJournal(repo.journalDir, { ...entry.journal, state });
}
