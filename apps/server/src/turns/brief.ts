import type { Message } from '@boocode/contracts/message.ts';
import type { Brief } from '@boocode/agents/backend.ts';
import type { ToolPart } from '@boocode/contracts/turn-state.ts';
import type { KnownConversation } from '../chats/agent-session-store.ts';

const MAX_BYTES = 2_048;
const MAX_FILES = 12;

/** What an agent missed of a chat: everything where it remembers nothing, else what came after the last message it knows of. */
export function briefFor(history: readonly Message[], conversation: KnownConversation | null): Brief {
  const missed = history.filter((message) => message.position > (conversation?.knownPosition ?? 0));
  return { whole: writeBrief(history), since: conversation === null ? null : writeBrief(missed) };
}

/**
 * What an agent that was not there has to know of a chat, in at most 2 KB: the goal, what was asked and answered (the newest in most words), the files that
 * were changed with a line each, and a question that is still open. Null where nothing was said.
 */
export function writeBrief(messages: readonly Message[]): string | null {
  const [first] = messages.filter(({ role }) => role === 'user');
  if (first === undefined) return null;
  const answers = messages.filter(({ role }) => role === 'assistant');
  const files = filesOf(answers);
  const question = openQuestion(answers.at(-1));
  const fixed = [
    'This chat went on with other agents before you. In short:',
    `Goal: ${shorten(textOf(first), 360)}`,
    files.length === 0 ? '' : `Files changed (they are as they were left; read them before you edit):\n${files.join('\n')}`,
    question === null ? '' : `Open question to the person: ${shorten(question, 240)}`,
  ].filter((part) => part !== '');
  const room = MAX_BYTES - bytes(fixed.join('\n')) - 40;
  const said = decisions(messages, room);
  const [intro = '', goal = '', ...rest] = fixed;
  return cut([intro, goal, ...(said.length === 0 ? [] : [`What was done:\n${said.join('\n')}`]), ...rest].join('\n'), MAX_BYTES);
}

/** The newest exchanges that fit, in their order. */
function decisions(messages: readonly Message[], room: number): string[] {
  const lines: string[] = [];
  let left = room;
  for (const message of messages.toReversed()) {
    const text = textOf(message);
    if (text === '') continue;
    const length = lines.length < 2 ? 420 : 140;
    const line =
      message.role === 'user'
        ? `- Asked: ${shorten(text, length)}`
        : `- ${message.metadata.agent ?? 'agent'}: ${shorten(conclusion(text), length)}${endingOf(message)}`;
    left -= bytes(line) + 1;
    if (left < 0) break;
    lines.unshift(line);
  }
  return lines;
}

function endingOf({ status }: Message): string {
  return status === 'completed' || status === 'streaming' ? '' : ` (${status})`;
}

/** One line for each file: how much of it changed, and by whom last. */
function filesOf(answers: readonly Message[]): string[] {
  const files = new Map<string, { additions: number; deletions: number; agent: string }>();
  for (const answer of answers) {
    for (const diff of answer.parts.filter((part) => part.type === 'tool').flatMap(diffsOf)) {
      const known = files.get(diff.path) ?? { additions: 0, deletions: 0 };
      files.set(diff.path, {
        additions: known.additions + diff.additions,
        deletions: known.deletions + diff.deletions,
        agent: answer.metadata.agent ?? 'agent',
      });
    }
  }
  const lines = [...files].map(([path, { additions, deletions, agent }]) => `- ${shorten(path, 90)} (+${additions} -${deletions}, ${agent})`);
  return lines.length <= MAX_FILES ? lines : [...lines.slice(-MAX_FILES), `- and ${lines.length - MAX_FILES} more`];
}

function diffsOf(part: ToolPart) {
  return part.status === 'completed' ? (part.output?.diffs ?? []) : [];
}

function openQuestion(last: Message | undefined): string | null {
  if (last === undefined) return null;
  const sentence = textOf(last)
    .split(/(?<=[.!?])\s+/)
    .at(-1);
  return sentence?.endsWith('?') === true ? sentence : null;
}

/** Where an answer has several paragraphs, its last one says what came out. */
function conclusion(text: string): string {
  return text.split(/\n{2,}/).findLast((paragraph) => paragraph.trim().length > 20) ?? text;
}

function textOf(message: Message): string {
  return message.parts
    .flatMap((part) => (part.type === 'text' || part.type === 'steered' ? [part.text.trim()] : []))
    .filter((text) => text !== '')
    .join('\n\n');
}

function shorten(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= length ? line : `${line.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function bytes(text: string): number {
  return Buffer.byteLength(text);
}

/** At most so many bytes, and no half character. */
function cut(text: string, limit: number): string {
  if (bytes(text) <= limit) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, limit - 3), { stream: true });
}
