import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentLaunch } from '../../src/agent-process.ts';
import { streamJsonBackend } from '../../src/stream-json/stream-json-backend.ts';
import { describeAgentContract } from '../contract/agent-contract.ts';
import { SCRIPTED } from './scripted-script.ts';

const PROGRAM = fileURLToPath(new URL('./scripted-stream-agent.ts', import.meta.url));

describeAgentContract('stream-json, scripted', {}, async () => {
  const home = await mkdtemp(join(tmpdir(), 'boocode-scripted-'));
  const launch: AgentLaunch = {
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', PROGRAM],
    env: { PATH: process.env.PATH ?? '', SCRIPTED_HOME: home },
    model: null,
    mode: 'default',
    stateFolders: [],
  };
  return {
    backend: streamJsonBackend({
      name: 'scripted',
      label: 'Scripted',
      dialect: 'claude',
      host: { registry: null, containment: null },
      plan: async () => launch,
    }),
    script: SCRIPTED,
    remembers: async (session, words) => (await readFile(join(home, `${session.resumeToken}.json`), 'utf8')).includes(words),
    kill: null,
    isSlow: false,
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
});
