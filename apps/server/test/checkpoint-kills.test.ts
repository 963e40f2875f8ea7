import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { git, killServerProgram, openTestServer, startServerProgram, watchChat } from './server-program.ts';
import { seeded } from './seeded.ts';

/** `BOOCODE_KILLS=100` is the whole of it; the suite runs a slice. `BOOCODE_SEED` repeats one that failed. */
const KILLS = Number(process.env['BOOCODE_KILLS'] ?? 3);
const SEED = Number(process.env['BOOCODE_SEED'] ?? 1);
const FILES = 40;

it(`a restore is all or nothing, and rows, refs and files agree, after ${KILLS} kills (seed ${SEED})`, { timeout: 120_000 + KILLS * 30_000 }, async () => {
  await using opened = await openTestServer();
  const random = seeded(SEED);
  const names = Array.from({ length: FILES }, (_, index) => `f${index}.txt`);
  const path = await opened.newRepository(Object.fromEntries(names.map((name) => [name, 'first\n'])));
  const first = await opened.server.api.createTask({ body: { input: 'demo: say first', projectPath: path, access: 'full' } });
  const watcher = await watchChat(opened.server, first.chatId);
  await watcher.until((state) => state.tasks.length === 0 && state.messages.length === 2);
  const command = `for f in f*.txt; do echo second > $f; done; mkdir hollow; rm f0.txt; echo x > new.txt`;
  const second = await opened.server.api.sendMessage({
    params: { id: first.chatId },
    body: { text: `demo: call shell ${JSON.stringify({ command })}\ndemo: say second` },
  });
  await watcher.until((state) => state.tasks.length === 0 && state.messages.length === 4);
  watcher.close();
  const session = { id: first.sessionId };
  const worktree = (await opened.server.api.listWorktrees()).items.find((one) => one.sessionId === first.sessionId)!.path;
  const list = async () => (await opened.server.api.listCheckpoints({ params: session, query: { limit: 500 } })).items;
  const [before] = (await opened.server.api.listCheckpoints({ params: session, query: { message: second.messageId } })).items;
  const after = (await list()).at(-1)!;
  /** 1 = all as before the second prompt, 2 = all as after it. Anything else is a mixture. */
  const stateOf = async (): Promise<string> => {
    const entries = (await readdir(worktree)).filter((name) => name !== '.git');
    const texts = new Set(await Promise.all(entries.filter((name) => name.startsWith('f')).map((name) => readFile(join(worktree, name), 'utf8'))));
    return `${[...texts].map((text) => text.trim()).join('+')} ${entries.includes('f0.txt')} ${entries.includes('new.txt')} ${existsSync(join(worktree, 'hollow'))} of ${entries.length}`;
  };
  const STATES = [`first true false false of ${FILES}`, `second false true true of ${FILES + 1}`];
  expect(await stateOf()).toBe(STATES[1]);
  const messages = async () => (await opened.server.api.listMessages({ params: { id: first.chatId }, query: {} })).items.length;

  // How long one takes when nobody is killed: the moments to kill at lie within.
  const began = performance.now();
  await opened.server.api.restoreCheckpoint({ params: { id: before!.id }, body: { what: 'both', before: second.messageId } });
  const durationMs = performance.now() - began;
  expect(await stateOf()).toBe(STATES[0]);

  const beganTaking = performance.now();
  await opened.server.api.createCheckpoint({ params: session, body: { label: 'as long as it takes' } });
  const takingMs = performance.now() - beganTaking;

  const outcomes = new Map<string, number>();
  for (let kill = 0; kill < KILLS; kill++) {
    const isTaking = kill % 4 === 3;
    const isBack = (await stateOf()) === STATES[0];
    if (isTaking) await writeFile(join(worktree, 'mine.txt'), `${kill}\n`);
    const request = isTaking
      ? opened.server.api.createCheckpoint({ params: session, body: { label: `kill ${kill}` } })
      : opened.server.api.restoreCheckpoint({
          params: { id: isBack ? after.id : before!.id },
          body: isBack ? { what: 'both' } : { what: 'both', before: second.messageId },
        });
    const answered = request.then(
      () => 'answered',
      () => 'cut off',
    );
    await sleep(random() * (isTaking ? takingMs : durationMs) * 1.2);
    await killServerProgram(opened.server);
    opened.server = await startServerProgram(opened.home, { BOOCODE_MODEL_URL: opened.model.url });
    const state = (await stateOf()).replace(/ of \d+$/, '');
    const index = STATES.findIndex((one) => one.startsWith(state));
    expect(index, `kill ${kill} left ${state}`).not.toBe(-1);
    // The conversation is where the files are.
    expect(await messages(), `kill ${kill}`).toBe(index === 0 ? 2 : 4);
    const moved = (index === 0) !== isBack;
    const outcome = `${isTaking ? 'take' : moved ? 'restored' : 'as before'}, ${await answered}`;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    expect((await opened.server.api.previewRestore({ params: { id: before!.id }, query: {} })).refusal).toBeNull();
    expect((await readdir(worktree)).filter((name) => name.includes('.tmp'))).toEqual([]);
    const refs = (await git(path, 'for-each-ref', '--format=%(refname:lstrip=3) %(objectname)', 'refs/boocode/checkpoints')).trim().split('\n').toSorted();
    expect(refs).toEqual((await list()).map(({ id, commit }) => `${id} ${commit}`).toSorted());
    expect(await git(path, 'fsck', '--connectivity-only', '--no-dangling')).toBe('');
  }
  console.log(`restore takes ${Math.round(durationMs)} ms, a checkpoint ${Math.round(takingMs)}; ${JSON.stringify(Object.fromEntries(outcomes))}`);
});
