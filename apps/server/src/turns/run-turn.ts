import type { PermissionAnswer } from '@boocode/agents/backend.ts';
import type { AgentEvent } from '@boocode/contracts/agent-event.ts';
import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { BooError, type ErrorCode } from '@boocode/contracts/error-code.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import type { PermissionRequest } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Message } from '@boocode/contracts/message.ts';
import type { Part } from '@boocode/contracts/turn-state.ts';
import { findChat } from '../chats/chat-store.ts';
import { findMessages } from '../chats/message-store.ts';
import { mapDatabaseError } from '../db/db-errors.ts';
import { type ClaimedTask, updateBlocked, updateModel } from '../tasks/task-store.ts';
import { briefFor } from './brief.ts';
import { type Ending, finalizeTurn } from './finalize-turn.ts';
import { LiveTurn } from './live-turn.ts';
import { publishTask } from './publish-task.ts';
import { rememberConversation } from './remember-conversation.ts';
import { type ContextAhead, readContext, type TurnContext } from './read-context.ts';
import { takeSteered } from './take-steered.ts';
import type { Workplace } from '../worktrees/open-workplace.ts';
import type { ProjectParts, TurnDeps } from './turn-deps.ts';

/** Our own agent reads nothing of the repository that could steer it, and is given the whole history. */
const NO_BRIEF = { whole: null, since: null };
const NO_PARTS: ProjectParts = { isTrusted: true, mcpServers: [], notices: [] };

/** How far a turn got before it ended. */
type Reached = { -readonly [K in 'workplace' | 'before' | 'notes' | 'remember']: Ending[K] };
type Ended = Extract<AgentEvent, { type: 'ended' }>;

/** How a turn's signal was aborted: by a person, by the server's end, or because another runner has the task. */
export type StopReason = 'cancel' | 'shutdown' | 'lost';

/**
 * Runs one claimed turn from its first row to its ending. Never rejects: whatever happens becomes the ending, written by the one finalizer.
 * `signal` ends the prompt; `stopReason` says why it was aborted.
 */
export async function runTurn(
  deps: TurnDeps,
  claimed: ClaimedTask,
  signal: AbortSignal,
  stopReason: () => StopReason | null,
  ahead: ContextAhead,
): Promise<void> {
  const live = new LiveTurn(claimed, deps.hub, (turn) => deps.recorder.mark(turn));
  deps.liveTurns.add(live);
  const reached: Reached = { workplace: null, before: null, notes: [], remember: null };
  let showing: Promise<void> = Promise.resolve();
  let ended: Ended;
  try {
    ended = await work();
  } catch (error) {
    ended = endingOf(error, signal);
    if (ended.failure?.code === 'internal') deps.log.error({ err: error, task: claimed.task.id }, 'turn failed for a reason that is a bug');
  }
  await showing; // what it says of the chat must not come after what the ending says
  if (stopReason() === 'lost') {
    deps.recorder.forget(live);
    deps.liveTurns.remove(live);
    return;
  }
  await finalizeTurn(deps, live, { ended, isInterrupted: stopReason() === 'shutdown', ...reached });

  async function work(): Promise<Ended> {
    const task = await withModel(deps, claimed);
    const ask = (request: PermissionRequest, askSignal: AbortSignal) => askPerson(deps, claimed, live, request, askSignal);
    const [messages, context] = await Promise.all([showBeginning(deps, claimed, task), contextOf(task)]);
    const place = await openPlace(task, context);
    for (const notice of place.notices) live.push({ type: 'notice', level: 'info', ...notice });
    const before = onceBefore(deps, live, place, reached);
    const key = { chatId: task.chatId, agent: task.agent };
    const conversation = context.conversations.find(({ agent }) => agent === task.agent) ?? null;
    // Such an agent may have an effect from its first moment on: begin now with what has to be read before.
    if (task.agent !== NATIVE_AGENT) {
      void place.sharedGit?.look();
      void before();
    }
    const parts = task.agent === NATIVE_AGENT ? NO_PARTS : await deps.readProjectParts(context.project, place.cwd);
    for (const notice of parts.notices) live.push({ type: 'notice', level: 'warning', ...notice });
    const isSamePlace = conversation?.resumeCwd === place.cwd;
    const { session, transport } = await deps.openAgent(key, {
      cwd: place.cwd,
      allowedReadPaths: context.project.allowed_read_paths,
      model: task.model,
      mode: task.mode,
      access: place.access,
      isTrusted: parts.isTrusted,
      mcpServers: parts.mcpServers,
      resumeToken: isSamePlace ? conversation.resumeToken : null,
      outputDir: deps.outputDirOf(task),
      signal,
      notify: deps.notifyOf(key),
      onInfo: (info) => deps.infos.learn(key, info),
    });
    await using agent = session;
    const remember = rememberConversation({ ...deps, known: conversation }, claimed, { agent, transport, cwd: place.cwd });
    reached.remember = remember;
    const prompt = {
      text: task.input,
      model: task.model,
      mode: task.mode,
      brief: task.agent === NATIVE_AGENT ? NO_BRIEF : briefFor(context.history, conversation),
      attachments: attachmentsOf(messages.find((message) => message.id === task.messageId)),
      history: context.history,
      access: place.access,
      notes: context.notes.map((note) => note.text),
      ask,
      commit: async () => {
        live.flush();
        await Promise.all([deps.recorder.flush(live, signal), place.sharedGit?.look(), before(), remember(false)]);
      },
      takeSteered: () => takeSteered(deps, live, signal),
    };
    if (agent.canSteer === true) live.steering.open();
    reached.notes = context.notes;
    if (task.agent !== NATIVE_AGENT) await prompt.commit(); // it need not ask before its first effect
    const events = agent.prompt(prompt, signal);
    showing = showChat(deps, task.chatId);
    for await (const event of events) {
      if (event.type === 'ended') return event;
      // What it is about to do waits for the checkpoint before it: begin as soon as that can be seen.
      if (event.type === 'tool') void before();
      live.push(event);
    }
    throw new BooError('agent_crashed', `Cannot finish the turn: ${task.agent} ended without saying how; send the message again`);
  }

  async function contextOf({ chatId }: Task): Promise<TurnContext> {
    return (await ahead) ?? readContext(deps.sql, chatId, claimed.position);
  }

  async function openPlace(task: Task, { project, worktree: known }: TurnContext): Promise<Workplace> {
    signal.throwIfAborted();
    const place = await deps.openWorkplace({
      project,
      sessionId: task.sessionId,
      known,
      slug: task.input,
      access: task.access,
      signal,
      onProgress: (detail) => live.push({ type: 'activity', activity: { phase: 'starting', detail } }),
    });
    reached.workplace = place;
    return place;
  }
}

/** The checkpoint before the first effect, taken when somebody asks first; a turn that only talks costs none. Never rejects. */
function onceBefore(deps: TurnDeps, live: LiveTurn, { worktreeId, access }: Workplace, reached: Reached): () => Promise<void> {
  let taking: Promise<void> | null = null;
  const take = async (): Promise<void> => {
    if (worktreeId === null || access === 'read-only') return;
    const notice = await deps.takeBefore({ task: live.claimed.task, worktreeId });
    if (notice !== null) live.push({ type: 'notice', level: 'warning', ...notice });
  };
  return async () => {
    taking ??= take();
    reached.before = () => taking ?? Promise.resolve();
    await taking;
  };
}

/** Says that the turn has begun. Its messages need a look at the rows only when they waited or were given a model since they were accepted. */
async function showBeginning(deps: TurnDeps, claimed: ClaimedTask, task: Task): Promise<readonly Message[]> {
  publishStatus(deps, task, 'working');
  if (task === claimed.task && claimed.messages !== null) return claimed.messages;
  const messages = await findMessages(deps.sql, [task.messageId, task.answerId]);
  for (const message of messages) deps.hub.publish(chatChannel(task.chatId), { type: 'message_updated', message: deps.liveTurns.overlay(message) });
  publishTask(deps.hub, task);
  return messages;
}

/** The chat's choices may be others than before the prompt. Not worth waiting for: the ending says it again. */
async function showChat(deps: TurnDeps, chatId: ChatId): Promise<void> {
  try {
    const chat = await findChat(deps.sql, chatId);
    if (chat !== null) deps.hub.publish(chatChannel(chatId), { type: 'chat_updated', chat });
  } catch (error) {
    deps.log.warn({ err: error }, 'cannot show a chat');
  }
}

/** The task with the model that it will really use, so that the answer says from its first word who makes it. */
async function withModel(deps: TurnDeps, { task, fence }: ClaimedTask): Promise<Task> {
  if (task.model !== null) return task;
  // A model that cannot be had is the agent's to explain, with its own sentence.
  const model = await deps.defaultModelOf(task.agent).catch(() => null);
  if (model === null) return task;
  return (await updateModel(deps.sql, task.id, fence, model)) ?? task;
}

async function askPerson(deps: TurnDeps, claimed: ClaimedTask, live: LiveTurn, request: PermissionRequest, signal: AbortSignal): Promise<PermissionAnswer> {
  live.push({ type: 'activity', activity: { phase: 'waiting_for_person', detail: request.title } });
  await deps.recorder.flush(live, signal);
  const blocked = await updateBlocked(deps.sql, claimed, true, `an answer to: ${request.title} ${request.subject.slice(0, 200)}`);
  if (blocked !== null) publishTask(deps.hub, blocked);
  publishStatus(deps, claimed.task, 'blocked');
  try {
    return await deps.broker.ask(claimed.task, request, signal);
  } finally {
    if (!signal.aborted) {
      const running = await updateBlocked(deps.sql, claimed, false, null);
      if (running !== null) publishTask(deps.hub, running);
      publishStatus(deps, claimed.task, 'working');
    }
  }
}

function publishStatus(deps: TurnDeps, task: Task, status: 'working' | 'blocked'): void {
  const frame = { type: 'agent_status_updated', sessionId: task.sessionId, chatId: task.chatId, agent: task.agent, status } as const;
  deps.hub.publish(chatChannel(task.chatId), frame);
  deps.hub.publish('user', frame);
}

function attachmentsOf(message: Message | undefined): Extract<Part, { type: 'file' }>[] {
  return message?.parts.filter((part) => part.type === 'file') ?? [];
}

function endingOf(thrown: unknown, signal: AbortSignal): Ended {
  const error = mapDatabaseError(thrown);
  if (signal.aborted) return { type: 'ended', outcome: 'cancelled', failure: null };
  const code: ErrorCode = error instanceof BooError ? error.code : 'internal';
  const message =
    error instanceof BooError ? error.message : 'Cannot finish the turn: BooCode itself failed; the log says more, and Retry sends the prompt again';
  return { type: 'ended', outcome: 'failed', failure: { code, message } };
}
