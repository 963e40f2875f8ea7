import type { Message } from '@boocode/contracts/message.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';

/** A chat as Markdown: what was said as it was said, each tool call in one line. Reasoning is left out. */
export function mapChatMarkdown(title: string, messages: readonly Message[]): string {
  return `${[`# ${title.replaceAll(/\s+/g, ' ')}`, ...messages.flatMap(mapMessage)].join('\n\n')}\n`;
}

function mapMessage(message: Message): string[] {
  const parts = message.parts.flatMap(mapPart);
  const lines = mergeCalls(parts);
  const ending = message.failure === null ? [] : [`> Failed: ${message.failure.message}`];
  if (lines.length === 0 && ending.length === 0) return message.status === 'waiting' ? [] : [headingOf(message), '_(no answer)_'];
  return [headingOf(message), ...lines, ...ending];
}

function headingOf({ role, metadata, createdAt }: Message): string {
  const who = role === 'user' ? 'You' : [metadata.agent ?? 'Agent', metadata.model].filter((name) => name !== null).join(' · ');
  return `## ${who}\n\n_${createdAt.slice(0, 16).replace('T', ' ')} UTC_`;
}

interface Block {
  readonly kind: 'call' | 'other';
  readonly text: string;
}

function mapPart(part: Part): Block[] {
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' ? [] : [{ kind: 'other', text: part.text.trim() }];
    case 'reasoning':
      return [];
    case 'tool':
      return [{ kind: 'call', text: `- ${code(part.title === '' ? part.name : part.title)}${part.status === 'completed' ? '' : ` (${part.status})`}` }];
    case 'file':
      return [{ kind: 'other', text: `Attached: ${code(part.name)}` }];
    case 'notice':
      return [{ kind: 'other', text: `> ${part.text}` }];
    case 'steered':
      return [{ kind: 'other', text: `**You, meanwhile:** ${part.text.trim()}` }];
    case 'plan':
      return [{ kind: 'other', text: part.entries.map((entry) => `- [${entry.status === 'completed' ? 'x' : ' '}] ${entry.text}`).join('\n') }];
    case 'limit_reached':
      return [{ kind: 'other', text: `> Stopped after ${part.value} steps, the limit of one turn.` }];
  }
}

/** Calls one after the other are one list. */
function mergeCalls(blocks: readonly Block[]): string[] {
  const merged: { kind: Block['kind']; text: string }[] = [];
  for (const block of blocks) {
    const last = merged.at(-1);
    if (last?.kind === 'call' && block.kind === 'call') last.text += `\n${block.text}`;
    else merged.push({ ...block });
  }
  return merged.map((block) => block.text);
}

/** As code, with a fence longer than any run of backticks in it. */
function code(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}
