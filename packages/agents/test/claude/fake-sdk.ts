import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import type { ClaudeQuery, ClaudeQueryOptions, ClaudeSdk } from '../../src/claude/claude-sdk.ts';
import { JsonLines } from '../../src/json-lines.ts';
import { ToolRequest } from '../../src/stream-json/map-permission.ts';
import type { SdkProcess } from '../../src/claude/sdk-process.ts';

const PROGRAM = fileURLToPath(new URL('../stream-json/scripted-stream-agent.ts', import.meta.url));

/** The shape of the Claude Agent SDK, around the scripted agent instead of Claude. What it was asked for is kept in `asked`. */
export const asked: ClaudeQueryOptions[] = [];

const Said = z.looseObject({ type: z.string() });
const Reply = z.looseObject({ response: z.looseObject({ request_id: z.string(), response: z.looseObject({}) }) });
const Asked = z.looseObject({ request_id: z.string(), request: ToolRequest });

export function query({ prompt, options }: Parameters<ClaudeSdk['query']>[0]): ClaudeQuery {
  asked.push(options);
  const args = [
    PROGRAM,
    ...(options.resume === undefined ? [] : ['--resume', options.resume]),
    ...(options.model === undefined ? [] : ['--model', options.model]),
  ];
  const signal = new AbortController().signal;
  const spawned = { command: process.execPath, args, cwd: options.cwd, env: options.env, signal };
  const child = options.spawnClaudeCodeProcess(spawned) as SdkProcess;
  const waiting = new Map<string, (answer: object) => void>();
  const failed = new Promise<never>((_resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code: number | null, killer: string | null) =>
      reject(new Error(killer === null ? `Claude Code process exited with code ${code}` : `terminated by ${killer}`)),
    );
  });
  failed.catch(() => {});
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message).replaceAll('\u2028', '\\u2028')}\n`);

  function control(request: object): Promise<object> {
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<object>();
    waiting.set(id, resolve);
    send({ type: 'control_request', request_id: id, request });
    return Promise.race([promise, failed]);
  }

  async function answer(message: object): Promise<void> {
    const { request_id: id, request } = Asked.parse(message);
    const context = { signal: new AbortController().signal, toolUseID: request.tool_use_id ?? '' };
    const response = await options
      .canUseTool(request.tool_name, request.input ?? {}, context)
      .catch((error: unknown) => ({ behavior: 'deny', message: String(error) }));
    send({ type: 'control_response', response: { subtype: 'success', request_id: id, response } });
  }

  async function* read() {
    void (async () => {
      for await (const message of prompt) send(message);
      child.stdin.end();
    })();
    for await (const message of messagesOf(child.stdout)) {
      if (message.type === 'control_response') {
        const { response } = Reply.parse(message);
        waiting.get(response.request_id)?.(response.response);
      } else if (message.type === 'control_request') void answer(message);
      else if (message.type !== 'control_cancel_request') {
        await options.sessionStore?.append({ projectKey: 'p', sessionId: String(message.session_id) }, [message]);
        yield message;
      }
    }
    await failed;
  }

  const initialized = control({ subtype: 'initialize' });
  initialized.catch(() => {});
  return Object.assign(read(), {
    interrupt: () => control({ subtype: 'interrupt' }),
    setPermissionMode: (mode: string) => control({ subtype: 'set_permission_mode', mode }),
    setModel: (model?: string) => control({ subtype: 'set_model', model }),
    initializationResult: () => initialized,
  });
}

/** Not by Node's reader of lines: it takes U+2028 for an end. */
async function* messagesOf(output: Readable) {
  const read: z.infer<typeof Said>[] = [];
  const lines = new JsonLines({ onObject: (value) => read.push(Said.parse(value)) });
  for await (const chunk of output) {
    lines.push(chunk);
    yield* read.splice(0);
  }
}
