import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import { identifyProcess } from '@boocode/processes/process-table.ts';
import type { AgentBackend, AgentSession, OpenOptions, PermissionAnswer, Prompt } from '../../src/backend.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { reasoningOf, textOf, toolsOf, watchTurn, type WatchedTurn } from '../watch-turn.ts';

/** What every backend is asked to do. One that cannot says why: its test is listed as skipped with that reason. */
export const POINTS = [
  'text',
  'reasoning',
  'edit',
  'shell',
  'permission allowed',
  'permission denied',
  'cancel in text',
  'cancel in a tool',
  'cancel in a question',
  'model error 400',
  'model error 500',
  'model cut off',
  'agent killed',
  'two sessions',
  'resume',
  'long text',
  'long output',
  'odd unicode',
] as const;
export type ContractPoint = (typeof POINTS)[number];

/** For agents that start slowly: what of the contract the suite asks of them. All of it with `BOOCODE_TESTS=all`. */
export function onlyPoints(...wanted: readonly ContractPoint[]): Partial<Record<ContractPoint, string>> {
  if (process.env['BOOCODE_TESTS'] === 'all') return {};
  return Object.fromEntries(POINTS.filter((point) => !wanted.includes(point)).map((point) => [point, 'with BOOCODE_TESTS=all']));
}

/** Prompts that make the agent do one thing, in the words that its scripted program or model understands. */
export interface ContractScript {
  /** Answers with exactly this text. */
  say(text: string): string;
  think(text: string): string;
  /** Makes a new file with its tool for that, then says "done". */
  write(path: string, content: string): string;
  /** Runs a command, then says "done". */
  shell(command: string): string;
  /** Says at least "begun", and then goes on without an end. */
  sayForever(): string;
  /** Fails as the model server's status says; `cut`: the connection ends within the answer. */
  fail(how: '400' | '500' | 'cut'): string;
}

export interface ContractSubject {
  readonly backend: AgentBackend;
  readonly script: ContractScript;
  /** Whether the agent was told these words in an earlier prompt of the conversation, as its last request or its memory shows. */
  remembers(session: AgentSession, words: string): Promise<boolean>;
  /** Kills the agent as the system would; null: by its `pid`. */
  readonly kill: ((session: AgentSession) => void) | null;
  /** Agents that take seconds to start keep one conversation for all tests that allow it. */
  readonly isSlow: boolean;
}

const ODD = 'a\u0301 e\u0308 \u{1F469}\u200D\u{1F4BB} \u05E9\u05DC\u05D5\u05DD \u{10FFFF} \uFEFF \u{1D538} "quotes" \\x <b>&amp;</b> $HOME %s';
const TEST_MS = 120_000;

/** The one suite for all backends. `start` is called once; its subject is disposed at the end. `absent`: why the agent is not here, and all is skipped. */
export function describeAgentContract(
  name: string,
  lacks: Partial<Record<ContractPoint, string>>,
  start: () => Promise<ContractSubject & AsyncDisposable>,
  absent: string | null = null,
): void {
  describe.skipIf(absent !== null)(`${name}: the contract of agents${absent === null ? '' : ` (${absent})`}`, () => {
    let root: string;
    let subject: ContractSubject & AsyncDisposable;
    const shelf: { kept?: Opened; spare?: Opened } = {};
    const clear = async () => {
      for (const place of ['kept', 'spare'] as const) {
        await shelf[place]?.session[Symbol.asyncDispose]();
        delete shelf[place];
      }
    };

    beforeAll(async () => {
      root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-contract-')));
      subject = await start();
    }, TEST_MS);

    afterAll(async () => {
      await clear();
      await subject[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    }, TEST_MS);

    const point = (title: ContractPoint, run: () => Promise<void>) => {
      const reason = lacks[title] ?? null;
      it.skipIf(reason !== null)(
        `${title}${reason === null ? '' : ` (${reason})`}`,
        async () => {
          expect.hasAssertions();
          await run();
        },
        TEST_MS,
      );
    };

    const open = async (more: Partial<OpenOptions> = {}) => {
      const place = await realpath(await mkdtemp(join(root, 'tree-')));
      const cwd = join(place, 'worktree');
      await mkdir(cwd);
      const options = openOptions(more.cwd ?? cwd, more);
      return { session: await subject.backend.open(options), cwd: options.cwd };
    };

    /** Gives what is kept, or begins anew; agents that start quickly begin anew for each test. */
    const borrow = async (place: 'kept' | 'spare'): Promise<Opened> => {
      const opened = (shelf[place] ??= await open());
      void opened.session.closed.then(() => shelf[place] === opened && delete shelf[place]); // one process may have been that of several
      return opened;
    };
    const take = async (place: 'kept' | 'spare'): Promise<Opened> => {
      const opened = await borrow(place);
      delete shelf[place];
      return opened;
    };

    /** A conversation for one test. */
    const withSession = async (run: (session: AgentSession, cwd: string) => Promise<void>) => {
      const { session, cwd } = await borrow('kept');
      await run(session, cwd);
    };

    afterEach(async () => {
      if (!subject.isSlow) await clear();
    });

    const ask = (session: AgentSession, text: string, more: Partial<Prompt> = {}, signal = new AbortController().signal): Promise<WatchedTurn> =>
      watchTurn(session.prompt(newPrompt(text, more), signal));

    const expectAlive = async (session: AgentSession) => {
      const { state } = await ask(session, subject.script.say('still here'));
      expect(state).toMatchObject({ status: 'completed', failure: null });
      expect(textOf(state)).toContain('still here');
    };

    point('text', () =>
      withSession(async (session) => {
        const { state } = await ask(session, subject.script.say('hello from the agent'));
        expect(state).toMatchObject({ status: 'completed', failure: null });
        expect(textOf(state).trim()).toBe('hello from the agent');
      }),
    );

    point('reasoning', () =>
      withSession(async (session) => {
        const { state } = await ask(session, subject.script.think('let me see'));
        expect(state.status).toBe('completed');
        expect(reasoningOf(state)).toContain('let me see');
        expect(textOf(state)).not.toContain('let me see');
      }),
    );

    point('edit', () =>
      withSession(async (session, cwd) => {
        const { state } = await ask(session, subject.script.write(join(cwd, 'made.txt'), 'one\ntwo\n'), { access: 'edits' });
        expect(state).toMatchObject({ status: 'completed', failure: null });
        expect(await readFile(join(cwd, 'made.txt'), 'utf8')).toBe('one\ntwo\n');
        expect(toolsOf(state).find(({ kind }) => kind === 'edit')).toMatchObject({ status: 'completed' });
      }),
    );

    point('shell', () =>
      withSession(async (session, cwd) => {
        const { state } = await ask(session, subject.script.shell(`echo spoken by the shell > ${join(cwd, 'shell.txt')}; echo visible-output`));
        expect(state).toMatchObject({ status: 'completed', failure: null });
        expect(await readFile(join(cwd, 'shell.txt'), 'utf8')).toBe('spoken by the shell\n');
        const tool = toolsOf(state).find(({ kind }) => kind === 'execute');
        expect(tool).toMatchObject({ status: 'completed' });
        expect(tool?.output?.text).toContain('visible-output');
      }),
    );

    const recordingAsk = (answer: (request: PermissionRequest) => PermissionAnswer) => {
      const asked: PermissionRequest[] = [];
      return {
        asked,
        ask: async (request: PermissionRequest) => {
          asked.push(request);
          return answer(request);
        },
      };
    };

    const optionOf = (request: PermissionRequest, kind: string) => request.options.find((option) => option.kind === kind)?.id ?? null;

    point('permission allowed', () =>
      withSession(async (session, cwd) => {
        const file = join(cwd, 'allowed.txt');
        const person = recordingAsk((request) => ({ allowed: true, optionId: optionOf(request, 'allow_once'), note: null }));
        const { state } = await ask(session, subject.script.shell(`echo yes > ${file}`), { access: 'ask', ask: person.ask });
        expect(person.asked).toHaveLength(1);
        expect(person.asked[0]).toMatchObject({ kind: 'execute' });
        expect(person.asked[0]?.subject).toContain(file);
        expect(state).toMatchObject({ status: 'completed', failure: null });
        expect(await readFile(file, 'utf8')).toBe('yes\n');
      }),
    );

    point('permission denied', () =>
      withSession(async (session, cwd) => {
        const file = join(cwd, 'denied.txt');
        const person = recordingAsk((request) => ({ allowed: false, optionId: optionOf(request, 'reject_once'), note: null }));
        const { state } = await ask(session, subject.script.shell(`echo no > ${file}`), { access: 'ask', ask: person.ask });
        expect(person.asked).toHaveLength(1);
        expect(state).toMatchObject({ status: 'completed', failure: null });
        expect(toolsOf(state).every(({ status }) => status !== 'completed')).toBe(true);
        expect(existsSync(file)).toBe(false);
        await expectAlive(session);
      }),
    );

    point('cancel in text', () =>
      withSession(async (session) => {
        const stop = new AbortController();
        const { state } = await watchTurn(session.prompt(newPrompt(subject.script.sayForever()), stop.signal), (event) => {
          if (event.type === 'text') stop.abort();
        });
        expect(state).toMatchObject({ status: 'cancelled', failure: null });
        await expectAlive(session);
      }),
    );

    point('cancel in a tool', () =>
      withSession(async (session, cwd) => {
        const file = join(cwd, 'pid.txt');
        const stop = new AbortController();
        const begun = contentOf(file).then((pid) => {
          stop.abort();
          return Number(pid);
        });
        const { state } = await watchTurn(session.prompt(newPrompt(subject.script.shell(`echo $$ > ${file}; exec sleep 600`)), stop.signal));
        expect(state).toMatchObject({ status: 'cancelled', failure: null });
        expect(toolsOf(state).filter(({ status }) => status === 'running' || status === 'pending')).toEqual([]);
        expect(identifyProcess(await begun)).toBe(null);
        await expectAlive(session);
      }),
    );

    point('cancel in a question', () =>
      withSession(async (session, cwd) => {
        const file = join(cwd, 'asked.txt');
        const stop = new AbortController();
        const never: Prompt['ask'] = async (_request, signal) => {
          queueMicrotask(() => stop.abort());
          await once(signal, 'abort');
          signal.throwIfAborted();
          throw new TypeError('unreachable');
        };
        const { state } = await ask(session, subject.script.shell(`echo no > ${file}`), { access: 'ask', ask: never }, stop.signal);
        expect(state).toMatchObject({ status: 'cancelled', failure: null });
        expect(existsSync(file)).toBe(false);
        await expectAlive(session);
      }),
    );

    const failing = (title: ContractPoint, how: '400' | '500' | 'cut') =>
      point(title, () =>
        withSession(async (session) => {
          const { state } = await ask(session, subject.script.fail(how));
          expect(state.status).toBe('failed');
          expect(state.failure?.code).toMatch(/^model_/);
          await expectAlive(session);
        }),
      );
    failing('model error 400', '400');
    failing('model error 500', '500');
    failing('model cut off', 'cut');

    point('odd unicode', () =>
      withSession(async (session) => {
        const { state } = await ask(session, subject.script.say(ODD));
        expect(textOf(state).trim().normalize()).toBe(ODD.normalize()); // some agents normalise what they are told
      }),
    );

    point('long text', () =>
      withSession(async (session) => {
        const long = `begin ${'0123456789abcdef '.repeat(62_500)}end`;
        const { state } = await ask(session, subject.script.say(long));
        expect(textOf(state).trim() === long).toBe(true); // a difference of 1 MB would be printed
      }),
    );

    point('long output', () =>
      withSession(async (session) => {
        const { state } = await ask(session, subject.script.shell(`head -c 1000000 /dev/zero | tr '\\0' x`));
        expect(state).toMatchObject({ status: 'completed', failure: null });
        const output = toolsOf(state).find(({ kind }) => kind === 'execute')?.output;
        expect(output?.text).toContain('xxxxxxxx');
        expect(output?.text.length).toBeLessThan(70_000);
      }),
    );

    point('two sessions', async () => {
      const [one, two] = await Promise.all([borrow('kept'), borrow('spare')]);
      const prompts = [one, two].map(({ session, cwd }, index) => ask(session, subject.script.write(join(cwd, 'who.txt'), `session ${index}\n`)));
      for (const { state } of await Promise.all(prompts)) expect(state).toMatchObject({ status: 'completed', failure: null });
      expect(await readFile(join(one.cwd, 'who.txt'), 'utf8')).toBe('session 0\n');
      expect(await readFile(join(two.cwd, 'who.txt'), 'utf8')).toBe('session 1\n');
    });

    point('agent killed', async () => {
      const { session } = await take('spare');
      await using _ = session;
      let isKilled = false;
      const { state } = await watchTurn(session.prompt(newPrompt(subject.script.sayForever()), new AbortController().signal), (event) => {
        if (event.type === 'text' && !isKilled) killAgent(subject, session);
        isKilled ||= event.type === 'text';
      });
      expect(state).toMatchObject({ status: 'failed', failure: { code: 'agent_crashed' } });
      await session.closed;
    });

    point('resume', async () => {
      const first = await take('kept');
      expect(first.session.isResumed).toBe(false);
      await ask(first.session, subject.script.say('the secret word is heliotrope'));
      const { resumeToken } = first.session;
      expect(resumeToken).not.toBe(null);
      await first.session[Symbol.asyncDispose]();
      const { session } = await open({ cwd: first.cwd, resumeToken });
      await using _ = session;
      expect(session.isResumed).toBe(true);
      const { state } = await ask(session, subject.script.say('back again'));
      expect(textOf(state).trim()).toBe('back again'); // what was said before is not shown twice
      expect(await subject.remembers(session, 'heliotrope')).toBe(true);
    });
  });
}

interface Opened {
  readonly session: AgentSession;
  readonly cwd: string;
}

function killAgent(subject: ContractSubject, session: AgentSession): void {
  if (subject.kill !== null) return subject.kill(session);
  if (session.pid === null) throw new TypeError('an agent without a process needs `kill`');
  process.kill(session.pid, 'SIGKILL');
}

/** Resolves with what a file holds as soon as it holds anything. */
async function contentOf(path: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const watcher = watch(dirname(path), () => void look());
  const look = async () => {
    const content = await readFile(path, 'utf8').catch(() => ''); // not there yet
    if (content !== '') resolve(content);
  };
  try {
    await look();
    return await promise;
  } finally {
    watcher.close();
  }
}
