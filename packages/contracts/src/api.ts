import * as z from 'zod/mini';
import { AgentSessionRow, Chat, CreateChat, CreateSession, PatchChat, PatchSession, Session } from './chat.ts';
import { ActOnChange, Change, ChangesResult, ChangeWithPatch, ChooseChanges } from './change.ts';
import { Health, Status } from './health.ts';
import { ChangeId, ChatId, MessageId, PermissionId, ProjectId, SessionId, TaskId, WorktreeId } from './ids.ts';
import { InboxItem } from './inbox.ts';
import { Message, MessageMetadata } from './message.ts';
import { AnswerPermission, Permission } from './permission.ts';
import { CreateProject, PatchProject, Project, RepositoryState } from './project.ts';
import { ModelList, ProviderSnapshot } from './provider.ts';
import { PatchSettings, Settings } from './settings.ts';
import { CreateTask, MessageAccepted, SendMessage, Task, TaskState } from './task.ts';
import { ApproveTrust, TrustItem } from './trust.ts';
import { Worktree, WorktreeRiskReport } from './worktree.ts';

/** One HTTP route: the server checks requests and answers with it, the clients are typed by it, OpenAPI is made from it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With `:name` for each key of `params`. */
  readonly path: `/api/${string}`;
  readonly summary: string;
  readonly params?: z.ZodMiniType;
  readonly query?: z.ZodMiniType;
  readonly body?: z.ZodMiniType;
  readonly response: z.ZodMiniType;
  readonly status: number;
  /** False for the few routes that need no token. */
  readonly token: boolean;
}

type Completed<R> = Omit<R, 'status' | 'token'> & Pick<Route, 'status' | 'token'>;

function route<const R extends Omit<Route, 'status' | 'token'> & { status?: number; token?: boolean }>(definition: R): Completed<R> {
  return { status: 200, token: true, ...definition };
}

function list<T extends z.ZodMiniType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.nullable(z.string()) });
}

const Page = { limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(500))), cursor: z.optional(z.string()) };
const Flag = z.optional(z.enum(['true', 'false']));
const Nothing = z.object({ ok: z.literal(true) });
const Empty = z.optional(z.strictObject({}));

const project = z.strictObject({ id: ProjectId });
const session = z.strictObject({ id: SessionId });
const chat = z.strictObject({ id: ChatId });
const message = z.strictObject({ id: MessageId });
const task = z.strictObject({ id: TaskId });
const change = z.strictObject({ id: ChangeId });
const permission = z.strictObject({ id: PermissionId });
const worktree = z.strictObject({ id: WorktreeId });

/** Every route of the server, by the name that clients call it with. */
export const api = {
  health: route({ method: 'GET', path: '/api/health', summary: 'Whether the server answers', response: Health, token: false }),
  status: route({ method: 'GET', path: '/api/status', summary: 'The server, its database and its problems', response: Status }),
  shutdown: route({ method: 'POST', path: '/api/shutdown', summary: 'Stop the server', body: Empty, response: Nothing, status: 202 }),

  exchangeCode: route({
    method: 'POST',
    path: '/api/auth/exchange',
    summary: 'Exchange a one-time code for a device token',
    body: z.strictObject({ code: z.string().check(z.minLength(1), z.maxLength(200)) }),
    response: z.object({ token: z.string() }),
    token: false,
  }),
  createCode: route({
    method: 'POST',
    path: '/api/auth/codes',
    summary: 'Make a one-time code and its link',
    body: Empty,
    response: z.object({ code: z.string(), url: z.string() }),
    status: 201,
  }),
  createTicket: route({
    method: 'POST',
    path: '/api/ws-ticket',
    summary: 'Make a one-time ticket for the socket',
    body: Empty,
    response: z.object({ ticket: z.string() }),
    status: 201,
  }),

  createProject: route({
    method: 'POST',
    path: '/api/projects',
    summary: 'Add a folder as a project (the same folder: the same project)',
    body: CreateProject,
    response: Project,
    status: 201,
  }),
  listProjects: route({ method: 'GET', path: '/api/projects', summary: 'List projects', query: z.strictObject(Page), response: list(Project) }),
  getProject: route({ method: 'GET', path: '/api/projects/:id', summary: 'One project', params: project, response: Project }),
  patchProject: route({ method: 'PATCH', path: '/api/projects/:id', summary: 'Change a project', params: project, body: PatchProject, response: Project }),
  deleteProject: route({ method: 'DELETE', path: '/api/projects/:id', summary: 'Forget a project (its folder stays)', params: project, response: Nothing }),
  getRepository: route({
    method: 'GET',
    path: '/api/projects/:id/repository',
    summary: 'What git says about the folder',
    params: project,
    response: RepositoryState,
  }),
  startRepository: route({
    method: 'POST',
    path: '/api/projects/:id/repository',
    summary: 'Start git in a folder without it',
    params: project,
    body: Empty,
    response: RepositoryState,
    status: 201,
  }),
  listTrust: route({
    method: 'GET',
    path: '/api/projects/:id/trust',
    summary: 'What the repository brings that needs approval',
    params: project,
    query: z.strictObject(Page),
    response: list(TrustItem),
  }),
  approveTrust: route({
    method: 'POST',
    path: '/api/projects/:id/trust',
    summary: 'Approve exactly this content',
    params: project,
    body: ApproveTrust,
    response: TrustItem,
  }),

  createSession: route({
    method: 'POST',
    path: '/api/sessions',
    summary: 'Start a session with one chat',
    body: CreateSession,
    response: Session,
    status: 201,
  }),
  listSessions: route({
    method: 'GET',
    path: '/api/sessions',
    summary: 'List sessions, newest first',
    query: z.strictObject({ ...Page, project: z.optional(ProjectId) }),
    response: list(Session),
  }),
  getSession: route({ method: 'GET', path: '/api/sessions/:id', summary: 'One session', params: session, response: Session }),
  patchSession: route({ method: 'PATCH', path: '/api/sessions/:id', summary: 'Change a session', params: session, body: PatchSession, response: Session }),
  deleteSession: route({
    method: 'DELETE',
    path: '/api/sessions/:id',
    summary: 'Delete a session; 409 with the risk report when something would be lost, unless forced',
    params: session,
    query: z.strictObject({ force: Flag }),
    response: Nothing,
  }),
  listAgentSessions: route({
    method: 'GET',
    path: '/api/sessions/:id/agent-sessions',
    summary: "The agents' own conversations",
    params: session,
    response: z.array(AgentSessionRow),
  }),

  createChat: route({
    method: 'POST',
    path: '/api/sessions/:id/chats',
    summary: 'Open a chat in a session',
    params: session,
    body: CreateChat,
    response: Chat,
    status: 201,
  }),
  getChat: route({ method: 'GET', path: '/api/chats/:id', summary: 'One chat', params: chat, response: Chat }),
  patchChat: route({ method: 'PATCH', path: '/api/chats/:id', summary: 'Change a chat', params: chat, body: PatchChat, response: Chat }),
  deleteChat: route({ method: 'DELETE', path: '/api/chats/:id', summary: 'Close a chat and end its agents', params: chat, response: Nothing }),
  listMessages: route({
    method: 'GET',
    path: '/api/chats/:id/messages',
    summary: 'A page of messages in reading order, the newest page first; `nextCursor` is the `before` of the next older page',
    params: chat,
    query: z.strictObject({ before: z.optional(z.coerce.number().check(z.int())), limit: Page.limit, cursor: z.optional(z.coerce.number().check(z.int())) }),
    response: list(Message),
  }),
  sendMessage: route({
    method: 'POST',
    path: '/api/chats/:id/messages',
    summary: 'Send a prompt; it waits while a turn runs',
    params: chat,
    body: SendMessage,
    response: MessageAccepted,
    status: 202,
  }),
  patchMessage: route({
    method: 'PATCH',
    path: '/api/messages/:id',
    summary: 'Edit a waiting message',
    params: message,
    body: z.strictObject({ text: z.string().check(z.minLength(1), z.maxLength(400_000)) }),
    response: Message,
  }),
  deleteMessage: route({
    method: 'DELETE',
    path: '/api/messages/:id',
    summary: 'Take a waiting message back',
    params: message,
    response: z.object({ text: z.string() }),
  }),
  steerMessage: route({
    method: 'POST',
    path: '/api/messages/:id/steer',
    summary: 'Hand a waiting message to the running turn',
    params: message,
    body: Empty,
    response: z.object({ result: z.enum(['delivered', 'queued']) }),
  }),

  createTask: route({
    method: 'POST',
    path: '/api/tasks',
    summary: 'Create a task; without a session or chat, in a new session',
    body: CreateTask,
    response: Task,
    status: 201,
  }),
  listTasks: route({
    method: 'GET',
    path: '/api/tasks',
    summary: 'List tasks, newest first',
    query: z.strictObject({ ...Page, state: z.optional(TaskState), project: z.optional(ProjectId), session: z.optional(SessionId) }),
    response: list(Task),
  }),
  getTask: route({ method: 'GET', path: '/api/tasks/:id', summary: 'One task', params: task, response: Task }),
  cancelTask: route({ method: 'POST', path: '/api/tasks/:id/cancel', summary: 'Cancel a task that has not ended', params: task, body: Empty, response: Task }),
  continueTask: route({
    method: 'POST',
    path: '/api/tasks/:id/continue',
    summary: 'Go on where an ended turn stopped, in a new task',
    params: task,
    body: Empty,
    response: Task,
    status: 201,
  }),
  retryTask: route({
    method: 'POST',
    path: '/api/tasks/:id/retry',
    summary: 'The prompt again, in a new task',
    params: task,
    body: Empty,
    response: Task,
    status: 201,
  }),
  discardTask: route({
    method: 'POST',
    path: '/api/tasks/:id/discard',
    summary: 'Settle a failed or interrupted task',
    params: task,
    body: Empty,
    response: Task,
  }),

  getInbox: route({ method: 'GET', path: '/api/inbox', summary: 'What needs a person', query: z.strictObject(Page), response: list(InboxItem) }),
  retryInbox: route({
    method: 'POST',
    path: '/api/inbox/:id/retry',
    summary: 'Put a failed task back in the queue, as a new task',
    params: task,
    body: Empty,
    response: Task,
    status: 201,
  }),
  listPermissions: route({
    method: 'GET',
    path: '/api/permissions',
    summary: 'Open questions',
    query: z.strictObject({ ...Page, state: z.optional(z.enum(['open', 'all'])) }),
    response: list(Permission),
  }),
  answerPermission: route({
    method: 'POST',
    path: '/api/permissions/:id/answer',
    summary: 'Answer a question; the first answer wins',
    params: permission,
    body: AnswerPermission,
    response: Permission,
  }),

  listChanges: route({
    method: 'GET',
    path: '/api/sessions/:id/changes',
    summary: "A session's changes with their patches",
    params: session,
    query: z.strictObject({ ...Page, state: z.optional(z.enum(['pending', 'applied', 'rejected', 'all'])) }),
    response: list(ChangeWithPatch),
  }),
  getChange: route({ method: 'GET', path: '/api/changes/:id', summary: 'One change with its patch', params: change, response: ChangeWithPatch }),
  patchChange: route({
    method: 'PATCH',
    path: '/api/changes/:id',
    summary: 'Mark a pending change for the next apply',
    params: change,
    body: z.strictObject({ marked: z.boolean() }),
    response: Change,
  }),
  applyChange: route({
    method: 'POST',
    path: '/api/changes/:id/apply',
    summary: 'Apply one change to the folder',
    params: change,
    body: ActOnChange,
    response: ChangesResult,
  }),
  rejectChange: route({
    method: 'POST',
    path: '/api/changes/:id/reject',
    summary: 'Reject one change',
    params: change,
    body: ActOnChange,
    response: ChangesResult,
  }),
  rewindChange: route({
    method: 'POST',
    path: '/api/changes/:id/rewind',
    summary: 'Take one applied change back out of the folder',
    params: change,
    body: ActOnChange,
    response: ChangesResult,
  }),
  applyChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/apply',
    summary: 'Apply changes, all chosen files or none',
    params: session,
    body: ChooseChanges,
    response: ChangesResult,
  }),
  rejectChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/reject',
    summary: 'Reject changes',
    params: session,
    body: ChooseChanges,
    response: ChangesResult,
  }),
  rewindChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/rewind',
    summary: 'Take applied changes back out',
    params: session,
    body: ChooseChanges,
    response: ChangesResult,
  }),

  listWorktrees: route({ method: 'GET', path: '/api/worktrees', summary: 'List worktrees', query: z.strictObject(Page), response: list(Worktree) }),
  getWorktreeRisk: route({ method: 'GET', path: '/api/worktrees/:id/risk', summary: 'What would be lost', params: worktree, response: WorktreeRiskReport }),
  deleteWorktree: route({
    method: 'DELETE',
    path: '/api/worktrees/:id',
    summary: 'Remove a worktree',
    params: worktree,
    query: z.strictObject({ force: Flag }),
    response: Nothing,
  }),

  listProviders: route({
    method: 'GET',
    path: '/api/providers',
    summary: 'Agents, as known now',
    query: z.strictObject(Page),
    response: list(ProviderSnapshot),
  }),
  refreshProviders: route({
    method: 'POST',
    path: '/api/providers/refresh',
    summary: 'Look for agents and models again',
    body: Empty,
    response: Nothing,
    status: 202,
  }),
  listModels: route({ method: 'GET', path: '/api/models', summary: 'Models and their servers, as known now', response: ModelList }),
  getSettings: route({ method: 'GET', path: '/api/settings', summary: 'Settings', response: Settings }),
  patchSettings: route({ method: 'PATCH', path: '/api/settings', summary: 'Change settings', body: PatchSettings, response: Settings }),
  resolveId: route({
    method: 'GET',
    path: '/api/ids/:prefix',
    summary: 'What an id or the beginning of one stands for',
    params: z.strictObject({ prefix: z.string().check(z.regex(/^[0-9a-f-]{1,36}$/)) }),
    response: z.object({
      items: z.array(z.object({ kind: z.enum(['project', 'session', 'chat', 'task', 'permission', 'change', 'worktree']), id: z.string() })),
    }),
  }),
} satisfies Record<string, Route>;

export type Api = typeof api;
export type RouteName = keyof Api;

/** Schemas without a route of their own, published with OpenAPI. */
export const publishedSchemas = { MessageMetadata, WorktreeRiskReport, ProviderSnapshot };
