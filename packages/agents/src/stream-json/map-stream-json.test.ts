import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { mapStreamMessage, startConversation, startTurn, type StreamJsonState } from './map-stream-json.ts';
import { StreamMessage } from './stream-message.ts';

function read(messages: readonly object[], options: { state?: StreamJsonState; isUsageOfTurn?: boolean } = {}) {
  let state = options.state ?? startConversation(false);
  const events: AgentEvent[] = [];
  const endings: unknown[] = [];
  for (const message of messages) {
    const mapped = mapStreamMessage(state, StreamMessage.parse(message), { agent: 'Agent', at: 5, isUsageOfTurn: options.isUsageOfTurn ?? true });
    state = mapped.state;
    events.push(...mapped.events);
    if (mapped.ending !== null) endings.push(mapped.ending);
  }
  return { state, events, endings };
}

const event = (value: object) => ({ type: 'stream_event', parent_tool_use_id: null, event: value });
const delta = (text: string) => event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } });
const assistant = (content: unknown, more: object = {}) => ({ type: 'assistant', parent_tool_use_id: null, message: { id: 'm', content }, ...more });
const text = (words: string) => ({ type: 'text', text: words });
const success = (more: object = {}) => ({ type: 'result', subtype: 'success', is_error: false, result: 'x', ...more });
const textOf = (events: readonly AgentEvent[]) => events.map((each) => (each.type === 'text' ? each.delta : '')).join('');
const FAILED = expect.objectContaining({ outcome: 'failed' });

describe('mapStreamMessage() says a text once', () => {
  it('when it was streamed before it came as a whole', () => {
    const { events } = read([event({ type: 'message_start' }), delta('Hel'), delta('lo'), assistant([text('Hello')]), event({ type: 'content_block_stop' })]);
    expect(textOf(events)).toBe('Hello');
  });

  it('when several blocks were streamed before the message came', () => {
    const { events } = read([delta('one '), delta('two'), assistant([text('one ')]), assistant([text('two')])]);
    expect(textOf(events)).toBe('one two');
  });

  it('when only its beginning was streamed', () => {
    expect(textOf(read([delta('Hel'), assistant([text('Hello')])]).events)).toBe('Hello');
  });

  it('when nothing was streamed', () => {
    expect(textOf(read([assistant([text('one')]), assistant('two'), success()]).events)).toBe('onetwo');
  });

  it('when it only stands in the result', () => {
    expect(textOf(read([success({ result: 'the answer' })]).events)).toBe('the answer');
  });

  it('but two steps may say the same', () => {
    const step = [event({ type: 'message_start' }), delta('ok'), assistant([text('ok')])];
    expect(textOf(read([...step, ...step]).events)).toBe('okok');
  });
});

describe('mapStreamMessage() shows what tools do', () => {
  const call = { type: 'tool_use', id: 't1', name: 'Edit', input: { file_path: '/w/a.txt', old_string: 'a', new_string: 'b' } };
  const patch = [{ oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-a', '+b'] }];
  const result = (content: unknown, more: object = {}) => ({
    type: 'user',
    parent_tool_use_id: null,
    message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content }] },
    ...more,
  });

  it('from the first word of it to its change', () => {
    const { events } = read([
      event({ type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't1', name: 'Edit', input: {} } }),
      assistant([call]),
      result([{ type: 'text', text: '\u001B[32mchanged\u001B[0m' }], { tool_use_result: { filePath: '/w/a.txt', structuredPatch: patch } }),
    ]);
    expect(events).toMatchObject([
      { type: 'tool', callId: 't1', at: 5, step: 0, name: 'Edit', kind: 'edit', status: 'pending' },
      { type: 'tool', callId: 't1', title: 'Edit: /w/a.txt', input: call.input, status: 'running' },
      { type: 'tool', callId: 't1', status: 'completed', output: { text: 'changed', diffs: [{ path: '/w/a.txt', additions: 1, deletions: 1 }] } },
    ]);
  });

  it('counts a step for each answer to results', () => {
    const { events } = read([assistant([call]), result('ok'), assistant([{ ...call, id: 't2' }])]);
    expect(events.flatMap((each) => (each.type === 'tool' && each.step !== undefined ? [each.step] : []))).toEqual([0, 1]);
  });

  it('of a sub-agent too, but not what that says', () => {
    const nested = { parent_tool_use_id: 't0' };
    const { events } = read([assistant([text('inner'), call], nested), { ...delta('inner'), ...nested }, { ...result('ok'), ...nested }]);
    expect(events).toMatchObject([
      { type: 'tool', callId: 't1', status: 'running' },
      { type: 'tool', callId: 't1', status: 'completed' },
    ]);
  });

  it('and its plan, whole or entry by entry', () => {
    const todo = { type: 'tool_use', id: 't2', name: 'TodoWrite', input: { todos: [{ content: 'one', status: 'in_progress' }] } };
    expect(read([assistant([todo])]).events.at(-1)).toEqual({ type: 'plan', entries: [{ text: 'one', status: 'in_progress' }] });
    const create = { type: 'tool_use', id: 't1', name: 'TaskCreate', input: { subject: 'two' } };
    const update = { type: 'tool_use', id: 't3', name: 'TaskUpdate', input: { taskId: '7', status: 'completed' } };
    const { events } = read([assistant([create]), result('ok', { tool_use_result: { task: { id: '7', subject: 'two' } } }), assistant([update])]);
    expect(events.filter(({ type }) => type === 'plan')).toEqual([
      { type: 'plan', entries: [{ text: 'two', status: 'pending' }] },
      { type: 'plan', entries: [{ text: 'two', status: 'completed' }] },
    ]);
  });
});

describe('mapStreamMessage() counts', () => {
  const usageOf = (events: readonly AgentEvent[]) => events.flatMap((each) => (each.type === 'usage' ? [each.usage] : [])).at(-1);

  it('the tokens of every step while the turn runs', () => {
    const step = (input: number, output: number) => [
      event({ type: 'message_start', message: { content: [], usage: { input_tokens: input, output_tokens: 1 } } }),
      event({ type: 'message_delta', usage: { output_tokens: output } }),
    ];
    expect(usageOf(read([...step(100, 10), ...step(120, 5)]).events)).toMatchObject({ inputTokens: 220, outputTokens: 15, contextUsed: 125, cost: null });
  });

  it('the usage of a result where it is that of its turn, and not where it is that of the conversation', () => {
    const messages = [
      assistant([text('a')], { message: { content: [text('a')], usage: { input_tokens: 10, output_tokens: 2 } } }),
      success({ usage: { input_tokens: 30, output_tokens: 4 } }),
    ];
    expect(usageOf(read(messages).events)).toMatchObject({ inputTokens: 30, outputTokens: 4 });
    expect(usageOf(read(messages, { isUsageOfTurn: false }).events)).toMatchObject({ inputTokens: 10, outputTokens: 2 });
  });

  it('the cost of a turn, which agents give as that of the conversation', () => {
    const first = read([success({ total_cost_usd: 0.25 })]);
    expect(usageOf(first.events)?.cost).toBe(0.25);
    const second = read([success({ total_cost_usd: 1 })], { state: startTurn(first.state) });
    expect(usageOf(second.events)?.cost).toBe(0.75);
  });

  it('no cost for the first turn of a resumed conversation: it has cost an unknown sum before', () => {
    const first = read([success({ total_cost_usd: 3, usage: { input_tokens: 1, output_tokens: 1 } })], { state: startConversation(true) });
    expect(usageOf(first.events)?.cost).toBe(null);
    expect(usageOf(read([success({ total_cost_usd: 3.5 })], { state: startTurn(first.state) }).events)?.cost).toBe(0.5);
  });

  it('the size of the context', () => {
    expect(usageOf(read([success({ usage: { input_tokens: 1, output_tokens: 1 }, modelUsage: { m: { contextWindow: 200_000 } } })]).events)?.contextSize).toBe(
      200_000,
    );
  });
});

describe('mapStreamMessage() ends', () => {
  it.each<[string, object[], string]>([
    ['an error that is called a success', [success({ result: 'API Error: 400 no', usage: { input_tokens: 0, output_tokens: 0 } })], 'model_bad_request'],
    ['an error with its status', [success({ is_error: true, api_error_status: 404, result: 'no such model' })], 'model_not_found'],
    ['a refusal in place of an answer', [assistant([text('API Error: 500 broken')], { is_api_error_message: true }), success()], 'model_server_error'],
    [
      'an error in its own field',
      [{ type: 'result', subtype: 'error_during_execution', is_error: true, error: { message: '[API Error: 429 busy]' } }],
      'model_rate_limited',
    ],
    [
      'a list of errors',
      [{ type: 'result', subtype: 'error_during_execution', is_error: true, errors: ['connect ECONNREFUSED 127.0.0.1:1'] }],
      'model_unreachable',
    ],
    ['a cut connection', [success({ is_error: true, result: 'API Error: Connection closed mid-response' })], 'model_cut_off'],
    ['a prompt that is too long', [success({ is_error: true, api_error_status: 400, result: 'Prompt is too long' })], 'context_too_long'],
    ['a missing key', [success({ is_error: true, result: 'Invalid API key · Please run /login' })], 'model_unauthorized'],
    ['a spent budget', [{ type: 'result', subtype: 'error_max_budget_usd' }], 'model_rate_limited'],
  ])('as failed: %s', (_name, messages, code) => {
    const { endings, events } = read(messages);
    expect(endings).toEqual([FAILED]);
    expect(endings).toMatchObject([{ failure: { code } }]);
    expect(textOf(events)).toBe('');
  });

  it('as completed when an answer only speaks of errors', () => {
    const answer = assistant([text('API Error: 400 means that')], {
      message: { content: [text('API Error: 400 means that')], usage: { input_tokens: 9, output_tokens: 9 } },
    });
    expect(read([answer, success({ result: 'API Error: 400 means that' })]).endings).toMatchObject([{ outcome: 'completed' }]);
  });

  it('with a limit that a person can lift', () => {
    const { events, endings } = read([{ type: 'result', subtype: 'error_max_turns', is_error: true, num_turns: 10 }]);
    expect(events).toContainEqual({ type: 'limit_reached', limit: 'steps', value: 10 });
    expect(endings).toMatchObject([{ outcome: 'completed' }]);
  });
});

it('mapStreamMessage() tells that the agent tries again', () => {
  const { events } = read([{ type: 'system', subtype: 'api_retry', attempt: 2, max_retries: 10, error_status: 503 }]);
  expect(events).toMatchObject([{ type: 'activity', activity: { detail: expect.stringMatching(/503.*attempt 2 of 10/) } }]);
});
