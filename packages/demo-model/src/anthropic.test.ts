import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoModel, startDemoModel } from './demo-model.ts';

let model: DemoModel;

beforeAll(async () => {
  model = await startDemoModel({ keepAliveMs: 20 });
});

afterAll(() => model.close());

const TOOLS = [{ name: 'Read', description: 'Reads', input_schema: { type: 'object', properties: { file_path: { type: 'string' } } } }];

async function ask(messages: unknown[], extra: object = {}, path = '/messages?beta=true', signal?: AbortSignal): Promise<Response> {
  return fetch(`${model.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': 'secret', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'm', max_tokens: 100, stream: true, tools: TOOLS, messages, ...extra }),
    ...(signal ? { signal } : {}),
  });
}

interface Event {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: Record<string, unknown>;
  readonly delta?: { readonly text?: string; readonly partial_json?: string; readonly [field: string]: unknown };
  readonly message?: Record<string, unknown>;
  readonly usage?: Record<string, unknown>;
  readonly error?: Record<string, unknown>;
}

async function hear(response: Response): Promise<Event[]> {
  return (await response.text()).split('\n\n').flatMap((event) => {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(event) ?? [];
    if (data === undefined) return [];
    const parsed: Event = JSON.parse(data);
    expect(parsed.type).toBe(name);
    return [parsed];
  });
}

const user = (content: unknown) => ({ role: 'user', content });
const script = user([
  { type: 'text', text: '<system-reminder>\ndemo: say not this\n</system-reminder>' },
  { type: 'text', text: 'demo: think hm\ndemo: say I look.\ndemo: call Read {"file_path": "/a"}\ndemo: say the end' },
]);
const called = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Read', input: {} }] };
const answered = user([
  { type: 'tool_result', tool_use_id: 'toolu_1', content: [{ type: 'text', text: 'x' }] },
  { type: 'text', text: '<system-reminder>Be good.</system-reminder>' },
]);

describe('messages', () => {
  it('streams thinking, text and a call as blocks', async () => {
    const events = await hear(await ask([script]));
    expect(events.map(({ type, index, content_block: block, delta }) => [type, index, block?.type ?? delta?.type ?? delta?.stop_reason])).toEqual([
      ['message_start', undefined, undefined],
      ['content_block_start', 0, 'thinking'],
      ['content_block_delta', 0, 'thinking_delta'],
      ['content_block_delta', 0, 'signature_delta'],
      ['content_block_stop', 0, undefined],
      ['content_block_start', 1, 'text'],
      ['content_block_delta', 1, 'text_delta'],
      ['content_block_delta', 1, 'text_delta'],
      ['content_block_stop', 1, undefined],
      ['content_block_start', 2, 'tool_use'],
      ['content_block_delta', 2, 'input_json_delta'],
      ['content_block_delta', 2, 'input_json_delta'],
      ['content_block_stop', 2, undefined],
      ['message_delta', undefined, 'tool_use'],
      ['message_stop', undefined, undefined],
    ]);
    expect(events.map(({ delta }) => delta?.partial_json ?? '').join('')).toBe('{"file_path": "/a"}');
    expect(events.map(({ delta }) => delta?.text ?? '').join('')).toBe('I look.');
  });

  it('goes on with the script after the result of the call', async () => {
    const events = await hear(await ask([script, called, answered]));
    expect(events.map(({ delta }) => delta?.text ?? '').join('')).toBe('the end');
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } });
  });

  it('answers whole when no stream is asked for', async () => {
    const whole = await ask([script], { stream: false });
    expect(await whole.json()).toMatchObject({
      type: 'message',
      role: 'assistant',
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', name: 'Read', input: { file_path: '/a' } },
      ],
    });
  });

  it('counts tokens', async () => {
    const response = await ask([script], {}, '/messages/count_tokens');
    expect(await response.json()).toEqual({ input_tokens: expect.any(Number) });
    expect(model.requests.at(-1)).toMatchObject({ path: '/v1/messages/count_tokens', hasAuthorization: true });
    expect(JSON.stringify(model.requests)).not.toContain('secret');
  });

  it('notices a client that leaves a stream which only pings', async () => {
    const leaving = new AbortController();
    const arrived = model.nextRequest();
    const response = await ask([user('demo: say before\ndemo: hold')], {}, '/messages', leaving.signal);
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('event: ping')) text += new TextDecoder().decode((await reader.read()).value);
    leaving.abort();
    const request = await arrived;
    await request.closed;
    expect(request).toMatchObject({ path: '/v1/messages', closedEarly: true });
  });
});

describe('faults', () => {
  it.each([
    ['400', 'invalid_request_error'],
    ['401', 'authentication_error'],
    ['404', 'not_found_error'],
    ['429', 'rate_limit_error'],
    ['500', 'api_error'],
  ])('status %s', async (status, type) => {
    const response = await ask([user(`demo: fault ${status}`)]);
    expect(response.status).toBe(Number(status));
    expect(await response.json()).toEqual({ type: 'error', error: { type, message: expect.any(String) } });
  });

  it('inside the stream', async () => {
    const events = await hear(await ask([user('demo: say half\ndemo: fault 500')]));
    expect(events.at(-1)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });

  it('a prompt that is too long', async () => {
    await using small = await startDemoModel({ contextSize: 100 });
    const response = await fetch(`${small.url}/messages`, { method: 'POST', body: JSON.stringify({ messages: [user('x'.repeat(4_000))] }) });
    expect(await response.json()).toMatchObject({ error: { message: expect.stringMatching(/^prompt is too long: \d+ tokens > 100 maximum$/) } });
  });

  it('a request that is none', async () => {
    const response = await ask([{ role: 'user' }]);
    expect(await response.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
  });
});
