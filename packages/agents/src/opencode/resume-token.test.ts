import { expect, it } from 'vitest';
import type { AgentLaunch } from '../agent-process.ts';
import { formatResumeToken, isStale, parseResumeToken, providerFingerprint } from './resume-token.ts';

function launch(providers: object): AgentLaunch {
  return {
    command: 'opencode',
    args: [],
    env: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ provider: providers }) },
    model: null,
    mode: null,
    stateFolders: [],
  };
}

const provider = (baseURL: string, more: object = {}) => ({ npm: 'x', options: { baseURL, apiKey: 'k' }, models: { a: {} }, ...more });

it('a session is stale when the provider that it used is another one or gone, and not for new keys, models, ports of this machine or other providers', () => {
  const before = launch({ p: provider('http://127.0.0.1:1/v1') });
  const token = { sessionId: 'ses_1', provider: { id: 'p', fingerprint: providerFingerprint(before, 'p') ?? '' } };
  expect(parseResumeToken(formatResumeToken(token))).toEqual(token);
  expect(isStale(token, before)).toBe(false);
  expect(
    isStale(token, launch({ q: provider('http://q/v1'), p: provider('http://127.0.0.1:2/v1', { models: {}, options: { baseURL: 'http://127.0.0.1:2/v1' } }) })),
  ).toBe(false);
  expect(isStale(token, launch({ p: provider('http://elsewhere/v1') }))).toBe(true);
  expect(isStale(token, launch({ p: provider('http://127.0.0.1:1/v1', { npm: 'y' }) }))).toBe(true);
  expect(isStale(token, launch({}))).toBe(true);
  expect(isStale(parseResumeToken('ses_1'), launch({}))).toBe(false);
});
