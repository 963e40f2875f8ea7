import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { Permission, PermissionOption } from '@boocode/contracts/permission.ts';
import { type Command, type Given, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolvePermission, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { findOption, formatOptions, namedOption } from '../turn/permission-text.ts';

const ID = { name: 'ID', summary: 'The question, or a task with just one' } as const;
const NOTE = { value: 'TEXT', summary: 'What the agent is told with it' } as const;

export const permitAllow: Command = {
  name: 'permit allow',
  group: 'tasks',
  summary: 'Allow what an agent asks for',
  args: [ID],
  options: { always: { summary: 'From now on in this project, without asking (see `boocode permit rules`)' }, note: NOTE, ...JSON_OPTION },
  run: (context, given) => answer(context, given, (permission) => optionToAllow(permission, given.has('always'))),
};

export const permitDeny: Command = {
  name: 'permit deny',
  group: 'tasks',
  summary: 'Refuse what an agent asks for',
  args: [ID],
  options: { always: { summary: 'Also for the same question later, where the agent offers that' }, note: NOTE, ...JSON_OPTION },
  run: (context, given) =>
    answer(context, given, ({ options }) => findOption(options, given.has('always') ? ['reject_always'] : ['reject_once', 'reject_always'])),
};

export const permitAnswer: Command = {
  name: 'permit answer',
  group: 'tasks',
  summary: 'Answer a question of an agent with one of its answers',
  args: [ID, { name: 'OPTION', summary: 'Its number or its words, as `boocode permit` lists them' }],
  options: { note: { value: 'TEXT', summary: 'An answer in your own words, or what is said with it' }, ...JSON_OPTION },
  run: (context, given) => answer(context, given, ({ options }) => namedOption(options, given.arg(1))),
};

async function answer(context: Context, given: Given, choose: (permission: Permission) => PermissionOption | null): Promise<number> {
  const { api } = await connect(context);
  const asked = await getPermission(api, given.arg(0));
  const option = choose(asked);
  if (option === null) throw usageError(`Cannot answer the question that way: it offers ${formatOptions(asked.options)}; ${wayOn(asked)}`);
  const note = given.text('note');
  const permission = await api.answerPermission({ params: { id: asked.id }, body: { optionId: option.id, ...(note === null ? {} : { note }) } });
  if (given.has('json')) context.out.write(jsonText(permission));
  else context.out.line(`${verdict(permission, option)}: ${neutraliseLine(permission.title)} (task ${shortId(permission.taskId)})`);
  return EXIT.completed;
}

async function getPermission(api: ApiClient, typed: string): Promise<Permission> {
  const id = await resolvePermission(api, typed);
  const { items } = await api.listPermissions({ query: { state: 'all', limit: 500 } });
  const permission = items.find((one) => one.id === id);
  if (permission === undefined) throw usageError(`Cannot find question "${typed}": it is no longer kept; see \`boocode permit\``);
  return permission;
}

/** Several answers are a choice that "allow" does not make. */
function optionToAllow({ kind, options }: Permission, isAlways: boolean): PermissionOption | null {
  if (isAlways) return findOption(options, ['allow_always']);
  const isChoice = kind === 'question' && options.filter((option) => option.kind === 'allow_once').length > 1;
  return isChoice ? null : findOption(options, ['allow_once', 'allow_always']);
}

function wayOn({ id, kind }: Permission): string {
  return kind === 'question' ? `use \`boocode permit answer ${shortId(id)} NUMBER\`` : 'leave --always out';
}

function verdict({ kind, state }: Permission, option: PermissionOption): string {
  if (kind === 'question') return `Answered "${neutraliseLine(option.label)}"`;
  if (option.kind === 'allow_always') return 'Always allowed';
  return state === 'allowed' ? 'Allowed' : 'Denied';
}
