import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProjectId } from '@boocode/contracts/ids.ts';
import type { Terminal } from '@boocode/contracts/terminal.ts';
import { childEnvironment } from '@boocode/processes/child-environment.ts';
import { ProcessRegistry } from '@boocode/processes/process-registry.ts';
import { groupMembers, processesWithEnvironment } from '@boocode/processes/process-table.ts';
import headless from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import { BEHIND_BYTES } from './flow-policy.ts';
import type { LiveTerminal, TerminalClient } from './live-terminal.ts';
import { TerminalPool } from './terminal-pool.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'boo-terminal-')));
const projectId = ProjectId.parse(crypto.randomUUID());
let now = Date.now();
const pools: TerminalPool[] = [];

afterEach(async () => {
  for (const pool of pools.splice(0)) await pool[Symbol.asyncDispose]();
  rmSync(join(folder, 'groups'), { recursive: true, force: true });
});

function makePool(): TerminalPool {
  const environment = { ...childEnvironment(process.env), PS1: '$ ', HISTFILE: '/dev/null' };
  const pool = new TerminalPool({ registry: new ProcessRegistry(join(folder, 'groups')), environment, containment: null, now: () => now });
  pools.push(pool);
  return pool;
}

function open(pool: TerminalPool, size = { cols: 80, rows: 24 }): Promise<LiveTerminal> {
  return pool.open({ projectId, sessionId: null, cwd: folder, isInWorktree: false, size, shell: '/bin/sh' });
}

/** A client with a screen of its own; `isLazy` never says that it has shown anything. */
function look(terminal: LiveTerminal, { isLazy = false } = {}) {
  const screen = new headless.Terminal({ cols: terminal.info.cols, rows: terminal.info.rows, scrollback: 5_000, allowProposedApi: true });
  const seen = { bytes: 0, screens: 0, state: terminal.info, isGone: false };
  const waiters = new Set<() => void>();
  const settle = (): void => waiters.forEach((check) => check());
  const client: TerminalClient = {
    sendScreen(info, data) {
      seen.screens += 1;
      seen.state = info;
      screen.reset();
      screen.resize(info.cols, info.rows);
      screen.write(data, settle);
    },
    sendOutput(bytes) {
      seen.bytes += bytes.length;
      screen.write(bytes, () => {
        if (!isLazy) terminal.acknowledge(client, bytes.length);
        settle();
      });
    },
    sendState(info: Terminal) {
      seen.state = info;
      settle();
    },
    sendGone() {
      seen.isGone = true;
      settle();
    },
  };
  const detach = terminal.attach(client);
  return {
    client,
    screen,
    seen,
    detach,
    text: () => linesOf(screen).join('\n'),
    visible: () => linesOf(screen, screen.buffer.active.baseY).join('\n'),
    until: (isTrue: () => boolean) => until(waiters, isTrue),
  };
}

function until(waiters: Set<() => void>, isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!isTrue()) return;
      waiters.delete(check);
      resolve();
    };
    waiters.add(check);
    check();
  });
}

function linesOf({ buffer }: InstanceType<typeof headless.Terminal>, from = 0): string[] {
  const lines = Array.from({ length: buffer.active.length - from }, (_, row) => buffer.active.getLine(from + row)?.translateToString(true) ?? '');
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** Characters with their colours and weight, and the cursor. */
function pictureOf({ buffer, cols, modes }: InstanceType<typeof headless.Terminal>) {
  const cells = Array.from({ length: buffer.active.length }, (_, row) =>
    Array.from({ length: cols }, (__, col) => {
      const cell = buffer.active.getLine(row)?.getCell(col);
      return [
        cell?.getChars(),
        cell?.getFgColorMode(),
        cell?.getFgColor(),
        cell?.getBgColorMode(),
        cell?.getBgColor(),
        cell?.isBold(),
        cell?.isInverse(),
      ].join();
    }).join('|'),
  );
  return { cells, type: buffer.active.type, cursor: [buffer.active.cursorX, buffer.active.cursorY], modes };
}

describe('a terminal', () => {
  it('shows what is typed and what comes of it, in its folder, with an environment of its own', async () => {
    const terminal = await open(makePool());
    const view = look(terminal);
    terminal.write('echo "$((6*7)) $PWD $TERM [$DATABASE_URL]"; env | grep -c BOOCODE_\r');
    await view.until(() => view.text().includes(`42 ${folder} xterm-256color []\n0`));
    expect(terminal.info).toMatchObject({ state: 'running', title: 'sh', cwd: folder, cols: 80, rows: 24 });
  });

  it('tells the program its size, also a new one', async () => {
    const terminal = await open(makePool(), { cols: 100, rows: 30 });
    const view = look(terminal);
    terminal.write('stty size\r');
    await view.until(() => view.text().includes('30 100'));
    terminal.resize({ cols: 61, rows: 17 });
    terminal.write('stty size\r');
    await view.until(() => view.text().includes('17 61'));
    expect(view.seen.state).toMatchObject({ cols: 61, rows: 17 });
  });

  it('gives a later client the same picture: colours, the alternate screen, the modes', async () => {
    const terminal = await open(makePool());
    const first = look(terminal);
    terminal.write(String.raw`printf '\033[1;38;2;10;200;30mgreen\033[0m \033[41mred\033[0m 漢字🐕\n'` + '\r');
    await first.until(() => first.text().split('green').length === 3);
    terminal.write(String.raw`printf '\033[?1049h\033[2J\033[5;10H\033[7mfull\033[0m\033[?2004h\033[?1000h\033[?1006h\033[?25l'; read x` + '\r');
    await first.until(() => first.screen.buffer.active.type === 'alternate' && first.text().includes('full'));
    const second = look(terminal);
    await second.until(() => second.text().includes('full'));
    expect(pictureOf(second.screen)).toEqual(pictureOf(first.screen));
    terminal.write('\r');
    terminal.write(String.raw`printf '\033[?1049l'` + '\r');
    await second.until(() => second.screen.buffer.active.type === 'normal' && second.text().includes('green'));
    await first.until(() => first.screen.buffer.active.type === 'normal');
    expect(pictureOf(second.screen).cells[1]).toEqual(pictureOf(first.screen).cells[1]);
  });

  it('a client that comes in the middle of a flood sees what one sees that was there from the start', async () => {
    const terminal = await open(makePool());
    const first = look(terminal);
    terminal.write(String.raw`i=0; while [ $i -lt 3000 ]; do printf '\033[3%dmline %d é漢\033[0m\n' $((i%8)) $i; i=$((i+1)); done; echo THE''END` + '\r');
    await first.until(() => first.text().includes('line 200 '));
    const second = look(terminal);
    await Promise.all([first, second].map((view) => view.until(() => view.visible().includes('THEEND'))));
    expect(pictureOf(second.screen)).toEqual(pictureOf(first.screen));
  });

  it('answers the questions of programs itself, once', async () => {
    const terminal = await open(makePool());
    const view = look(terminal);
    look(terminal);
    terminal.write(
      String.raw`stty -echo -icanon min 1 time 0; printf '\033[6n'; { dd bs=1 count=1; stty min 0 time 10; dd bs=1 count=20; } 2>/dev/null | od -c | head -1; stty sane` +
        '\r',
    );
    await view.until(() => view.text().includes('0000000'));
    expect(view.text()).toMatch(/0000000 033\s+\[\s+\d+\s+;\s+\d+\s+R\s*$/m);
  });

  it('says how the shell ended, and keeps its last screen', async () => {
    const terminal = await open(makePool());
    const view = look(terminal);
    terminal.write('echo last words; exit 3\r');
    await terminal.ended;
    expect(terminal.info).toMatchObject({ state: 'ended', exit: { code: 3, signal: null } });
    await view.until(() => view.seen.state.state === 'ended');
    const late = look(terminal);
    await late.until(() => /last words$/m.test(late.text()));
    terminal.write('nobody reads this');
    const killed = await open(pools[0]!);
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    expect(killed.info.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });
});

describe('flow control', () => {
  it('holds a program whose output the client does not show, and lets it go on after acknowledgements', async () => {
    const terminal = await open(makePool());
    const lazy = look(terminal, { isLazy: true });
    terminal.write('yes 0123456789012345678901234567890123456789\r');
    await lazy.until(() => terminal.isHeld);
    expect(lazy.seen.bytes).toBeLessThan(BEHIND_BYTES);
    const shown = lazy.seen.bytes;
    terminal.acknowledge(lazy.client, shown);
    await lazy.until(() => lazy.seen.bytes > shown + 100_000);
    terminal.write('\u0003');
  });

  it('does not hold a program for ever for a client that is gone or hidden; it gets the screen when it has caught up', async () => {
    const terminal = await open(makePool());
    const lazy = look(terminal, { isLazy: true });
    terminal.write('yes 01234567890123456789012345678901234567890123456789012345678901234567 | head -c 3000000; echo; echo THE""END\r');
    const other = look(terminal);
    await other.until(() => other.visible().includes('THEEND'));
    expect(lazy.seen.bytes).toBeLessThan(BEHIND_BYTES + 512 * 1024);
    expect(lazy.seen.screens).toBe(1);
    terminal.acknowledge(lazy.client, lazy.seen.bytes);
    await lazy.until(() => lazy.visible().includes('THEEND'));
    expect(lazy.seen.screens).toBe(2);
  });

  it('a flood that nobody looks at does not fill the memory', async () => {
    const terminal = await open(makePool());
    const lazy = look(terminal, { isLazy: true });
    const before = process.memoryUsage().rss;
    terminal.write(String.raw`yes 0123456789 | head -c 6000000; printf '\033]0;over\007'` + '\r');
    await lazy.until(() => lazy.seen.state.title === 'over');
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
    expect(lazy.seen.bytes).toBeLessThan(BEHIND_BYTES);
  });
});

describe('TerminalPool', () => {
  it('ends everything that was started in a terminal when it is closed, also what left its process group', async () => {
    const pool = makePool();
    const terminal = await open(pool);
    const view = look(terminal);
    const mark = `sleeper-${crypto.randomUUID()}`;
    terminal.write(`SLEEPER=${mark} setsid sleep 1000 & SLEEPER=${mark} nohup sleep 1000 & trap "" HUP TERM; echo rea""dy\r`);
    await view.until(() => view.text().includes('ready'));
    const { pid } = terminal;
    await pool.close(terminal.info.id);
    expect(view.seen.isGone).toBe(true);
    expect([...groupMembers(pid), ...processesWithEnvironment(`SLEEPER=${mark}`)]).toEqual([]);
    expect(pool.list()).toEqual([]);
    expect(() => pool.get(terminal.info.id)).toThrow(/^Cannot find terminal .*: it was closed, or BooCode was started again since/);
  });

  it('refuses a shell that is none, and more terminals than it keeps, in a sentence', async () => {
    const pool = makePool();
    await expect(pool.open({ projectId, sessionId: null, cwd: folder, isInWorktree: false, size: { cols: 80, rows: 24 }, shell: 'sh -c x' })).rejects.toThrow(
      'Cannot open the terminal: "sh -c x" is not the absolute path of a program; give for instance "/bin/bash"',
    );
    for (let count = 0; count < 12; count += 1) await open(pool);
    await expect(open(pool)).rejects.toThrow('Cannot open the terminal: 12 terminals are open already; close one of them first');
  });

  it('closes what ended or was idle for long, and never one that somebody looks at', async () => {
    const pool = makePool();
    const [ended, idle, watched] = [await open(pool), await open(pool), await open(pool)];
    const view = look(watched);
    ended.write('exit\r');
    await ended.ended;
    now += 2 * 60 * 60_000;
    await pool.sweep();
    expect(pool.list().map(({ id }) => id)).toEqual([idle.info.id, watched.info.id]);
    now += 30 * 60 * 60_000;
    await pool.sweep();
    expect(pool.list().map(({ id }) => id)).toEqual([watched.info.id]);
    view.detach();
  });
});
