import type { Permission, PermissionOption } from '@boocode/contracts/permission.ts';
import { type Command, type Given, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolvePermission, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { findOption } from '../turn/permission-text.ts';

const ID = { name: 'ID', summary: 'The question, or a task with just one' } as const;
const ALWAYS = { summary: 'Also for the same question later' } as const;

export const permitAllow: Command = {
  name: 'permit allow',
  group: 'tasks',
  summary: 'Allow what an agent asks for',
  args: [ID],
  options: { always: ALWAYS, ...JSON_OPTION },
  run: (context, given) => answer(context, given, given.has('always') ? ['allow_always'] : ['allow_once', 'allow_always'], null),
};

export const permitDeny: Command = {
  name: 'permit deny',
  group: 'tasks',
  summary: 'Refuse what an agent asks for',
  args: [ID],
  options: { always: ALWAYS, note: { value: 'TEXT', summary: 'What the agent is told with it' }, ...JSON_OPTION },
  run: (context, given) => answer(context, given, given.has('always') ? ['reject_always'] : ['reject_once', 'reject_always'], given.text('note')),
};

async function answer(context: Context, given: Given, kinds: readonly PermissionOption['kind'][], note: string | null): Promise<number> {
  const { api } = await connect(context);
  const id = await resolvePermission(api, given.arg(0));
  const { items } = await api.listPermissions({ query: { state: 'all' } });
  const option = optionOf(items.find((permission) => permission.id === id) ?? null, kinds);
  const permission = await api.answerPermission({ params: { id }, body: { optionId: option.id, ...(note === null ? {} : { note }) } });
  if (given.has('json')) context.out.write(jsonText(permission));
  else context.out.line(`${permission.state === 'allowed' ? 'Allowed' : 'Denied'}: ${permission.title} (task ${shortId(permission.taskId)})`);
  return EXIT.completed;
}

function optionOf(permission: Permission | null, kinds: readonly PermissionOption['kind'][]): PermissionOption {
  const option = findOption(permission?.options ?? [], kinds);
  if (option === null)
    throw usageError(
      `Cannot answer the question that way: it offers ${permission?.options.map((one) => `"${one.label}"`).join(', ') ?? 'nothing'}; leave --always out`,
    );
  return option;
}
