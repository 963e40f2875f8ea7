import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAgentContract } from '../contract/agent-contract.ts';
import { newPrompt } from '../open-options.ts';
import { textOf, watchTurn } from '../watch-turn.ts';
import { scriptedAcpBackend, step } from './scripted-acp-backend.ts';

const lines = (...steps: object[]) => steps.map(step).join('\n');

/** What agents do when the request to the model fails. */
const FAILURES = {
  '400': lines({ say: 'Ran into this error: Server error: bad request.\n\nPlease retry if you think this is a transient or recoverable error.' }),
  '500': lines({ fail: { code: -32603, message: 'Internal error', data: { details: '500 the server failed' } } }),
  cut: lines({ say: 'partial' }, { say: 'Network error: Stream decode error\n\nPlease resend your message to try again.', message: 'm2' }),
};

for (const flags of [
  ['--resume', '--config-options'],
  ['--broken-resume', '--asks-first', '--no-kind', '--banner'],
]) {
  describeAgentContract(`acp ${flags.join(' ')}`, {}, async () => {
    const home = await realpath(await mkdtemp(join(tmpdir(), 'boocode-acp-')));
    return {
      backend: scriptedAcpBackend(home, flags),
      script: {
        say: (text) => lines({ say: text }),
        think: (text) => lines({ think: text }, { say: 'done' }),
        write: (path, content) => lines({ write: { path, content } }, { say: 'done' }),
        shell: (command) => lines({ shell: command }, { say: 'done' }),
        sayForever: () => lines({ sayForever: true }),
        fail: (how) => FAILURES[how],
      },
      remembers: async (session, words) => {
        const { state } = await watchTurn(session.prompt(newPrompt(lines({ recall: true })), new AbortController().signal));
        return textOf(state).includes(words);
      },
      kill: null,
      isSlow: false,
      [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
    };
  });
}
