import type { ModelServer, UsualPlace } from '@boocode/contracts/provider.ts';
import { describe, expect, it } from 'vitest';
import { modelCheckOf, serverName } from './start-checks-state.ts';

const DEMO: ModelServer = { id: 'demo', url: 'built in', status: 'ready', message: null, demo: true, checkedAt: null };
const server = (status: ModelServer['status']): ModelServer => ({ ...DEMO, id: 'home', url: 'http://127.0.0.1:8080/v1', status, demo: false });
const place = (status: UsualPlace['status']): UsualPlace => ({ name: 'Ollama', url: 'http://127.0.0.1:11434/v1', status });
const say = (servers: readonly ModelServer[], places: readonly UsualPlace[] = []) => {
  const { dot, words } = modelCheckOf({ items: [], servers: [DEMO, ...servers], places: [...places] });
  return [dot, words];
};

describe('modelCheckOf()', () => {
  it('never counts the demo as a server', () => {
    expect(say([], [place('absent')])).toEqual(['error', 'not found']);
  });

  it('looks until all have answered, and is done with the first that is ready', () => {
    expect(say([], [place('absent'), place('checking')])).toEqual(['queued', 'looking']);
    expect(say([server('checking')])).toEqual(['queued', 'looking']);
    expect(say([server('error')])).toEqual(['error', 'does not answer']);
    expect(say([server('ready')])).toEqual(['done', 'answers at http://127.0.0.1:8080/v1 with 0 models']);
  });
});

it('serverName() takes a free one', () => {
  expect([serverName([]), serverName(['home']), serverName(['home', 'home-2'])]).toEqual(['home', 'home-2', 'home-3']);
});
