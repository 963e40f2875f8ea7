import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DemoModel, startDemoModel } from '@boocode/demo-model/demo-model.ts';
import type { Failure } from '@boocode/contracts/error-code.ts';
import { runPrompt } from '../../test/run-prompt.ts';

let model: DemoModel;

beforeAll(async () => {
  model = await startDemoModel({ keepAliveMs: 20 });
});

afterAll(() => model.close());

async function failureOf(baseUrl: string, text = 'hello', limits = {}): Promise<Failure | null> {
  const { state } = await runPrompt({ text, target: { baseUrl, modelName: 'qwen' }, limits });
  return state.failure;
}

async function withServer(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('every fault of a model server has a code and a sentence with address, model, cause and next step', () => {
  it.each([
    ['fault 400', 'model_bad_request', 'it refused the request (status 400): "The demo model was asked to refuse this request"; choose another model'],
    ['fault 401', 'model_unauthorized', 'it refused the key (status 401): "Invalid API Key"; correct the server\'s key'],
    ['fault 403', 'model_unauthorized', 'it refused the key (status 403)'],
    ['fault 404', 'model_not_found', 'it does not know this model or path (status 404): "model "qwen" not found"; choose a model it offers'],
    ['fault 429', 'model_rate_limited', 'it is busy (status 429): "Too many requests"; wait'],
    ['fault 500', 'model_server_error', 'it failed (status 500): "The demo model was asked to fail"; see the server\'s log'],
    ['fault malformed', 'model_bad_response', 'it sent a malformed chunk; check that the server speaks the OpenAI chat protocol'],
    ['fault cut', 'model_cut_off', 'it closed the connection before the answer was complete'],
    ['fault reset', 'model_cut_off', 'it closed the connection before the answer was complete'],
    ['fault empty', 'model_empty_answer', 'the answer was empty; retry'],
    ['think hm', 'model_empty_answer', 'it reasoned, but gave no answer; retry'],
    ['fault content-type', 'model_bad_response', 'it answered with a web page where a stream of events was expected; check that the address'],
    ['fault context', 'context_too_long', 'the prompt is longer than its context'],
    ['fault error-chunk', 'model_server_error', 'it stopped with an error: "The demo model was asked to fail"'],
  ])('%s', async (directive, code, sentence) => {
    const failure = await failureOf(model.url, `demo: ${directive}`);
    expect(failure?.code).toBe(code);
    expect(failure?.message).toContain(`Cannot get an answer from "qwen" at ${model.url}: ${sentence}`);
  });

  it('refused', async () => {
    const closed = await startDemoModel();
    await closed.close();
    expect(await failureOf(closed.url)).toEqual({
      code: 'model_unreachable',
      message: `Cannot get an answer from "qwen" at ${closed.url}: nothing listens there; start the model server, or correct its address in the settings`,
    });
  });

  it('unknown name', async () => {
    const failure = await failureOf('http://no-such-host.invalid:8080/v1');
    expect(failure?.code).toBe('model_unreachable');
    expect(failure?.message).toContain('the name "no-such-host.invalid" is not known');
  });

  it('no TLS where https is asked for', async () => {
    const failure = await failureOf(model.url.replace('http:', 'https:'));
    expect(failure?.code).toBe('model_unreachable');
    expect(failure?.message).toMatch(/no secure connection could be made \(\w+\); check its certificate/);
  });

  it('something that does not speak HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const failure = await failureOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
    server.close();
    expect(failure).toMatchObject({ code: 'model_bad_response', message: expect.stringContaining('does not speak HTTP; correct the address') });
  });

  it('a stream that ends without a finish', async () => {
    const chunk = { id: '1', choices: [{ index: 0, delta: { content: 'half' } }] };
    await withServer(
      (_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${JSON.stringify(chunk)}\n\n`),
      async (url) =>
        expect(await failureOf(url)).toMatchObject({
          code: 'model_cut_off',
          message: expect.stringContaining('the stream ended before the answer was complete'),
        }),
    );
  });

  it('a redirect', async () => {
    await withServer(
      (_request, response) => response.writeHead(301, { location: 'https://elsewhere.example/' }).end(),
      async (url) =>
        expect(await failureOf(url)).toMatchObject({
          code: 'model_bad_response',
          message: expect.stringContaining('it sends requests elsewhere (status 301)'),
        }),
    );
  });

  it('an answer without content', async () => {
    await withServer(
      (_request, response) => response.writeHead(204).end(),
      async (url) => expect(await failureOf(url)).toMatchObject({ code: 'model_bad_response' }),
    );
  });

  it("a context refusal in another server's words is taken for what it is", async () => {
    const body = {
      error: { message: "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens.", type: 'BadRequestError', code: 400 },
    };
    await withServer(
      (_request, response) => response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      async (url) => expect(await failureOf(url)).toMatchObject({ code: 'context_too_long' }),
    );
  });

  it('an error page of a proxy', async () => {
    await withServer(
      (_request, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html><h1>Bad gateway</h1></html>'),
      async (url) => expect((await failureOf(url))?.message).toContain('it failed (status 502); see'),
    );
  });

  it('silence before the first token, in spite of keep-alive comments', async () => {
    const arrived = model.nextRequest();
    const failure = await failureOf(model.url, 'demo: hold', { stallBeforeFirstTokenMs: 150 });
    expect(failure).toMatchObject({ code: 'model_stalled', message: expect.stringContaining('it sent nothing for 0.15 s; see whether it still works') });
    const request = await arrived;
    await request.closed;
    expect(request.closedEarly).toBe(true);
  });

  it('no answer at all', async () => {
    expect(await failureOf(model.url, 'demo: hang', { stallBeforeFirstTokenMs: 150 })).toMatchObject({ code: 'model_stalled' });
  });

  it('silence between tokens keeps what was said', async () => {
    const { state } = await runPrompt({ text: 'demo: stall after 3 tokens', target: { baseUrl: model.url }, limits: { stallBetweenTokensMs: 150 } });
    expect(state).toMatchObject({ status: 'failed', failure: { code: 'model_stalled' }, parts: [{ type: 'text', text: '0 1 2 ' }] });
  });

  it('a pause shorter than the limit is no stall', async () => {
    const { state } = await runPrompt({
      text: 'demo: stall after 3 tokens 120\ndemo: say on',
      target: { baseUrl: model.url },
      limits: { stallBetweenTokensMs: 2_000 },
    });
    expect(state).toMatchObject({ status: 'completed', parts: [{ text: '0 1 2 on' }] });
  });
});
