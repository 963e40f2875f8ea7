import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangesCheck, ChangeWithPatch } from '@boocode/contracts/change.ts';
import type { SessionId } from '@boocode/contracts/ids.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git, openTestServer, type ServerProgram, type TestServer, watchChat } from './server-program.ts';

let opened: TestServer;
let server: ServerProgram;

beforeAll(async () => {
  opened = await openTestServer();
  ({ server } = opened);
});
afterAll(() => opened[Symbol.asyncDispose]());

const LINES = Array.from({ length: 60 }, (_, index) => `line ${index + 1}\n`);

function changed(lines: Readonly<Record<number, string>>, from: readonly string[] = LINES): string {
  return from.map((line, index) => lines[index + 1] ?? line).join('');
}

interface Work {
  readonly path: string;
  readonly sessionId: SessionId;
  /** Lets the agent write a file in one more turn. */
  readonly write: (file: string, content: string) => Promise<void>;
  readonly list: (state?: 'pending' | 'applied' | 'rejected') => Promise<ChangeWithPatch[]>;
  readonly only: (state?: 'pending' | 'applied' | 'rejected') => Promise<ChangeWithPatch>;
  readonly inFolder: (file?: string) => string;
  readonly inWorktree: (file?: string) => Promise<string>;
}

async function begin(path: string, file: string, content: string): Promise<Work> {
  const say = (name: string, text: string) => `demo: call write ${JSON.stringify({ path: name, content: text })}\ndemo: say done`;
  const task = await server.api.createTask({ body: { input: say(file, content), projectPath: path, access: 'edits' } });
  const watcher = await watchChat(server, task.chatId);
  let turns = 1;
  const ended = () =>
    watcher.until((state) => state.messages.filter((message) => message.status === 'completed').length === 2 * turns && state.tasks.length === 0);
  await ended();
  const list: Work['list'] = async (state = 'pending') => (await server.api.listChanges({ params: { id: task.sessionId }, query: { state } })).items;
  return {
    path,
    sessionId: task.sessionId,
    list,
    write: async (name, text) => {
      turns += 1;
      await server.api.sendMessage({ params: { id: task.chatId }, body: { text: say(name, text) } });
      await ended();
    },
    only: async (state) => {
      const items = await list(state);
      expect(items).toHaveLength(1);
      return items[0]!;
    },
    inFolder: (name = 'f.txt') => readFileSync(join(path, name), 'utf8'),
    inWorktree: async (name = 'f.txt') => {
      const worktree = (await server.api.listWorktrees({ query: {} })).items.find((one) => one.sessionId === task.sessionId)!;
      return readFileSync(join(worktree.path, name), 'utf8');
    },
  };
}

async function threeHunks(): Promise<Work> {
  const path = await opened.newRepository({ 'f.txt': LINES.join(''), 'other.txt': 'other\n' });
  return begin(path, 'f.txt', changed({ 5: 'FIVE\n', 30: 'THIRTY\nand more\n', 55: '' }));
}

const apply = (sessionId: SessionId, body: object) => server.api.applyChanges({ params: { id: sessionId }, body });
const rewind = (sessionId: SessionId, body: object) => server.api.rewindChanges({ params: { id: sessionId }, body });
const reject = (sessionId: SessionId, body: object) => server.api.rejectChanges({ params: { id: sessionId }, body });

describe('hunks of a change', () => {
  it('are applied, taken back and rejected alone; the rest waits on under its name', async () => {
    const work = await threeHunks();
    const change = await work.only();
    expect(change.hunks.map(({ oldStart, oldLines, newStart, newLines }) => [oldStart, oldLines, newStart, newLines])).toEqual([
      [5, 1, 5, 1],
      [30, 1, 30, 2],
      [55, 1, 55, 0],
    ]);
    expect(change.hunks.every((hunk) => hunk.agent === 'boocode' && hunk.chatId !== null && hunk.taskId === change.taskId)).toBe(true);
    const [first, second, third] = change.hunks.map((hunk) => hunk.id);
    const applied = await server.api.applyChange({ params: { id: change.id }, body: { hunks: [second!] } });
    expect(applied.message).toBe('Applied 1 hunk of 1 change');
    expect(work.inFolder()).toBe(changed({ 30: 'THIRTY\nand more\n' }));
    expect(applied.items).toMatchObject([{ state: 'applied', hunks: [{ id: second }], additions: 2, deletions: 1 }]);
    const left = await work.only();
    expect(left).toMatchObject({ id: change.id, state: 'pending', additions: 1, deletions: 2 });
    expect(left.hunks.map((hunk) => hunk.id)).toEqual([first, third]);
    expect(left.patch).not.toContain('THIRTY\n+');

    await reject(work.sessionId, { hunks: [first!], note: 'leave five alone' });
    expect(await work.inWorktree()).toBe(changed({ 30: 'THIRTY\nand more\n', 55: '' }));
    expect((await work.only()).hunks.map((hunk) => hunk.id)).toEqual([third]);
    const rejected = await work.only('rejected');
    expect(rejected).toMatchObject({ note: 'leave five alone', hunks: [{ id: first }] });

    await rewind(work.sessionId, { hunks: [second!] });
    expect(work.inFolder()).toBe(LINES.join(''));
    expect((await work.only()).hunks.map((hunk) => hunk.id)).toEqual([second, third]);
    expect(await work.list('applied')).toEqual([]);

    await server.api.restoreChange({ params: { id: rejected.id } });
    expect((await work.only()).hunks.map((hunk) => hunk.id)).toEqual([first, second, third]);
    await apply(work.sessionId, {});
    expect(work.inFolder()).toBe(await work.inWorktree());
  });

  it('keep their decision and their author while the agent goes on', async () => {
    const work = await threeHunks();
    const change = await work.only();
    const [, second] = change.hunks;
    await server.api.patchChange({ params: { id: change.id }, body: { marked: true, hunks: [second!.id] } });
    const before = LINES.slice(0, 10);
    await work.write('f.txt', `new at the top\n${changed({ 5: 'FIVE AGAIN\n', 30: 'THIRTY\nand more\n', 31: 'touching\n', 40: 'forty\nforty\n' })}`);
    expect(before).toHaveLength(10);
    const now = await work.only();
    expect(now.id).toBe(change.id);
    expect(now.taskId).not.toBe(change.taskId);
    const kept = now.hunks.find((hunk) => hunk.id === second!.id);
    expect(kept).toMatchObject({ marked: true, taskId: change.taskId, oldStart: 30, oldLines: 1, newStart: 31, newLines: 2 });
    expect(now.hunks.filter((hunk) => hunk.taskId === now.taskId).map((hunk) => [hunk.oldStart, hunk.marked])).toEqual([
      [0, false],
      [5, false],
      [31, false],
      [40, false],
    ]);
    expect((await apply(work.sessionId, { marked: true })).message).toBe('Applied 1 hunk of 1 change');
    expect(work.inFolder()).toBe(changed({ 30: 'THIRTY\nand more\n' }));
    // The part is its own author's, not the last author's of the file.
    expect(await work.only('applied')).toMatchObject({ taskId: change.taskId });
    expect(await work.only()).toMatchObject({ id: change.id, taskId: now.taskId });
    await expect(server.api.applyChange({ params: { id: change.id }, body: { hunks: ['nonsense'] } })).rejects.toMatchObject({ code: 'not_found' });
    expect((await apply(work.sessionId, { marked: true })).message).toContain('nothing is marked');
  });

  it('taken back from an older change leave the newer one of the file applied', async () => {
    const work = await threeHunks();
    await apply(work.sessionId, {});
    const older = await work.only('applied');
    await work.write('f.txt', changed({ 5: 'FIVE\n', 15: 'fifteen\n', 30: 'THIRTY\nand more\n', 55: '' }));
    await apply(work.sessionId, {});
    const [newer] = (await work.list('applied')).filter(({ id }) => id !== older.id);
    expect(newer!.hunks).toHaveLength(1);
    await rewind(work.sessionId, { ids: [older.id] });
    expect(work.inFolder()).toBe(changed({ 15: 'fifteen\n' }));
    expect((await work.only()).hunks.map((hunk) => hunk.id)).toEqual(older.hunks.map((hunk) => hunk.id));
    await apply(work.sessionId, {});
    await rewind(work.sessionId, {});
    expect(work.inFolder()).toBe(LINES.join(''));
    expect((await work.only()).hunks).toHaveLength(4);
  });

  it('that a later applied change builds on are refused with what to do', async () => {
    const work = await threeHunks();
    await apply(work.sessionId, {});
    const older = await work.only('applied');
    await work.write('f.txt', changed({ 5: 'FIVE once more\n', 30: 'THIRTY\nand more\n', 55: '' }));
    await apply(work.sessionId, {});
    await expect(rewind(work.sessionId, { ids: [older.id] })).rejects.toMatchObject({
      code: 'change_conflict',
      message: expect.stringContaining('take that one back first'),
    });
    await rewind(work.sessionId, { ids: [older.id], hunks: [older.hunks[1]!.id] });
    expect(work.inFolder()).toBe(changed({ 5: 'FIVE once more\n', 55: '' }));
  });
});

describe('a rejection', () => {
  it('is undone also after another one of the same file, and after the agent has gone on', async () => {
    const work = await threeHunks();
    const [first, second, third] = (await work.only()).hunks.map((hunk) => hunk.id);
    await reject(work.sessionId, { hunks: [first!] });
    const rejected = await work.only('rejected');
    await reject(work.sessionId, { hunks: [second!] });
    await work.write('f.txt', changed({ 20: 'twenty\n', 55: '' }));
    const { items } = await server.api.restoreChange({ params: { id: rejected.id } });
    expect(await work.inWorktree()).toBe(changed({ 5: 'FIVE\n', 20: 'twenty\n', 55: '' }));
    expect(items[0]!.hunks.map((hunk) => hunk.id)).toEqual([first, expect.any(String), third]);
  });
});

describe('the preview', () => {
  it('shows what would merge, whom it collides with, and touches nothing', async () => {
    const path = await opened.newRepository({ 'f.txt': LINES.join('') });
    const mine = await begin(path, 'f.txt', changed({ 5: 'mine\n', 50: 'fifty\n' }));
    const theirs = await begin(path, 'f.txt', changed({ 5: 'theirs\n', 20: 'twenty\n' }));
    writeFileSync(join(path, 'f.txt'), changed({ 35: 'my own\n' }));
    const preview = await server.api.previewChanges({ params: { id: mine.sessionId }, body: { action: 'apply' } });
    expect(preview).toMatchObject({
      files: [{ path: 'f.txt', outcome: 'merged' }],
      conflicts: [],
      collisions: [{ path: 'f.txt', sessionId: theirs.sessionId }],
    });
    expect((await mine.only()).others).toMatchObject([{ sessionId: theirs.sessionId, agent: 'boocode' }]);
    const [, fifty] = (await mine.only()).hunks;
    expect((await server.api.previewChanges({ params: { id: mine.sessionId }, body: { action: 'apply', hunks: [fifty!.id] } })).collisions).toEqual([]);
    expect(mine.inFolder()).toBe(changed({ 35: 'my own\n' }));
    await apply(mine.sessionId, {});
    expect(mine.inFolder()).toBe(changed({ 5: 'mine\n', 35: 'my own\n', 50: 'fifty\n' }));
    const after = await server.api.previewChanges({ params: { id: theirs.sessionId }, body: { action: 'apply' } });
    expect(after).toMatchObject({ conflicts: [{ path: 'f.txt', reason: 'overlap' }] });
    await expect(apply(theirs.sessionId, {})).rejects.toMatchObject({ code: 'change_conflict' });
  });
});

describe('where a change does not merge', () => {
  it('proposes the place where it belongs, and takes it only when exactly that was confirmed', async () => {
    const path = await opened.newRepository({ 'f.txt': LINES.join('') });
    const work = await begin(path, 'f.txt', changed({ 30: 'THIRTY\n' }));
    const indented = LINES.map((line, index) => (index >= 20 && index < 40 ? `    ${line}` : line));
    writeFileSync(join(path, 'f.txt'), indented.join(''));
    const preview = async (action: 'apply' | 'rewind') =>
      (await server.api.previewChanges({ params: { id: work.sessionId }, body: { action } })).conflicts[0]!.proposal!;
    const proposal = await preview('apply');
    expect(proposal.text).toBe(changed({ 30: '    THIRTY\n' }, indented));
    expect(proposal.patch).toContain('+    THIRTY');
    expect(proposal.explanation).not.toBe('');
    await expect(apply(work.sessionId, {})).rejects.toMatchObject({ code: 'change_conflict' });
    await expect(apply(work.sessionId, { confirm: [{ path: 'f.txt', blob: '0'.repeat(40) }] })).rejects.toMatchObject({ code: 'change_conflict' });
    expect(work.inFolder()).toBe(indented.join(''));
    await apply(work.sessionId, { confirm: [{ path: 'f.txt', blob: proposal.blob }] });
    expect(work.inFolder()).toBe(proposal.text);
    const back = await preview('rewind');
    await rewind(work.sessionId, { confirm: [{ path: 'f.txt', blob: back.blob }] });
    expect(work.inFolder()).toBe(indented.join(''));
    expect((await work.only()).hunks).toHaveLength(1);
  });
});

describe('other ways out', () => {
  it('commits just the chosen hunks, and leaves what the person has staged and not', async () => {
    const work = await threeHunks();
    const { path } = work;
    writeFileSync(join(path, 'f.txt'), changed({ 45: 'not staged\n' }));
    writeFileSync(join(path, 'staged.txt'), 'staged\n');
    await git(path, 'add', 'staged.txt');
    const change = await work.only();
    const made = await server.api.commitChanges({ params: { id: work.sessionId }, body: { hunks: [change.hunks[0]!.id], message: 'five' } });
    expect((await git(path, 'log', '-1', '--format=%s %H')).trim()).toBe(`five ${made.commit}`);
    expect(await git(path, 'show', 'HEAD:f.txt')).toBe(changed({ 5: 'FIVE\n' }));
    expect(work.inFolder()).toBe(changed({ 5: 'FIVE\n', 45: 'not staged\n' }));
    expect(await git(path, 'status', '--porcelain')).toBe(' M f.txt\nA  staged.txt\n');
    expect(await git(path, 'diff', '--', 'f.txt')).toContain('+not staged');
    expect(await git(path, 'diff', '--', 'f.txt')).not.toContain('FIVE\n+');
    expect((await work.only()).hunks).toHaveLength(2);
  });

  it('opens a branch beside, and exports a patch that git takes', async () => {
    const work = await threeHunks();
    const { path } = work;
    const before = await git(path, 'rev-parse', 'HEAD');
    const made = await server.api.branchChanges({ params: { id: work.sessionId }, body: { branch: 'try/this', message: 'try' } });
    expect(await git(path, 'show', 'try/this:f.txt')).toBe(await work.inWorktree());
    expect((await git(path, 'rev-parse', 'try/this')).trim()).toBe(made.commit);
    expect(await git(path, 'rev-parse', 'HEAD')).toBe(before);
    expect(await git(path, 'status', '--porcelain')).toBe('');
    await expect(server.api.branchChanges({ params: { id: work.sessionId }, body: { branch: 'try/this', message: 'try' } })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(server.api.branchChanges({ params: { id: work.sessionId }, body: { branch: 'a..b', message: 'try' } })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    const { patch } = await server.api.exportChanges({ params: { id: work.sessionId }, body: { state: 'pending' } });
    execFileSync('git', ['apply', '-'], { cwd: path, input: patch });
    expect(work.inFolder()).toBe(await work.inWorktree());
  });

  it('checks the folder as it would be, and applies only what was checked', async () => {
    const work = await threeHunks();
    const ended = async (check: ChangesCheck): Promise<ChangesCheck> => {
      const now = await server.api.getCheck({ params: { id: check.id } });
      return now.state === 'running' ? ended(now) : now;
    };
    writeFileSync(join(work.path, 'mine.txt'), 'untracked\n');
    const start = (command: string) => server.api.startCheck({ params: { id: work.sessionId }, body: { command } });
    const failed = await ended(await start('echo looking; grep FIVE mine.txt'));
    expect(failed).toMatchObject({ state: 'failed', detail: 'Ended with status 1', output: 'looking\n' });
    await expect(apply(work.sessionId, { checkId: failed.id })).rejects.toMatchObject({ code: 'conflict' });
    const passed = await ended(await start('grep -q FIVE f.txt && grep -q untracked mine.txt && echo well'));
    expect(passed).toMatchObject({ state: 'passed', output: 'well\n' });
    writeFileSync(join(work.path, 'mine.txt'), 'changed\n');
    await expect(apply(work.sessionId, { checkId: passed.id })).rejects.toMatchObject({ message: expect.stringContaining('check again') });
    writeFileSync(join(work.path, 'mine.txt'), 'untracked\n');
    await apply(work.sessionId, { checkId: passed.id });
    expect(work.inFolder()).toContain('FIVE');
    expect((await git(work.path, 'worktree', 'list')).trim().split('\n')).toHaveLength(2);
  });
});
