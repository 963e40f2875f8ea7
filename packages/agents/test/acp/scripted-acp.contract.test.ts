import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findContainment } from '@boocode/processes/containment.ts';
import type { AgentSession } from '../../src/backend.ts';
import { describeAgentContract } from '../contract/agent-contract.ts';
import { newPrompt } from '../open-options.ts';
import { hasBubblewrap } from '../has-bubblewrap.ts';
import { textOf, watchTurn } from '../watch-turn.ts';
import { scriptedAcpBackend, step } from './scripted-acp-backend.ts';

const lines = (...steps: object[]) => steps.map(step).join('\n');

/** What agents do when the request to the model fails. */
const FAILURES = {
  '400': lines({ say: 'Ran into this error: Server error: bad request.\n\nPlease retry if you think this is a transient or recoverable error.' }),
  '500': lines({ fail: { code: -32603, message: 'Internal error', data: { details: '500 the server failed' } } }),
  cut: lines({ say: 'partial' }, { say: 'Network error: Stream decode error\n\nPlease resend your message to try again.', message: 'm2' }),
};

function describeScripted(name: string, flags: readonly string[], isContained: boolean): void {
  const start = async () => {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'boocode-acp-')));
    const containment = isContained ? await containmentIn(home) : null;
    return {
      backend: scriptedAcpBackend(join(home, 'agent'), flags, { host: { registry: null, containment } }),
      script: {
        say: (text: string) => lines({ say: text }),
        think: (text: string) => lines({ think: text }, { say: 'done' }),
        write: (path: string, content: string) => lines({ write: { path, content } }, { say: 'done' }),
        shell: (command: string) => lines({ shell: command }, { say: 'done' }),
        sayForever: () => lines({ sayForever: true }),
        fail: (how: keyof typeof FAILURES) => FAILURES[how],
      },
      remembers: async (session: AgentSession, words: string) => {
        const { state } = await watchTurn(session.prompt(newPrompt(lines({ recall: true })), new AbortController().signal));
        return textOf(state).includes(words);
      },
      kill: null,
      isSlow: false,
      [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
    };
  };
  describeAgentContract(`acp, ${name}`, {}, start, isContained && !hasBubblewrap() ? 'bubblewrap does not work here' : null);
}

async function containmentIn(home: string) {
  const worktreesDir = join(home, 'boocode', 'worktrees');
  await mkdir(worktreesDir, { recursive: true });
  return findContainment({ home: join(home, 'boocode'), worktreesDir, env: { PATH: '/usr/local/bin:/usr/bin:/bin' } });
}

describeScripted('as the protocol has it', ['--resume', '--config-options'], false);
describeScripted('as some do it', ['--broken-resume', '--asks-first', '--no-kind', '--banner'], false);
describeScripted('contained', ['--no-final-update'], true);
