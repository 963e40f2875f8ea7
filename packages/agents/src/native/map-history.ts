import type { Message } from '@boocode/contracts/message.ts';
import type { Part, ToolPart } from '@boocode/contracts/turn-state.ts';
import type { ConversationItem } from './conversation.ts';

/**
 * Rebuilds what the model has seen from the messages of a chat. Tool parts of one step become one answer with several calls. Calls that
 * never ended are answered with a sentence, so that a continued turn neither repeats finished work nor trusts unfinished work. Reasoning is left out.
 */
export function mapHistory(history: readonly Message[]): readonly ConversationItem[] {
  const items: ConversationItem[] = [];
  for (const [index, message] of history.entries()) {
    if (message.role === 'user') {
      items.push({ role: 'user', text: userText(message.parts, []) });
      if (history[index + 1]?.role === 'user') items.push(noAnswer('(There was no answer to this.)'));
      continue;
    }
    const answers = mapSteered(message.parts);
    const remark = endingRemark(message);
    if (answers.at(-1)?.role !== 'assistant') answers.push(noAnswer(remark ?? '(There was no answer to this.)'));
    else if (remark !== null) answers.push(noAnswer(remark));
    items.push(...answers);
  }
  return mergeAnswers(items);
}

/** The text of a prompt with its attached files, and what else should be known with it. */
export function userText(parts: readonly Part[], remarks: readonly string[]): string {
  const texts = parts.flatMap((part) => {
    if (part.type === 'text') return [part.text];
    return part.type === 'file' ? [`<file name=${JSON.stringify(part.name)}>\n${part.text}\n</file>`] : [];
  });
  return [...remarks, ...texts].join('\n\n');
}

function noAnswer(text: string): ConversationItem {
  return { role: 'assistant', text, reasoning: '', calls: [] };
}

/** An answer, cut where the person said something in the middle of it. */
function mapSteered(parts: readonly Part[]): ConversationItem[] {
  const at = parts.findIndex((part) => part.type === 'steered');
  const steered = parts[at];
  if (steered?.type !== 'steered') return [...mapAnswer(parts)];
  return [...mapAnswer(parts.slice(0, at)), { role: 'user', text: steered.text }, ...mapSteered(parts.slice(at + 1))];
}

interface Draft {
  text: string;
  step: number | null;
  calls: ToolPart[];
}

function mapAnswer(parts: readonly Part[]): readonly ConversationItem[] {
  const drafts: Draft[] = [];
  for (const part of parts) {
    const last = drafts.at(-1);
    if (part.type === 'text') {
      if (last === undefined || last.calls.length > 0) drafts.push({ text: part.text, step: null, calls: [] });
      else last.text += part.text;
    } else if (part.type === 'tool') {
      if (last !== undefined && (last.step === null || last.step === part.step)) {
        last.step = part.step;
        last.calls.push(part);
      } else drafts.push({ text: '', step: part.step, calls: [part] });
    }
  }
  return drafts.map((draft) => ({
    role: 'assistant',
    text: draft.text,
    reasoning: '',
    calls: draft.calls.map((part) => ({ callId: part.callId, name: part.name, input: part.input ?? {}, result: resultOf(part) })),
  }));
}

function resultOf(part: ToolPart): string {
  if (part.output !== null) return part.status === 'cancelled' ? `${part.output.text}\n(This call was cancelled.)` : part.output.text;
  switch (part.status) {
    case 'completed':
      return '(no output)';
    case 'failed':
      return '(It failed without a message.)';
    case 'pending':
      return 'This call was never run.';
    case 'cancelled':
    case 'running':
      return `This call was stopped before it ended; what it has already done is not known: check before you repeat it.${part.live === '' ? '' : `\nIts output until then:\n${part.live}`}`;
  }
}

/** What a model must know of the way its last answer ended; null when it ended by itself. */
function endingRemark(message: Message): string | null {
  const limit = message.parts.find((part) => part.type === 'limit_reached');
  if (limit !== undefined) return `(The limit of ${limit.value} steps was reached here; the work may be unfinished.)`;
  switch (message.status) {
    case 'cancelled':
      return '(The person stopped the work here.)';
    case 'interrupted':
      return '(The program was interrupted here; the work may be unfinished.)';
    case 'failed':
      return '(The answer ended here with an error.)';
    case 'waiting':
    case 'streaming':
    case 'completed':
      return null;
  }
}

/** Two answers in a row without calls are one: many chat templates insist that the roles alternate. */
function mergeAnswers(items: readonly ConversationItem[]): readonly ConversationItem[] {
  const merged: ConversationItem[] = [];
  for (const item of items) {
    const last = merged.at(-1);
    if (last?.role === 'assistant' && item.role === 'assistant' && last.calls.length === 0) {
      merged[merged.length - 1] = { ...item, text: [last.text, item.text].filter((text) => text !== '').join('\n\n') };
    } else merged.push(item);
  }
  return merged;
}
