import { resolve } from 'node:path';
import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { ProjectId } from '@boocode/contracts/ids.ts';
import { ImportAgent, type ImportList, type ImportSession } from '@boocode/contracts/import.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

export const importCommand: Command = {
  name: 'import',
  group: 'tasks',
  summary: 'Take a past session of claude, qwen, opencode or goose over as a chat, or list them',
  args: [{ name: 'AGENT:ID', summary: 'Which session, as the list says; without it, or with `ls`, they are listed', isOptional: true }],
  options: { project: { value: 'DIR', summary: 'The folder it was had in (default: the current one)' }, ...JSON_OPTION },
  notes: ["The agent's own storage is only read. The same session is taken over once: again, it is the same chat."],
  async run(context, given) {
    const wanted = given.args[0] ?? 'ls';
    const session = wanted === 'ls' ? null : parseSession(wanted);
    const { api } = await connect(context);
    const project = await api.createProject({ body: { path: resolve(context.cwd, given.text('project') ?? '.') } });
    if (session !== null) return takeOver(context, api, { projectId: project.id, session, isJson: given.has('json') });
    list(context, await api.listImports({ params: { id: project.id } }), given.has('json'));
    return EXIT.completed;
  },
};

function parseSession(typed: string): ImportSession {
  const [, name = '', externalId = ''] = /^([^:]*):(.*)$/s.exec(typed) ?? [];
  const agent = ImportAgent.safeParse(name).data;
  if (agent === undefined || externalId === '')
    throw usageError(
      `Cannot import "${typed}": a session is named as AGENT:ID, where AGENT is one of ${ImportAgent.options.join(', ')}; see \`boocode import ls\``,
    );
  return { agent, externalId };
}

async function takeOver(
  context: Context,
  api: ApiClient,
  { projectId, session, isJson }: { projectId: ProjectId; session: ImportSession; isJson: boolean },
): Promise<number> {
  const imported = await api.importSession({ params: { id: projectId }, body: session });
  if (isJson) context.out.write(jsonText(imported));
  else context.out.line(`It is chat ${shortId(imported.chatId)}: go on with \`boocode send ${shortId(imported.chatId)} "..."\``);
  return EXIT.completed;
}

function list(context: Context, { items, problems }: ImportList, isJson: boolean): void {
  const now = Date.now();
  printList(context, isJson, items, {
    columns: [{ title: 'SESSION' }, { title: 'PROMPTS', align: 'end' }, { title: 'AGE', align: 'end' }, { title: 'CHAT' }, { title: 'TITLE', flexible: true }],
    row: (item) => [
      `${item.agent}:${item.externalId}`,
      String(item.messages),
      formatAge(item.updatedAt, now),
      item.alreadyImported === null ? '' : shortId(item.alreadyImported),
      item.title,
    ],
    empty: 'No past sessions of claude, qwen, opencode or goose in this folder.',
  });
  for (const { agent, message } of problems) context.err.line(neutraliseLine(`${agent}: ${message}`));
}
