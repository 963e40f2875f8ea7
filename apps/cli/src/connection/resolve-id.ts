import type { ApiClient } from '@boocode/contracts/api-client.ts';
import { ChangeId, ChatId, CheckpointId, PermissionId, SessionId, TaskId, WorktreeId } from '@boocode/contracts/ids.ts';
import { hasEnded, type Task } from '@boocode/contracts/task.ts';
import { usageError } from '../command/exit-error.ts';

type Candidate = Awaited<ReturnType<ApiClient['resolveId']>>['items'][number];
type Kind = Candidate['kind'];

/** How ids are shown: long enough to be unique for a person. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}

/** The task that an id means: itself; of a chat or session, the one that runs, else the newest. */
export async function resolveTask(api: ApiClient, typed: string): Promise<Task> {
  const found = await resolve(api, typed, ['task', 'chat', 'session', 'permission', 'change']);
  switch (found.kind) {
    case 'task':
      return api.getTask({ params: { id: TaskId.parse(found.id) } });
    case 'permission':
      return api.getTask({ params: { id: (await findPermission(api, found.id)).taskId } });
    default: {
      const tasks = await tasksOf(api, found);
      const task = tasks.find((one) => one.state === 'running' || one.state === 'blocked') ?? tasks.find((one) => !hasEnded(one.state)) ?? tasks[0];
      if (task === undefined)
        throw usageError(`Cannot use ${found.kind} "${typed}": it has no task yet; send it one with \`boocode send ${shortId(found.id)} "..."\``);
      return task;
    }
  }
}

/** The session that an id means, or belongs to. */
export async function resolveSession(api: ApiClient, typed: string): Promise<SessionId> {
  const found = await resolve(api, typed, ['session', 'task', 'chat', 'change', 'checkpoint', 'permission']);
  return sessionOf(api, found);
}

/** The session or chat that an id means itself. */
export async function resolveNamed(
  api: ApiClient,
  typed: string,
): Promise<{ readonly kind: 'session'; readonly id: SessionId } | { readonly kind: 'chat'; readonly id: ChatId }> {
  const found = await resolve(api, typed, ['session', 'chat']);
  return found.kind === 'chat' ? { kind: 'chat', id: ChatId.parse(found.id) } : { kind: 'session', id: SessionId.parse(found.id) };
}

/** The chat that an id means, or belongs to; of a session, the one used last. */
export async function resolveChat(api: ApiClient, typed: string): Promise<ChatId> {
  const found = await resolve(api, typed, ['chat', 'task', 'session', 'permission', 'change']);
  if (found.kind === 'chat') return ChatId.parse(found.id);
  if (found.kind === 'task') return (await api.getTask({ params: { id: TaskId.parse(found.id) } })).chatId;
  if (found.kind === 'permission') return (await findPermission(api, found.id)).chatId;
  const session = await api.getSession({ params: { id: await sessionOf(api, found) } });
  const [newest] = session.chats.toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
  if (newest === undefined) throw usageError(`Cannot send to session "${typed}": it has no chat; start a new task with \`boocode run "..."\``);
  return newest.id;
}

/** The checkpoint that an id means. */
export async function resolveCheckpoint(api: ApiClient, typed: string): Promise<CheckpointId> {
  return CheckpointId.parse((await resolve(api, typed, ['checkpoint'])).id);
}

/** The same, or null when nothing that is not deleted has such an id. */
export async function findCheckpoint(api: ApiClient, typed: string): Promise<CheckpointId | null> {
  const { items } = await api.resolveId({ params: { prefix: typed.toLowerCase() } });
  return items.length === 0 ? null : resolveCheckpoint(api, typed);
}

/** The question that an id means; of a task, chat or session, its only open one. */
export async function resolvePermission(api: ApiClient, typed: string): Promise<PermissionId> {
  const found = await resolve(api, typed, ['permission', 'task', 'chat', 'session']);
  if (found.kind === 'permission') return PermissionId.parse(found.id);
  const { items } = await api.listPermissions();
  const own = items.filter((one) => [one.taskId, one.chatId, one.sessionId].some((id) => id === found.id));
  const [only] = own;
  if (only === undefined) throw usageError(`Cannot answer for ${found.kind} "${typed}": it has no open question; see \`boocode permit\``);
  if (own.length > 1)
    throw ambiguous(
      typed,
      own.map((one) => ({ kind: 'permission', id: one.id })),
    );
  return only.id;
}

/** The worktree that an id means; of a session, the one it has, else the one that went to the trash last. */
export async function resolveWorktree(api: ApiClient, typed: string): Promise<WorktreeId> {
  const found = await resolve(api, typed, ['worktree', 'session', 'task', 'chat']);
  if (found.kind === 'worktree') return WorktreeId.parse(found.id);
  const sessionId = await sessionOf(api, found);
  const { items } = await api.listWorktrees();
  const own = items.filter((item) => item.sessionId === sessionId);
  const worktree = own.find((item) => item.trash === null) ?? own[0];
  if (worktree === undefined) throw usageError(`Cannot use ${found.kind} "${typed}": it has no worktree; see \`boocode worktrees\``);
  return worktree.id;
}

/** The one thing of these kinds that the id, or the beginning of one, stands for. @throws ExitError (2) when there is none, or more than one. */
async function resolve(api: ApiClient, typed: string, kinds: readonly Kind[]): Promise<Candidate> {
  const prefix = typed.toLowerCase();
  if (!/^[0-9a-f][0-9a-f-]{0,35}$/.test(prefix)) throw usageError(`Cannot use "${typed}" as an id: ids are digits and letters a to f; see \`boocode ls\``);
  const { items } = await api.resolveId({ params: { prefix } });
  const usable = items.filter((item) => kinds.includes(item.kind));
  const [only] = usable;
  if (usable.length > 1) throw ambiguous(typed, usable);
  if (only !== undefined) return only;
  const [other] = items;
  if (other === undefined) throw usageError(`Cannot find "${typed}": no id begins with it; see \`boocode ls\``);
  throw usageError(`Cannot use "${typed}" here: it is a ${other.kind}, and this needs a ${kinds[0] ?? 'task'}; see \`boocode ls\``);
}

function ambiguous(typed: string, items: readonly Candidate[]): Error {
  const shown = items.slice(0, 8).map((item) => `${item.kind} ${item.id}`);
  const more = items.length > shown.length ? `, and ${items.length - shown.length} more` : '';
  return usageError(`Cannot tell which one "${typed}" means: ${shown.join(', ')}${more}; type more of it`);
}

async function sessionOf(api: ApiClient, found: Candidate): Promise<SessionId> {
  switch (found.kind) {
    case 'session':
      return SessionId.parse(found.id);
    case 'task':
      return (await api.getTask({ params: { id: TaskId.parse(found.id) } })).sessionId;
    case 'chat':
      return (await api.getChat({ params: { id: ChatId.parse(found.id) } })).sessionId;
    case 'change':
      return (await api.getChange({ params: { id: ChangeId.parse(found.id) } })).sessionId;
    case 'checkpoint':
      return (await api.getCheckpoint({ params: { id: CheckpointId.parse(found.id) } })).sessionId;
    case 'permission':
      return (await findPermission(api, found.id)).sessionId;
    case 'project':
    case 'worktree':
      throw new TypeError(`a ${found.kind} has no single session`);
  }
}

async function tasksOf(api: ApiClient, found: Candidate): Promise<Task[]> {
  const { items } = await api.listTasks({ query: { session: await sessionOf(api, found), limit: 500 } });
  return found.kind === 'chat' ? items.filter((task) => task.chatId === found.id) : items;
}

async function findPermission(api: ApiClient, id: string) {
  const { items } = await api.listPermissions({ query: { state: 'all' } });
  const permission = items.find((one) => one.id === id);
  if (permission === undefined) throw usageError(`Cannot find question "${id}": it is no longer kept; see \`boocode permit\``);
  return permission;
}
