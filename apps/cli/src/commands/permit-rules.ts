import type { PermissionRule } from '@boocode/contracts/permission.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT, usageError } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { findProject } from '../connection/find-project.ts';
import { shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge } from '../terminal/quantity.ts';

const MOST = 500;

export const permitRules: Command = {
  name: 'permit rules',
  group: 'tasks',
  summary: 'List what is always allowed, by project',
  args: [],
  options: { project: { value: 'DIR', summary: 'Only rules of this folder' }, ...JSON_OPTION },
  notes: ['A rule holds for one agent, in one project, for exactly this. `boocode permit rules rm ID` takes one back.'],
  async run(context, given) {
    const { api } = await connect(context);
    const folder = given.text('project');
    const project = folder === null ? null : await findProject(api, context.cwd, folder);
    const { items } = await api.listPermissionRules({ query: { limit: MOST, ...(project === null ? {} : { project: project.id }) } });
    const names = new Map((await api.listProjects({ query: { limit: MOST } })).items.map(({ id, name }) => [id, name]));
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [
        { title: 'ID' },
        { title: 'PROJECT' },
        { title: 'AGENT' },
        { title: 'KIND' },
        { title: 'AGE', align: 'end' },
        { title: 'WHAT', flexible: true },
      ],
      row: (rule) => [shortId(rule.id), names.get(rule.projectId) ?? '', rule.agent, rule.kind, formatAge(rule.createdAt, now), rule.subject],
      empty: 'Nothing is always allowed. `boocode permit allow ID --always` adds a rule.',
    });
    return EXIT.completed;
  },
};

export const permitRulesRm: Command = {
  name: 'permit rules rm',
  group: 'tasks',
  summary: 'Take back what is always allowed: the agent asks again',
  args: [{ name: 'ID', summary: 'The rule' }],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const rule = findRule((await api.listPermissionRules({ query: { limit: MOST } })).items, given.arg(0));
    await api.deletePermissionRule({ params: { id: rule.id } });
    if (given.has('json')) context.out.write(jsonText(rule));
    else context.out.line(`Removed: ${rule.agent} asks again before ${neutraliseLine(rule.subject)}`);
    return EXIT.completed;
  },
};

/** The rule whose id begins with what was typed. @throws ExitError (2) when none does, or several do. */
function findRule(rules: readonly PermissionRule[], typed: string): PermissionRule {
  const [only, ...others] = rules.filter(({ id }) => id.startsWith(typed.toLowerCase()));
  if (only === undefined) throw usageError(`Cannot find the rule "${typed}": no id of one begins with it; see \`boocode permit rules\``);
  if (others.length > 0) throw usageError(`Cannot tell which rule "${typed}" means: ${[only, ...others].map(({ id }) => id).join(', ')}; type more of it`);
  return only;
}
