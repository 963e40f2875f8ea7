import { randomUUID } from 'node:crypto';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { connect } from '../connection/connect.ts';
import { resolveChat } from '../connection/resolve-id.ts';
import { checkAgent, TURN_OPTIONS, turnChoice } from '../turn/turn-options.ts';
import { watchTurn } from '../turn/watch-turn.ts';

export const send: Command = {
  name: 'send',
  group: 'tasks',
  summary: 'Send another prompt to a chat; it waits while a turn runs',
  args: [
    { name: 'ID', summary: 'A chat, or a task or session of it' },
    { name: 'TEXT', summary: 'The prompt, in quotes' },
  ],
  options: {
    ...TURN_OPTIONS,
    detach: { summary: 'Do not wait for the end' },
    ...JSON_OPTION,
  },
  async run(context, given) {
    const connection = await connect(context);
    const id = await resolveChat(connection.api, given.arg(0));
    await checkAgent(connection.api, given);
    const { taskId } = await connection.api.sendMessage({ params: { id }, body: { text: given.arg(1), idempotencyKey: randomUUID(), ...turnChoice(given) } });
    const task = await connection.api.getTask({ params: { id: taskId } });
    return watchTurn(context, connection, task, { json: given.has('json'), detach: given.has('detach') });
  },
};
