import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoModel, startDemoModel } from './demo-model.ts';

let model: DemoModel;

beforeAll(async () => {
  model = await startDemoModel({ keepAliveMs: 20 });
});

afterAll(() => model.close());

function tool(name: string, ...args: string[]): unknown {
  const properties = Object.fromEntries(args.map((arg) => [arg, { type: 'string' }]));
  return { type: 'function', function: { name, parameters: { type: 'object', properties, required: args } } };
}

const TOOLS = [tool('list', 'path'), tool('read', 'path'), tool('edit', 'path', 'oldText', 'newText')];

async function ask(messages: unknown[], extra: object = {}, signal?: AbortSignal): Promise<Response> {
  const body = JSON.stringify({ model: 'demo', stream: true, stream_options: { include_usage: true }, tools: TOOLS, messages, ...extra });
  return fetch(`${model.url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
    body,
    ...(signal ? { signal } : {}),
  });
}

interface Heard {
  text: string;
  reasoning: string;
  calls: { name: string; input: string }[];
  finish: string | null;
  usage: { prompt_tokens: number; completion_tokens: number } | null;
  chunks: number;
}

async function hear(response: Response): Promise<Heard> {
  const heard: Heard = { text: '', reasoning: '', calls: [], finish: null, usage: null, chunks: 0 };
  for (const line of (await response.text()).split('\n')) {
    if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
    const chunk = JSON.parse(line.slice(6));
    heard.chunks += 1;
    heard.usage = chunk.usage ?? heard.usage;
    const choice = chunk.choices[0];
    heard.text += choice?.delta.content ?? '';
    heard.reasoning += choice?.delta.reasoning_content ?? '';
    heard.finish = choice?.finish_reason ?? heard.finish;
    for (const call of choice?.delta.tool_calls ?? []) {
      heard.calls[call.index] ??= { name: call.function.name, input: '' };
      heard.calls[call.index]!.input += call.function.arguments;
    }
  }
  return heard;
}

const user = (content: string) => ({ role: 'user', content });
const called = (...ids: string[]) => ({
  role: 'assistant',
  content: null,
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'list', arguments: '{}' } })),
});
const result = (id: string, content: string) => ({ role: 'tool', tool_call_id: id, content });

describe('scripts', () => {
  const script = user('demo: think hm\ndemo: call list {"path": "."}\ndemo: and-call read {"path": "a"}\ndemo: say the end');

  it('the first answer goes up to the first calls', async () => {
    const heard = await hear(await ask([script]));
    expect(heard).toMatchObject({ reasoning: 'hm', text: '', finish: 'tool_calls' });
    expect(heard.calls).toEqual([
      { name: 'list', input: '{"path": "."}' },
      { name: 'read', input: '{"path": "a"}' },
    ]);
    expect(heard.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('the next answer follows from the calls made since, also after "continue"', async () => {
    const after = [script, called('a', 'b'), result('a', ''), result('b', '')];
    expect(await hear(await ask(after))).toMatchObject({ text: 'the end', calls: [], finish: 'stop' });
    expect(await hear(await ask([...after, user('Continue.')]))).toMatchObject({ text: 'the end' });
  });

  it('a prompt of its own starts anew', async () => {
    const heard = await hear(await ask([script, called('a', 'b'), result('a', ''), result('b', ''), user('Something else')]));
    expect(heard.calls).toEqual([{ name: 'list', input: '{"path":"."}' }]);
  });

  it('streams numbered tokens one by one, at the asked pace', async () => {
    const startedAt = performance.now();
    const heard = await hear(await ask([user('demo: stream 20 tokens at 100 per second')]));
    expect(heard.text).toBe(Array.from({ length: 20 }, (_, index) => `${index} `).join(''));
    expect(heard.chunks).toBe(1 + 20 + 1 + 1);
    expect(performance.now() - startedAt).toBeGreaterThan(180);
  });

  it('answers whole when no stream is asked for', async () => {
    const response = await ask([user('demo: say hi\ndemo: call list {}')], { stream: false });
    expect(await response.json()).toMatchObject({
      choices: [{ message: { content: 'hi', tool_calls: [{ function: { name: 'list', arguments: '{}' } }] }, finish_reason: 'tool_calls' }],
    });
  });

  it('gives a plain title when no tools are offered', async () => {
    const heard = await hear(await ask([{ role: 'system', content: 'Write a short title' }, user('demo: call list')], { tools: undefined }));
    expect(heard).toMatchObject({ text: 'Demo conversation', calls: [] });
  });
});

describe('faults', () => {
  it.each(['400', '401', '403', '404', '429', '500', '503'])('status %s', async (status) => {
    const response = await ask([user(`demo: fault ${status}`)]);
    expect(response.status).toBe(Number(status));
    expect(await response.json()).toHaveProperty('error.message');
  });

  it('cut ends the connection in the middle', async () => {
    const response = await ask([user('demo: say half\ndemo: fault cut')]);
    await expect(response.text()).rejects.toThrow();
  });

  it('a page instead of a stream', async () => {
    const response = await ask([user('demo: fault content-type')]);
    expect(response.headers.get('content-type')).toContain('text/html');
  });

  it('a stall sends comments only, and a client that leaves is noticed', async () => {
    const leaving = new AbortController();
    const arrived = model.nextRequest();
    const response = await ask([user('demo: say before\ndemo: hold')], {}, leaving.signal);
    const reader = response.body!.getReader();
    let text = '';
    while (!text.includes('keep-alive')) text += new TextDecoder().decode((await reader.read()).value);
    leaving.abort();
    const request = await arrived;
    await request.closed;
    expect(request).toMatchObject({ closedEarly: true, hasAuthorization: true });
    expect(JSON.stringify(request)).not.toContain('secret');
  });

  it('refuses a prompt that is longer than the context', async () => {
    await using small = await startDemoModel({ contextSize: 600 });
    const response = await fetch(`${small.url}/chat/completions`, { method: 'POST', body: JSON.stringify({ messages: [user('x'.repeat(4_000))] }) });
    expect(await response.json()).toMatchObject({ error: { type: 'exceed_context_size_error', n_ctx: 600 } });
  });
});

describe('without directives', () => {
  const listing = result('a', 'README.md\nsrc/\npackage.json\n');

  it('lists, reads the README, adds a true section, and says so', async () => {
    const prompt = user('Please improve something');
    const reading = await hear(await ask([prompt, called('a'), listing]));
    expect(reading.calls).toEqual([{ name: 'read', input: '{"path":"README.md"}' }]);
    const seen = [
      prompt,
      called('a'),
      listing,
      called('b'),
      result('b', '     1\t# Thing\n     2\t\n     3\tA thing.\n     4\t\n     5\t## License\n     6\tMIT'),
    ];
    const editing = await hear(await ask(seen));
    expect(JSON.parse(editing.calls[0]!.input)).toEqual({
      path: 'README.md',
      oldText: '## License',
      newText: '## Repository layout\n\n- `src/`\n- `package.json`\n\n## License',
    });
    const last = await hear(await ask([...seen, called('c'), result('c', 'Edited README.md')]));
    expect(last.calls).toEqual([]);
    expect(last.text).toContain('I added a section "Repository layout" to `README.md`');
  });

  it('works with the tools of other agents', async () => {
    const tools = [tool('developer__shell', 'command'), tool('str_replace_editor', 'file_path', 'old_str', 'new_str')];
    const system = { role: 'system', content: 'Current working directory: /work/thing' };
    const heard = await hear(await ask([system, user('Improve it')], { tools }));
    expect(heard.calls).toEqual([{ name: 'developer__shell', input: '{"command":"ls"}' }]);
    const reading = await hear(await ask([system, user('Improve it'), called('a'), listing], { tools }));
    expect(reading.calls).toEqual([{ name: 'developer__shell', input: `{"command":"cat '/work/thing/README.md'"}` }]);
  });
});

it('tells models, health and context size', async () => {
  const base = model.url.replace(/\/v1$/, '');
  expect(await (await fetch(`${model.url}/models`)).json()).toMatchObject({ data: [{ id: 'demo' }] });
  expect(await (await fetch(`${base}/health`)).json()).toEqual({ status: 'ok' });
  expect(await (await fetch(`${base}/props`)).json()).toMatchObject({ default_generation_settings: { n_ctx: 131_072 } });
});
