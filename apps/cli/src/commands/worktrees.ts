import type { WorktreeItem } from '@boocode/contracts/worktree.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { resolveWorktree, shortId } from '../connection/resolve-id.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutraliseLine } from '../terminal/neutralise.ts';
import { printList } from '../terminal/print-list.ts';
import { formatAge, formatBytes, formatDuration, formatPlural } from '../terminal/quantity.ts';
import { describeRisk } from '../worktrees/describe-risk.ts';

const ID = { name: 'ID', summary: 'The worktree, or its session' } as const;

export const worktreesLs: Command = {
  name: 'worktrees ls',
  alias: 'worktrees',
  group: 'changes',
  summary: 'List worktrees, with those in the trash',
  args: [],
  options: { ...JSON_OPTION },
  notes: ['What the reaper would do with each of them, and why: `boocode doctor --worktrees`.'],
  async run(context, given) {
    const { api } = await connect(context);
    const { items } = await api.listWorktrees();
    const now = Date.now();
    printList(context, given.has('json'), items, {
      columns: [
        { title: 'ID' },
        { title: 'STATE' },
        { title: 'PROJECT' },
        { title: 'BRANCH' },
        { title: 'USED', align: 'end' },
        { title: 'DISK', align: 'end' },
        { title: 'SESSION', flexible: true },
      ],
      row: (item) => [
        shortId(item.id),
        stateOf(item, now),
        item.projectName,
        item.branch,
        formatAge(item.usedAt, now),
        item.disk === null ? '' : formatBytes(item.disk.bytes),
        item.problem ?? (item.sessionId === null ? `${item.sessionTitle ?? 'no session'} (deleted)` : (item.sessionTitle ?? '')),
      ],
      empty: 'No worktrees. A session gets one with its first turn that may write.',
    });
    if (!given.has('json') && items.length > 0) context.err.line(totals(items));
    return EXIT.completed;
  },
};

export const worktreesRm: Command = {
  name: 'worktrees rm',
  group: 'changes',
  summary: 'Move a worktree to the trash; `boocode worktrees restore` brings it back',
  args: [ID],
  options: { force: { summary: 'Also when work would go with it, or its teardown script fails' }, ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveWorktree(api, given.arg(0));
    const item = await api.deleteWorktree({ params: { id }, query: given.has('force') ? { force: 'true' } : {} });
    if (given.has('json')) context.out.write(jsonText(item));
    else {
      context.out.line(`The worktree is in the trash${item.trash === null ? '' : ` until ${item.trash.purgeAt.slice(0, 10)}`}. Bring it back with:`);
      context.out.line(`  boocode worktrees restore ${shortId(id)}`);
    }
    return EXIT.completed;
  },
};

export const worktreesRestore: Command = {
  name: 'worktrees restore',
  group: 'changes',
  summary: 'Bring a worktree back from the trash',
  args: [ID],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveWorktree(api, given.arg(0));
    const item = await api.restoreWorktree({ params: { id }, body: {} });
    if (given.has('json')) context.out.write(jsonText(item));
    else context.out.line(neutraliseLine(`The worktree is back at ${item.path}${item.problem === null ? '' : `; ${item.problem}`}`));
    return EXIT.completed;
  },
};

export const worktreesPurge: Command = {
  name: 'worktrees purge',
  group: 'changes',
  summary: 'Remove a worktree that is in the trash for good',
  args: [ID],
  options: {},
  notes: ['Its branch stays when commits on it are nowhere else.'],
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveWorktree(api, given.arg(0));
    await api.purgeWorktree({ params: { id }, body: {} });
    context.out.line('The worktree is gone');
    return EXIT.completed;
  },
};

export const worktreesRisk: Command = {
  name: 'worktrees risk',
  group: 'changes',
  summary: 'Say what would be lost with a worktree',
  args: [ID],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const risk = await api.getWorktreeRisk({ params: { id: await resolveWorktree(api, given.arg(0)) } });
    if (given.has('json')) context.out.write(jsonText(risk));
    else for (const line of describeRisk(risk)) context.out.line(neutraliseLine(line));
    return EXIT.completed;
  },
};

export const worktreesStash: Command = {
  name: 'worktrees stash',
  group: 'changes',
  summary: 'Put everything uncommitted of a worktree aside and clean it',
  args: [ID],
  options: { note: { value: 'TEXT', summary: 'What it is, for the list' }, ...JSON_OPTION },
  notes: ['It is kept apart from your own `git stash`. `boocode worktrees stashes ID` lists what was put aside.'],
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveWorktree(api, given.arg(0));
    const note = given.text('note');
    const stash = await api.stashWorktree({ params: { id }, body: note === null ? {} : { note } });
    if (given.has('json')) context.out.write(jsonText(stash));
    else {
      context.out.line(`${formatPlural(stash.files, 'file')} put aside. Bring ${stash.files === 1 ? 'it' : 'them'} back with:`);
      context.out.line(`  boocode worktrees unstash ${shortId(id)}`);
    }
    return EXIT.completed;
  },
};

export const worktreesUnstash: Command = {
  name: 'worktrees unstash',
  group: 'changes',
  summary: 'Bring back what was put aside',
  args: [ID],
  options: { stash: { value: 'ID', summary: 'Which one, by the beginning of its id (default: the newest)' }, ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveWorktree(api, given.arg(0));
    const typed = given.text('stash');
    const { stashes } = await api.getWorktree({ params: { id } });
    const named = typed === null ? undefined : stashes.find((stash) => stash.id.startsWith(typed));
    const stash = await api.unstashWorktree({ params: { id }, body: named === undefined ? {} : { stash: named.id } });
    if (given.has('json')) context.out.write(jsonText(stash));
    else context.out.line(`${formatPlural(stash.files, 'file')} brought back`);
    return EXIT.completed;
  },
};

export const worktreesStashes: Command = {
  name: 'worktrees stashes',
  group: 'changes',
  summary: 'List what was put aside of a worktree',
  args: [ID],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const { stashes } = await api.getWorktree({ params: { id: await resolveWorktree(api, given.arg(0)) } });
    printList(context, given.has('json'), stashes, {
      columns: [{ title: 'ID' }, { title: 'FILES', align: 'end' }, { title: 'AGE', align: 'end' }, { title: 'STATE' }, { title: 'NOTE', flexible: true }],
      row: (stash) => [
        shortId(stash.id),
        String(stash.files),
        formatAge(stash.createdAt, Date.now()),
        stash.restoredAt === null ? 'aside' : 'brought back',
        stash.note ?? '',
      ],
      empty: 'Nothing was put aside.',
    });
    return EXIT.completed;
  },
};

export const worktreesLog: Command = {
  name: 'worktrees log',
  group: 'changes',
  summary: 'Show what set-up and teardown of a worktree did',
  args: [ID],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const id = await resolveWorktree(api, given.arg(0));
    const [log, item] = await Promise.all([api.getWorktreeLog({ params: { id } }), api.getWorktree({ params: { id } })]);
    if (given.has('json')) {
      context.out.write(jsonText({ ...log, steps: item.steps }));
      return EXIT.completed;
    }
    for (const { what, how, ms, note } of item.steps)
      context.out.line(neutraliseLine(`${what}: ${how} in ${formatDuration(ms)}${note === null ? '' : `. ${note}`}`));
    for (const text of [log.setup, log.teardown]) if (text !== null) for (const line of text.trimEnd().split('\n')) context.out.line(neutraliseLine(line));
    if (item.steps.length === 0 && log.setup === null && log.teardown === null) context.err.line('Nothing was set up in it.');
    return EXIT.completed;
  },
};

export const worktreesSetup: Command = {
  name: 'worktrees setup',
  group: 'changes',
  summary: 'Set a worktree up again: copy what is missing, run the trusted script',
  args: [ID],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const item = await api.setUpWorktree({ params: { id: await resolveWorktree(api, given.arg(0)) }, body: {} });
    if (given.has('json')) context.out.write(jsonText(item));
    else for (const { what, how, ms } of item.steps) context.out.line(neutraliseLine(`${what}: ${how} in ${formatDuration(ms)}`));
    return EXIT.completed;
  },
};

export const worktreesRepair: Command = {
  name: 'worktrees repair',
  group: 'changes',
  summary: 'Mend a worktree that was damaged by hand, or say what is wrong with it',
  args: [ID],
  options: { ...JSON_OPTION },
  async run(context, given) {
    const { api } = await connect(context);
    const result = await api.repairWorktree({ params: { id: await resolveWorktree(api, given.arg(0)) }, body: {} });
    if (given.has('json')) context.out.write(jsonText(result));
    else for (const line of [result.repaired ?? 'Nothing had to be mended.', ...result.notes]) context.out.line(neutraliseLine(line));
    return EXIT.completed;
  },
};

function stateOf(item: WorktreeItem, now: number): string {
  if (item.problem !== null) return 'damaged';
  if (item.trash !== null && item.state === 'trashed') return `trash, ${daysLeft(item.trash.purgeAt, now)}`;
  const [lease] = item.leases;
  return lease === undefined ? item.state : `in use (${lease.use})`;
}

function daysLeft(until: string, now: number): string {
  const hours = Math.max(0, Math.round((Date.parse(until) - now) / 3_600_000));
  return hours > 48 ? `${Math.round(hours / 24)} d left` : `${hours} h left`;
}

function totals(items: readonly WorktreeItem[]): string {
  const sum = (list: readonly WorktreeItem[]) => formatBytes(list.reduce((bytes, { disk }) => bytes + (disk?.bytes ?? 0), 0));
  return `${sum(items)} in all, ${sum(items.filter(({ trash }) => trash !== null))} of it in the trash.`;
}
