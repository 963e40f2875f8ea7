import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Containment, findContainment } from '@boocode/processes/containment.ts';
import type { Prompt } from '../../src/backend.ts';
import { hasBubblewrap } from '../has-bubblewrap.ts';
import { newPrompt, openOptions } from '../open-options.ts';
import { textOf, toolsOf, watchTurn } from '../watch-turn.ts';
import { GOOSE, QWEN, type RealAgent, startRealAgent, whyNotInstalled } from './real-acp-agent.ts';
import { scriptedAcpBackend, step } from './scripted-acp-backend.ts';

const PATH = { PATH: '/usr/local/bin:/usr/bin:/bin' };

let root: string;
let home: string;
let cwd: string;
let containment: Containment | null = null;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'boocode-wall-')));
  home = join(root, 'boocode');
  const worktreesDir = join(home, 'worktrees');
  cwd = join(worktreesDir, 'one', 'tree');
  await mkdir(cwd, { recursive: true });
  await writeFile(join(home, 'token'), 'secret');
  containment = await findContainment({ home, worktreesDir, env: PATH });
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe.skipIf(!hasBubblewrap())('an agent behind the wall', () => {
  const scripted = () => scriptedAcpBackend(join(root, 'agent-home'), [], { host: { registry: null, containment } });
  const none: Prompt['ask'] = async () => ({ allowed: false, optionId: null, note: null });

  it('sees its worktree, and not the token', async () => {
    await using session = await scripted().open(openOptions(cwd));
    const steps = [{ shell: `cat ${join(home, 'token')}; echo mine > ${join(cwd, 'mine.txt')}` }].map(step).join('\n');
    const { state } = await watchTurn(session.prompt(newPrompt(steps), new AbortController().signal));
    expect(toolsOf(state)[0]?.output?.text).not.toContain('secret');
    expect(await readFile(join(cwd, 'mine.txt'), 'utf8')).toBe('mine\n');
  });

  it('that may only read cannot write, whatever it believes its mode to be', async () => {
    await mkdir(join(root, 'agent-home'), { recursive: true });
    await using session = await scripted().open(openOptions(cwd, { access: 'read-only' }));
    const prompt = (what: object) => newPrompt(step(what), { access: 'read-only', mode: 'yolo', ask: none });
    const write = await watchTurn(session.prompt(prompt({ write: { path: join(cwd, 'no.txt'), content: 'no' } }), new AbortController().signal));
    expect(write.state).toMatchObject({ status: 'failed', failure: { message: expect.stringContaining('EROFS') } });
    await watchTurn(session.prompt(prompt({ shell: `echo no > ${join(cwd, 'no.txt')}` }), new AbortController().signal));
    expect(existsSync(join(cwd, 'no.txt'))).toBe(false);
    expect(textOf((await watchTurn(session.prompt(prompt({ recall: true }), new AbortController().signal))).state)).toContain('no.txt'); // its own state lasts
  });

  const real = (agent: RealAgent, mode: string) =>
    it.skipIf(whyNotInstalled(agent) !== null)(
      `a real one that may only read cannot write, in its freest mode: ${whyNotInstalled(agent) ?? agent.id}`,
      async () => {
        await using subject = await startRealAgent(agent, { registry: null, containment });
        await using session = await subject.backend.open(openOptions(cwd, { access: 'read-only' }));
        const file = join(cwd, `${agent.id}.txt`);
        for (const text of [subject.script.write(file, 'no\n'), subject.script.shell(`echo no > ${file}; touch ${file}`)]) {
          const { state } = await watchTurn(session.prompt(newPrompt(text, { access: 'read-only', mode, ask: none }), new AbortController().signal));
          expect(toolsOf(state).map(({ status }) => status)).toEqual(['failed']);
        }
        expect(existsSync(file)).toBe(false);
      },
      120_000,
    );
  real(GOOSE, 'auto');
  real(QWEN, 'yolo');
});
