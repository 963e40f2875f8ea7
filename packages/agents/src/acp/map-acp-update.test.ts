import { describe, expect, it } from 'vitest';
import { AcpToolCall, AcpUpdate } from './acp-wire.ts';
import { shownPath } from '../agent-paths.ts';
import { addUsage, blockText, type KnownCall, mapToolCall, NO_USAGE } from './map-acp-update.ts';

const PLACE = { cwd: '/tree', at: 7, terminal: (id: string) => ({ text: `shown in ${id}\n`, exitCode: 3 }) };

/** Folds messages about one call; gives all events. */
function tell(...messages: object[]) {
  let known: KnownCall | null = null;
  return messages.flatMap((message) => {
    const folded: ReturnType<typeof mapToolCall> = mapToolCall(AcpToolCall.parse({ toolCallId: 'c', ...message }), known, PLACE);
    known = folded.known;
    return folded.events;
  });
}

describe('mapToolCall()', () => {
  it('makes a card of an update that nothing came before', () => {
    expect(tell({ status: 'failed', rawOutput: 'denied' })).toEqual([
      { type: 'tool', callId: 'c', at: 7, kind: 'other', title: 'Tool', status: 'failed', output: expect.objectContaining({ text: 'denied' }) },
    ]);
  });

  it('keeps the difference that only the request for leave has shown', () => {
    const events = tell(
      { title: 'write', kind: 'edit', status: 'pending', rawInput: {} },
      { status: 'pending', content: [{ type: 'diff', path: '/tree/a.txt', oldText: 'one\n', newText: 'two\n' }] },
      { status: 'completed', content: [{ type: 'content', content: { type: 'text', text: 'Wrote file.' } }] },
    );
    expect(events.at(-1)).toMatchObject({
      status: 'completed',
      output: { text: 'Wrote file.', diffs: [{ path: 'a.txt', patch: expect.stringContaining('-one\n+two'), additions: 1, deletions: 1 }] },
    });
  });

  it('shows live output once, and nothing for what is known already', () => {
    const text = (said: string) => ({ status: 'in_progress', content: [{ type: 'content', content: { type: 'text', text: said } }] });
    const live = tell({ title: 'x', status: 'in_progress' }, text('a'), text('a'), text('ab'), {}).flatMap((event) =>
      event.type === 'tool_output' ? [event.delta] : [],
    );
    expect(live).toEqual(['a', 'b']);
    expect(tell({ title: 'x', status: 'in_progress' }, {}, { title: 'x' })).toHaveLength(1);
  });

  it('takes what is said before it runs for no output, and a block of code for what it holds', () => {
    const text = (said: string) => [{ type: 'content', content: { type: 'text', text: said } }];
    const events = tell({ title: 'x', status: 'pending', content: text('Lists files') }, { status: 'completed', content: text('```console\na.txt\n```') });
    expect(events.filter(({ type }) => type === 'tool_output')).toEqual([]);
    expect(events.at(-1)).toMatchObject({ output: { text: 'a.txt' } });
  });

  it('ends with what the terminal has shown, and how its command ended', () => {
    const events = tell({ kind: 'execute', content: [{ type: 'terminal', terminalId: 't' }] }, { status: 'failed' });
    expect(events.at(-1)).toMatchObject({ output: { text: 'shown in t\n', exitCode: 3 } });
  });

  it.each([
    [{ stdout: 'out', stderr: 'err', exit_code: 4 }, 'outerr', 4],
    [{ output: 'o', metadata: { exit: 5 } }, 'o', 5],
    [{ type: 'shell_result', text: 't', output: 'hi', exitCode: 3 }, 'hi', 3],
    [{ error: 'refused' }, 'refused', null],
    [{ other: 1 }, '{"other":1}', null],
  ])('reads the raw output %j', (rawOutput, text, exitCode) => {
    expect(tell({ status: 'completed', rawOutput }).at(-1)).toMatchObject({ output: { text, exitCode } });
  });

  it('keeps of a long output beginning and end', () => {
    const [event] = tell({ status: 'completed', rawOutput: `begin${'x'.repeat(1_000_000)}end` });
    expect(event).toMatchObject({
      output: { bytes: 1_000_008, truncated: true, text: expect.stringMatching(/^beginx+\n\.\.\. \(1000008 bytes .*\.\.\.\nx+end$/) },
    });
  });
});

it('AcpUpdate forgives what is missing or of another type, and refuses kinds that it does not know', () => {
  expect(AcpUpdate.parse({ sessionUpdate: 'agent_message_chunk', content: 'text', messageId: 5 })).toEqual({
    sessionUpdate: 'agent_message_chunk',
    content: { type: 'text' },
    messageId: null,
    _meta: undefined,
  });
  expect(AcpUpdate.parse({ sessionUpdate: 'plan', entries: [{ content: 'a' }, { text: 'no' }, null] })).toMatchObject({
    entries: [{ content: 'a', status: 'pending' }],
  });
  expect(AcpUpdate.safeParse({ sessionUpdate: 'compaction_update' }).success).toBe(false);
});

it('addUsage() sums requests; the context is that of the last', () => {
  const one = addUsage(NO_USAGE, { inputTokens: 100, outputTokens: 5, cachedReadTokens: 0 });
  expect(addUsage(one, { inputTokens: 200, outputTokens: 7, cachedReadTokens: 90 })).toEqual({
    ...NO_USAGE,
    inputTokens: 300,
    outputTokens: 12,
    cachedTokens: 90,
    contextUsed: 207,
  });
});

it('shownPath() is the way from the worktree, where there is one', () => {
  expect(['/tree/a/b', '/tree', '/treeb/c', 'a', '/x'].map((path) => shownPath(path, '/tree'))).toEqual(['a/b', '/tree', '/treeb/c', 'a', '/x']);
});

it('blockText() names what is no text', () => {
  expect([{ type: 'image' }, { type: 'resource_link', name: 'a', uri: 'file:///a' }, { type: 'resource', resource: { text: 'x' } }].map(blockText)).toEqual([
    '(image)',
    '[a](file:///a)',
    'x',
  ]);
});
