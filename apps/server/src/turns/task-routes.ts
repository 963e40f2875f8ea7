import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { Access } from '@boocode/contracts/access.ts';
import type { ChatId, SessionId, TaskId } from '@boocode/contracts/ids.ts';
import type { InboxItem } from '@boocode/contracts/inbox.ts';
import { type CreateTask, hasEnded, type Task } from '@boocode/contracts/task.ts';
import { getChat } from '../chats/chat-routes.ts';
import { pageOf, pageOfAll, readPage } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { listOpenPermissions } from '../permissions/permission-store.ts';
import { getProject } from '../projects/project-routes.ts';
import { openProject, type ProjectDeps } from '../projects/open-project.ts';
import { publishSession } from '../sessions/publish-session.ts';
import { getSession } from '../sessions/session-routes.ts';
import { insertSession } from '../sessions/session-store.ts';
import { titleOf } from '../sessions/session-title.ts';
import { findTask, findUnendedTasks, finishTask, listTasks, listUnsettled, requestCancel } from '../tasks/task-store.ts';
import { announceEnd } from './finalize-turn.ts';
import { continueTask, discardTask, retryTask, type StartDeps, startTurn } from './start-turn.ts';
import type { TurnDeps } from './turn-deps.ts';

export interface TaskRouteDeps extends StartDeps, ProjectDeps, Pick<TurnDeps, 'broker' | 'log'> {
  readonly defaultAccess: () => Promise<Access>;
}

export function taskHandlers(deps: TaskRouteDeps): Partial<Handlers> {
  const { sql } = deps;
  return {
    createTask: ({ body }) => createTask(deps, body),
    sendMessage: async ({ params, body }) => {
      const { task } = await startTurn(deps, {
        chatId: params.id,
        text: body.text,
        attachments: body.attachments ?? [],
        kind: 'prompt',
        agent: body.agent ?? null,
        model: body.model ?? null,
        mode: body.mode ?? null,
        access: body.access ?? null,
        priority: 0,
        parentTaskId: null,
        idempotencyKey: body.idempotencyKey ?? null,
        again: null,
      });
      return { taskId: task.id, messageId: task.messageId };
    },
    listTasks: async ({ query }) => {
      const page = readPage(query);
      const filter = {
        state: query.state ?? null,
        projectId: query.project ?? null,
        sessionId: query.session ?? null,
        agent: query.agent ?? null,
        text: query.text ?? null,
        from: query.from ?? null,
        to: query.to ?? null,
      };
      return pageOf(await listTasks(sql, filter, page.limit + 1, page.offset), page);
    },
    getTask: ({ params }) => getTask(deps, params.id),
    cancelTask: async ({ params }) => {
      const task = await getTask(deps, params.id);
      if (hasEnded(task.state)) throw new BooError('conflict', `Cannot cancel task ${task.id}: it is ${task.state} already`);
      return cancelTask(deps, task.id);
    },
    continueTask: ({ params }) => continueTask(deps, params.id),
    retryTask: ({ params }) => retryTask(deps, params.id),
    retryInbox: ({ params }) => retryTask(deps, params.id),
    discardTask: ({ params }) => discardTask(deps, params.id),
    getInbox: async ({ query }) => {
      const [permissions, tasks] = await Promise.all([listOpenPermissions(sql, null), listUnsettled(sql)]);
      const questions: InboxItem[] = permissions.map((permission) => ({ type: 'permission', permission }));
      return pageOfAll([...questions, ...tasks.map((task) => ({ type: 'task' as const, task }))], query);
    },
  };
}

async function createTask(deps: TaskRouteDeps, body: CreateTask): Promise<Task> {
  const chatId = body.chatId === undefined ? await chatOfNewTask(deps, body) : (await getChat(deps.sql, body.chatId)).id;
  const { task } = await startTurn(deps, {
    chatId,
    text: body.input,
    attachments: [],
    kind: 'prompt',
    agent: body.agent ?? null,
    model: body.model ?? null,
    mode: body.mode ?? null,
    access: body.access ?? null,
    priority: body.priority ?? 0,
    parentTaskId: null,
    idempotencyKey: null,
    again: null,
  });
  return task;
}

async function chatOfNewTask(deps: TaskRouteDeps, body: CreateTask): Promise<ChatId> {
  if (body.sessionId !== undefined) return firstChat(deps, body.sessionId);
  if (body.projectId === undefined && body.projectPath === undefined) {
    throw new BooError('invalid_request', 'Cannot create a task: name its "projectId" or "projectPath", or a "sessionId" or "chatId" to go on in');
  }
  const project = body.projectId === undefined ? await openProject(deps, body.projectPath ?? '', null) : await getProject(deps.sql, body.projectId);
  const session = await insertSession(deps.sql, {
    projectId: project.id,
    title: titleOf(body.input),
    baseline: body.baseline ?? 'head',
    agent: body.agent ?? NATIVE_AGENT,
    mode: body.mode ?? null,
    model: body.model ?? null,
    access: body.access ?? (await deps.defaultAccess()),
  });
  await publishSession(deps.sql, deps.hub, session.id);
  return firstChat(deps, session.id);
}

async function firstChat(deps: TaskRouteDeps, id: SessionId): Promise<ChatId> {
  const [chat] = (await getSession(deps.sql, id)).chats;
  if (chat === undefined) throw new BooError('conflict', `Cannot create a task in session ${id}: all its chats are closed; open one first`);
  return chat.id;
}

/** Asks a task to end: a waiting one ends here, a running one through its runner. */
export async function cancelTask(deps: Pick<TaskRouteDeps, 'sql' | 'hub' | 'broker' | 'log' | 'dispatcher'>, id: TaskId): Promise<Task> {
  const asked = await requestCancel(deps.sql, id);
  if (asked?.state === 'pending') {
    const finished = await finishTask(deps.sql, id, null, { state: 'cancelled', failure: null, outputSummary: null, usage: null });
    if (finished !== null) {
      await announceEnd(deps, finished);
      deps.dispatcher.wake();
      return finished;
    }
  }
  deps.dispatcher.cancel(id);
  return getTask(deps, id);
}

/** Ends everything that runs or waits in a chat and waits until it has ended. */
export async function endTurns(deps: Pick<TaskRouteDeps, 'sql' | 'hub' | 'broker' | 'log' | 'dispatcher'>, chatId: ChatId): Promise<void> {
  const tasks = await findUnendedTasks(deps.sql, chatId);
  // Those that wait first: ending the running one would start the next.
  for (const task of tasks.toReversed()) await cancelTask(deps, task.id);
  await Promise.all(tasks.map((task) => deps.dispatcher.ended(task.id)));
}

async function getTask(deps: Pick<TaskRouteDeps, 'sql'>, id: TaskId): Promise<Task> {
  const task = await findTask(deps.sql, id);
  if (task === null) throw new BooError('not_found', `Cannot find task ${id}: there is none with this id; \`boocode ls\` lists tasks`);
  return task;
}
