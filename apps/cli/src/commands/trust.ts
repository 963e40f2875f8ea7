import { createInterface } from 'node:readline/promises';
import { resolve } from 'node:path';
import type { ApiClient } from '@boocode/contracts/api-client.ts';
import type { TrustItem } from '@boocode/contracts/trust.ts';
import { type Command, JSON_OPTION } from '../command/command.ts';
import type { Context } from '../command/context.ts';
import { EXIT } from '../command/exit-error.ts';
import { connect } from '../connection/connect.ts';
import { jsonText } from '../terminal/json-line.ts';
import { neutralise, neutraliseLine } from '../terminal/neutralise.ts';

export const trust: Command = {
  name: 'trust',
  group: 'tasks',
  summary: 'Look at what a repository brings that would run programs, and approve it',
  args: [{ name: 'DIR', summary: 'The folder (default: the current one)', isOptional: true }],
  options: { yes: { summary: 'Approve all that is shown, without asking' }, ...JSON_OPTION },
  notes: ['What is not approved has no effect. An approval holds for exactly this content: a change asks again.'],
  async run(context, given) {
    const { api } = await connect(context);
    const project = await api.createProject({ body: { path: resolve(context.cwd, given.args[0] ?? '.') } });
    const { items } = await api.listTrust({ params: { id: project.id } });
    const open = items.filter((item) => !item.trusted);
    if (given.has('yes')) await approveAll(api, open);
    if (given.has('json')) {
      context.out.write(jsonText(given.has('yes') ? (await api.listTrust({ params: { id: project.id } })).items : items));
      return EXIT.completed;
    }
    if (open.length === 0) {
      context.out.line(items.length === 0 ? 'This folder brings nothing that needs your approval' : 'All that this folder brings is approved');
      return EXIT.completed;
    }
    for (const item of open) context.out.write(formatItem(item));
    if (given.has('yes')) return say(context, `Approved: ${open.map((item) => item.path).join(', ')}`, EXIT.completed);
    if (!context.isInteractive) return say(context, 'Not approved yet: run `boocode trust --yes` to approve what is shown above', EXIT.failed);
    return askForEach(context, api, open);
  },
};

async function approveAll(api: ApiClient, items: readonly TrustItem[]): Promise<void> {
  for (const item of items) await api.approveTrust({ params: { id: item.projectId }, body: { path: item.path, hash: item.hash } });
}

async function askForEach(context: Context, api: ApiClient, items: readonly TrustItem[]): Promise<number> {
  const reader = createInterface({ input: context.input, output: context.output, terminal: true });
  try {
    for (const item of items) {
      const answer = (await reader.question(`Approve ${neutraliseLine(item.path)} as shown above? [y/N] `)).trim().toLowerCase();
      if (answer !== 'y' && answer !== 'yes') return say(context, `${item.path} is not approved and has no effect`, EXIT.failed);
      await approveAll(api, [item]);
    }
    return say(context, 'Approved', EXIT.completed);
  } finally {
    reader.close();
  }
}

function formatItem(item: TrustItem): string {
  const title = item.approvedContent === null ? `${item.path} (never approved):` : `${item.path} (changed since you approved it):`;
  const before = item.approvedContent === null ? '' : `  before:\n${indent(item.approvedContent)}  now:\n`;
  return `${neutraliseLine(title)}\n${before}${indent(item.content)}\n`;
}

function indent(content: string): string {
  return neutralise(content)
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('');
}

function say(context: Context, text: string, status: number): number {
  context.out.line(neutraliseLine(text));
  return status;
}
