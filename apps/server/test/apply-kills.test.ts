import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { git, killServerProgram, openTestServer, startServerProgram, watchChat } from './server-program.ts';
import { seeded } from './seeded.ts';

/** `BOOCODE_KILLS=100` is the whole of it; the suite runs a slice. `BOOCODE_SEED` repeats one that failed. */
const KILLS = Number(process.env['BOOCODE_KILLS'] ?? 4);
const SEED = Number(process.env['BOOCODE_SEED'] ?? 1);
const FILES = 60;
const name = (index: number) => `file-${index}.txt`;
const LINES = Array.from({ length: 20 }, (_, index) => `line ${index}\n`);
const OLD = LINES.join('');
/** What is applied whole, and what of the file that is applied in part. */
const NEW = LINES.map((line, index) => (index === 3 || index === 15 ? `new ${index}\n` : line)).join('');
const PART = LINES.map((line, index) => (index === 3 ? 'new 3\n' : line)).join('');

it(
  `leaves all files old or all new, and rows that say so, after ${KILLS} kills while changes are applied and taken back (seed ${SEED})`,
  { timeout: 120_000 + KILLS * 30_000 },
  async () => {
    await using opened = await openTestServer();
    const random = seeded(SEED);
    const path = await opened.newRepository(Object.fromEntries(Array.from({ length: FILES }, (_, index) => [name(index), OLD])));
    const prompt = (text: string) => `demo: call write ${JSON.stringify({ path: name(0), content: NEW })}\ndemo: say ${text}`;
    const task = await opened.server.api.createTask({ body: { input: prompt('first'), projectPath: path, access: 'edits' } });
    const watcher = await watchChat(opened.server, task.chatId);
    const turns = (count: number) =>
      watcher.until((state) => state.messages.filter(({ status }) => status === 'completed').length === 2 * count && state.tasks.length === 0);
    await turns(1);
    const worktree = (await opened.server.api.listWorktrees({ query: {} })).items.find((one) => one.sessionId === task.sessionId)!;
    for (let index = 1; index < FILES; index++) writeFileSync(join(worktree.path, name(index)), NEW);
    await opened.server.api.sendMessage({ params: { id: task.chatId }, body: { text: prompt('second') } });
    await turns(2);
    watcher.close();
    const params = { id: task.sessionId };
    const list = async (state: 'pending' | 'applied') => (await opened.server.api.listChanges({ params, query: { state, limit: 500 } })).items;
    const before = await git(path, 'status', '--porcelain');
    expect(before).toBe('');
    // Everything but the second hunk of the last file.
    const hunks = (await list('pending')).flatMap((change) => (change.path === name(FILES - 1) ? [change.hunks[0]!.id] : change.hunks.map(({ id }) => id)));
    const wanted = (index: number) => (index === FILES - 1 ? PART : NEW);
    /** How long it takes when nobody kills: moments are searched around it. */
    let lasts = 300;
    const outcomes = { old: 0, new: 0 };
    for (let kill = 0; kill < KILLS; kill++) {
      const isApplied = (await list('applied')).length > 0;
      const startedAt = performance.now();
      const acting = (isApplied ? opened.server.api.rewindChanges({ params, body: {} }) : opened.server.api.applyChanges({ params, body: { hunks } })).then(
        () => (lasts = (lasts + performance.now() - startedAt) / 2),
        () => (lasts = lasts * 1.3),
      );
      await sleep(random() * lasts);
      await killServerProgram(opened.server);
      await acting;
      opened.server = await startServerProgram(opened.home);
      const texts = Array.from({ length: FILES }, (_, index) => readFileSync(join(path, name(index)), 'utf8'));
      const isNew = texts.every((text, index) => text === wanted(index));
      expect(isNew || texts.every((text) => text === OLD)).toBe(true);
      outcomes[isNew === isApplied ? 'old' : 'new'] += 1;
      const [applied, pending] = [await list('applied'), await list('pending')];
      expect(applied.length).toBe(isNew ? FILES : 0);
      expect(pending.flatMap((change) => change.hunks)).toHaveLength(isNew ? 1 : 2 * FILES);
      expect(applied.flatMap((change) => change.hunks)).toHaveLength(isNew ? 2 * FILES - 1 : 0);
      await git(path, 'fsck', '--connectivity-only');
    }
    // What is left can still be done, wherever the kills have left it.
    if ((await list('applied')).length === 0) await opened.server.api.applyChanges({ params, body: { hunks } });
    await opened.server.api.applyChanges({ params, body: {} });
    expect(readFileSync(join(path, name(FILES - 1)), 'utf8')).toBe(NEW);
    await opened.server.api.rewindChanges({ params, body: {} });
    expect(await git(path, 'status', '--porcelain')).toBe('');
    expect(outcomes.old + outcomes.new).toBe(KILLS);
  },
);
