import { describe, expect, it } from 'vitest';
import { isAllowedReach, mapAnswer, mapPermission, mapQuestion } from './map-opencode-request.ts';
import { WirePermission, WireQuestion } from './opencode-wire.ts';

const ORIGIN = { cwd: '/w', callId: 'c', subAgent: null };

function permission(name: string, patterns: readonly string[], metadata: object = {}): WirePermission {
  return WirePermission.parse({ id: 'per_1', sessionID: 's', permission: name, patterns, metadata, tool: { callID: 'c' } });
}

describe('mapPermission()', () => {
  it('asks for the whole command, not for its pieces', () => {
    const asked = mapPermission(permission('bash', ['echo a', 'rm b'], { command: 'echo a; rm b' }), ORIGIN);
    expect(asked).toMatchObject({ kind: 'execute', subject: 'echo a; rm b', callId: 'c', paths: [] });
  });

  it('names the file of an edit from the worktree', () => {
    const asked = mapPermission(permission('edit', ['src/a.txt'], { filepath: '/w/src/a.txt', diff: '...' }), ORIGIN);
    expect(asked).toMatchObject({ kind: 'edit', subject: 'src/a.txt', paths: ['/w/src/a.txt'] });
    const several = mapPermission(permission('edit', ['a', 'b'], { filepath: 'a, b' }), ORIGIN);
    expect(several).toMatchObject({ kind: 'edit', subject: 'a\nb', paths: ['a', 'b'] });
  });

  it('knows tools that it has never heard of as such', () => {
    expect(mapPermission(permission('mcp_thing', ['*']), ORIGIN)).toMatchObject({ kind: 'other', title: 'Let the agent use "mcp_thing"?' });
  });
});

describe('isAllowedReach()', () => {
  it('allows what may be read anyway, and nothing beside it', () => {
    const may = (...patterns: string[]) => isAllowedReach(permission('external_directory', patterns), '/w', ['/docs']);
    expect([may('/docs/a/*'), may('/docs/*', '/w/x/*'), may('/home/me/.local/share/opencode/tool-output/*')]).toEqual([true, true, true]);
    expect([may('/etc/*'), may('/docs/*', '/etc/*'), may('/docs2/*'), may('/docs/../etc/*'), may()]).toEqual([false, false, false, false, false]);
    expect(isAllowedReach(permission('edit', ['/docs/a']), '/w', ['/docs'])).toBe(false);
  });
});

describe('mapQuestion() and mapAnswer()', () => {
  const [item] = WireQuestion.parse({
    id: 'que_1',
    sessionID: 's',
    questions: [{ question: 'Which?', header: 'Color', options: [{ label: 'Red', description: 'warm' }, { label: 'Blue' }] }],
  }).questions;
  if (item === undefined) throw new TypeError('unreachable');

  it('offers the answers', () => {
    const asked = mapQuestion(item, { ...ORIGIN, subAgent: 'look' });
    expect(asked).toMatchObject({ kind: 'question', title: 'Color', subject: 'Which?\nRed: warm', reason: 'A sub-agent asks: look' });
    expect(asked.options.map(({ label }) => label)).toEqual(['Red', 'Blue', 'No answer']);
  });

  it('understands a choice, words, both and neither', () => {
    const answer = (allowed: boolean, optionId: string | null, note: string | null) => mapAnswer(item, { allowed, optionId, note });
    expect(answer(true, 'answer-1', null)).toEqual(['Blue']);
    expect(answer(true, 'answer-0', 'but dark')).toEqual(['Red', 'but dark']);
    expect(answer(false, 'dismiss', 'green')).toEqual(['green']);
    expect(answer(false, 'dismiss', null)).toBe(null);
    expect(answer(true, 'answer-9', ' ')).toBe(null);
  });
});
