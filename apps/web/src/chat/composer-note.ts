import type { ChatState } from '@boocode/contracts/chat-state.ts';
import type { Chat } from '@boocode/contracts/chat.ts';
import type { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { Task } from '@boocode/contracts/task.ts';
import { agentProblem, briefNote } from './agent-choices.ts';

/** The one line above the composer: what hinders the next message, or what its choices mean. `task`: the turn that runs. */
export function composerNote(
  chat: Chat,
  task: Task | null,
  state: Pick<ChatState, 'messages' | 'agents'>,
  providers: readonly ProviderSnapshot[] | null,
): string | null {
  const problem = agentProblem(providers, chat.agent);
  if (problem !== null) return problem;
  const brief = briefNote(state, chat.agent, providers?.find(({ id }) => id === chat.agent)?.label ?? chat.agent);
  if (task === null || !differs(chat, task)) return brief;
  const later = 'The running turn goes on as it began; what you chose applies from the next turn.';
  return brief === null ? later : `${later} ${brief}`;
}

/** Whether the running turn was begun with other choices than the chat has now. */
function differs(chat: Chat, task: Task): boolean {
  if (chat.agent !== task.agent || chat.access !== task.access) return true;
  return isOther(chat.model, task.model) || isOther(chat.mode, task.mode);
}

/** A choice that is left open differs from nothing. */
function isOther(chosen: string | null, used: string | null): boolean {
  return chosen !== null && used !== null && chosen !== used;
}
