import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { parseArgs } from 'node:util';
import { acceptWebSocket, drained, textFrame } from '../web-socket.ts';

/**
 * The raw relay that BooCode is compared with: a prompt by HTTP, the model's stream to the WebSocket of its chat, one frame per token.
 * It keeps nothing, checks nothing and knows no ending but the stream's: what is faster than this is not a server.
 */
const { values } = parseArgs({ options: { model: { type: 'string' } } });
const modelUrl = `${values.model ?? ''}/chat/completions`;
const agent = new Agent({ keepAlive: true });
const sockets = new Map<string, Socket>();

const server = createServer((incoming, response) => void accept(incoming, response));
server.on('upgrade', (incoming, socket: Socket) => {
  acceptWebSocket(incoming, socket);
  sockets.set(chatOf(incoming), socket);
  socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(chatOf(incoming)));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}\n`);
});
process.once('SIGTERM', () => process.exit(0));

async function accept(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  incoming.setEncoding('utf8');
  let body = '';
  for await (const chunk of incoming) body += String(chunk);
  const { text } = parsePrompt(body);
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"ok":true}');
  const socket = sockets.get(chatOf(incoming));
  const asked = request(modelUrl, { method: 'POST', agent, headers: { 'content-type': 'application/json' } }, (answer) => void relay(answer, socket));
  asked.end(JSON.stringify({ model: 'demo', stream: true, messages: [{ role: 'user', content: text }] }));
}

async function relay(answer: IncomingMessage, socket: Socket | undefined): Promise<void> {
  let rest = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const delta = deltaOf(line);
      if (delta !== null && delta !== '') socket?.write(textFrame(JSON.stringify({ type: 'token', delta })));
    }
    if (socket !== undefined) await drained(socket);
  }
  socket?.write(textFrame('{"type":"ended"}'));
}

function deltaOf(line: string): string | null {
  if (!line.startsWith('data: {')) return null;
  return parseChunk(line.slice(6)).choices[0]?.delta.content ?? null;
}

/** Sent by the benchmark alone. */
function parsePrompt(json: string): { readonly text: string } {
  return JSON.parse(json) as { text: string };
}

/** Sent by the demo model alone. */
function parseChunk(json: string): { readonly choices: readonly { readonly delta: { readonly content?: string | null } }[] } {
  return JSON.parse(json) as { choices: { delta: { content?: string | null } }[] };
}

function chatOf(incoming: IncomingMessage): string {
  return (incoming.url ?? '').split('/').at(-1) ?? '';
}
