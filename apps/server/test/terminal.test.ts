import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { decodeTerminalFrame, type Terminal, type TerminalClientFrame, type TerminalServerFrame } from '@boocode/contracts/terminal.ts';
import { expect, it } from 'vitest';
import {
  killServerProgram,
  makeRepository,
  processesWith,
  type ServerProgram,
  startServerProgram,
  stopServerProgram,
  temporaryFolder,
} from './server-program.ts';

/** A client that keeps the text it was sent, screen and output one after the other. */
async function connect(server: ServerProgram, id: string) {
  const { ticket } = await server.api.createTicket();
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/terminals/${id}?ticket=${ticket}`);
  socket.binaryType = 'arraybuffer';
  const seen = { text: '', frames: new Array<TerminalServerFrame>() };
  const waiters = new Set<() => void>();
  socket.addEventListener('message', ({ data }) => {
    const frame = typeof data === 'string' ? decodeTerminalFrame(data) : null;
    if (frame !== null) seen.frames.push(frame);
    seen.text += frame === null ? Buffer.from(data as ArrayBuffer).toString('utf8') : frame.type === 'screen' ? frame.data : '';
    for (const check of waiters) check();
  });
  await once(socket, 'open');
  return {
    seen,
    socket,
    type: (text: string) => socket.send(Buffer.from(text)),
    send: (frame: TerminalClientFrame) => socket.send(JSON.stringify(frame)),
    until: (isTrue: () => boolean) =>
      new Promise<void>((resolve) => {
        const check = (): void => {
          if (!isTrue()) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
  };
}

it('a terminal over its socket: several clients, a worktree, reconnecting, and nothing left after kill -9', async () => {
  await using folder = await temporaryFolder();
  const home = join(folder.path, 'home');
  const path = join(folder.path, 'project');
  await makeRepository(path, { 'a.txt': 'a\n' });
  const server = await startServerProgram(home, { HOME: folder.path, SHELL: '/bin/bash', BOOCODE_MODEL: 'demo' });
  try {
    const project = await server.api.createProject({ body: { path } });
    const terminal: Terminal = await server.api.createTerminal({ body: { projectId: project.id, cols: 90, rows: 20 } });
    expect(terminal).toMatchObject({ cwd: path, isInWorktree: false, shell: '/bin/bash', cols: 90, rows: 20, state: 'running', exit: null });

    const first = await connect(server, terminal.id);
    first.type('pwd; stty size; env | grep -E "BOOCODE|DATABASE|npm_" | wc -l; echo o""k\r');
    await first.until(() => first.seen.text.includes('ok\r\n'));
    expect(first.seen.text).toContain(`${path}\r\n20 90\r\n0\r\n`);
    first.send({ type: 'resize', cols: 70, rows: 15 });
    first.type('stty size\r');
    await first.until(() => first.seen.text.includes('15 70'));
    await server.api.resizeTerminal({ params: { id: terminal.id }, body: { cols: 71, rows: 16 } });

    first.socket.close();
    const second = await connect(server, terminal.id);
    await second.until(() => second.seen.frames.length > 0);
    expect(second.seen.frames[0]).toMatchObject({ type: 'screen', terminal: { cols: 71, rows: 16 } });
    expect(second.seen.text).toContain('15 70');
    const third = await connect(server, terminal.id);
    second.type('echo for b""oth\r');
    await Promise.all([second, third].map((client) => client.until(() => client.seen.text.includes('for both'))));
    expect((await server.api.listTerminals({ query: { project: project.id } })).items).toMatchObject([{ id: terminal.id, cols: 71 }]);

    // a session's terminal stands in its worktree, and goes with the session
    const { sessionId } = await server.api.createTask({
      body: { input: 'demo: call write {"path":"b.txt","content":"b"}', projectId: project.id, access: 'full' },
    });
    while ((await server.api.listTasks({ query: { session: sessionId } })).items.some(({ endedAt }) => endedAt === null)) await wait(50);
    const inside = await server.api.createTerminal({ body: { projectId: project.id, sessionId } });
    expect(inside).toMatchObject({ isInWorktree: true, sessionId });
    const worker = await connect(server, inside.id);
    worker.type('cat b.txt; ls; echo do""ne\r');
    await worker.until(() => worker.seen.text.includes('done'));
    expect(worker.seen.text).toMatch(/a\.txt\s+b\.txt/);
    await server.api.deleteSession({ params: { id: sessionId }, query: { force: 'true' } });
    await worker.until(() => worker.seen.frames.at(-1)?.type === 'gone');

    await expect(server.api.createTerminal({ body: { projectId: project.id, sessionId } })).rejects.toMatchObject({ code: 'not_found' });
    const mark = `mark-${crypto.randomUUID()}`;
    second.type(
      `MARK=${mark} sleep 1000 & MARK=${mark} setsid sleep 1000 & MARK=${mark} nohup sh -c 'trap "" TERM HUP; while :; do sleep 1; done' & echo st""arted\r`,
    );
    await second.until(() => second.seen.text.includes('started'));
    while ((await processesWith(mark)).length < 3) await wait(20); // a shell says that it starts a job before the job is there
    await killServerProgram(server);
    const killedAt = performance.now();
    while ((await processesWith(mark)).length + (await processesWith(home)).length > 0 && performance.now() - killedAt < 8_000) await wait(50);
    expect(await processesWith(mark)).toEqual([]);
    expect(performance.now() - killedAt).toBeLessThan(6_000);

    const again = await startServerProgram(home);
    try {
      const late = await connect(again, terminal.id);
      await late.until(() => late.seen.frames.length > 0);
      expect(late.seen.frames).toEqual([{ type: 'gone', message: expect.stringContaining('BooCode was started again since') as string }]);
      expect((await again.api.listTerminals({ query: {} })).items).toEqual([]);
    } finally {
      await stopServerProgram(again);
    }
  } finally {
    await stopServerProgram(server);
  }
});
