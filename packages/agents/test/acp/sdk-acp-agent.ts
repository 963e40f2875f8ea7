/** An agent made with the protocol's own SDK, which validates all that it is sent. Its prompt is the name of what it shall do. */
import { Readable, Writable } from 'node:stream';
import * as acp from '@agentclientprotocol/sdk';

const { methods } = acp;
let cwd = '';

async function act(what: string, sessionId: string, client: acp.AgentContext): Promise<unknown> {
  switch (what) {
    case 'ask':
      return client.request(methods.client.session.requestPermission, {
        sessionId,
        toolCall: { toolCallId: 'c', title: 'ls', kind: 'execute', rawInput: { command: 'ls' } },
        options: [{ optionId: 'yes', name: 'Yes', kind: 'allow_once' }],
      });
    case 'write':
      return client.request(methods.client.fs.writeTextFile, { sessionId, path: `${cwd}/sdk.txt`, content: 'by the sdk\n' });
    case 'read':
      return client.request(methods.client.fs.readTextFile, { sessionId, path: `${cwd}/sdk.txt` });
    case 'run': {
      await using terminal = await client.createTerminal({ sessionId, command: 'echo', args: ['in a terminal'] });
      const exit = await terminal.waitForExit();
      return { ...exit, output: (await terminal.currentOutput()).output };
    }
    case 'form':
      return client.request(methods.client.elicitation.create, {
        sessionId,
        mode: 'form',
        message: 'Which?',
        requestedSchema: { type: 'object', properties: { which: { type: 'string', enum: ['a', 'b'] } } },
      });
    default:
      return what;
  }
}

acp
  .agent({ name: 'sdk' })
  .onRequest(methods.agent.initialize, () => ({ protocolVersion: acp.PROTOCOL_VERSION, agentCapabilities: {} }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    cwd = params.cwd;
    return {
      sessionId: 'sdk-1',
      modes: {
        currentModeId: 'a',
        availableModes: [
          { id: 'a', name: 'A' },
          { id: 'yolo', name: 'Y' },
        ],
      },
    };
  })
  .onRequest(methods.agent.session.setMode, () => ({}))
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const [block] = params.prompt;
    const result = await act(block?.type === 'text' ? block.text : '', params.sessionId, client);
    const content = { type: 'text', text: JSON.stringify(result) } as const;
    await client.notify(methods.client.session.update, { sessionId: params.sessionId, update: { sessionUpdate: 'agent_message_chunk', content } });
    return { stopReason: 'end_turn' };
  })
  .connect(acp.ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>));
