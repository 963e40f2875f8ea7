import * as z from 'zod/mini';
import { AgentSessionRow, Chat, CreateChat, CreateSession, PatchChat, PatchSession, Session } from './chat.ts';
import {
  ActOnChange,
  BranchChanges,
  Change,
  ChangeComment,
  ChangeContent,
  ChangesCheck,
  ChangeSide,
  ChangesPatch,
  ChangesPreview,
  ChangesResult,
  ChangeWithPatch,
  ChooseChanges,
  CommitChanges,
  CommittedChanges,
  CreateChangeComment,
  EditChange,
  ExportChanges,
  MarkChange,
  PreviewChanges,
  StartCheck,
} from './change.ts';
import { Checkpoint, Comparison, CreateCheckpoint, RestoreCheckpoint, RestorePreview, RestoreResult, RestoreWhat } from './checkpoint.ts';
import { ConfigView, ModelServerName, ModelServerTest, PatchModelServers, TestModelServer } from './config-view.ts';
import { CostGroup, CostItem, CostSlice } from './cost.ts';
import { Health, Status } from './health.ts';
import { AgentNotification, RunningAgent } from './agent-info.ts';
import {
  ChangeCommentId,
  ChangeId,
  ChatId,
  CheckpointId,
  MessageId,
  PermissionId,
  PermissionRuleId,
  ProjectId,
  SessionId,
  TaskId,
  TerminalId,
  WorktreeId,
} from './ids.ts';
import { Imported, ImportList, ImportSession } from './import.ts';
import { InboxItem } from './inbox.ts';
import { LayoutNode, PatchLayout, SessionLayout } from './layout.ts';
import { Message, MessageMetadata } from './message.ts';
import { AnswerPermission, Permission, PermissionRule } from './permission.ts';
import { CreateProject, PatchProject, Project, RepositoryState } from './project.ts';
import { FileContent, FileEntry, FileMatch, FileName } from './project-file.ts';
import { AddProvider, CatalogueEntry, ModelList, ProviderName, ProviderSnapshot } from './provider.ts';
import { ChatMatch, PastPrompt, SearchHit } from './search.ts';
import { PatchSettings, Settings } from './settings.ts';
import { CreateTask, MessageAccepted, SendMessage, Task, TaskState } from './task.ts';
import { CreateTerminal, Terminal, TerminalSize } from './terminal.ts';
import { Timestamp } from './time.ts';
import { ApproveTrust, TrustItem } from './trust.ts';
import { CreateStash, ReapReport, RestoreStash, WorktreeItem, WorktreeLog, WorktreeRiskReport, WorktreeStash } from './worktree.ts';

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
const Path = z.optional(z.string().check(z.maxLength(4_096)));
const Words = z.string().check(z.minLength(1), z.maxLength(200));
const Position = z.optional(z.coerce.number().check(z.int(), z.gte(0)));
const Moment = z.optional(z.union([Timestamp, z.iso.date()]));
const CostRange = {
  from: Moment,
  to: Moment,
  project: z.optional(ProjectId),
  timezone: z.optional(z.string().check(z.regex(/^[A-Za-z0-9_+/-]{1,60}$/))),
};
const Flag = z.optional(z.enum(['true', 'false']));
const Nothing = z.object({ ok: z.literal(true) });
const Empty = z.optional(z.strictObject({}));

const project = z.strictObject({ id: ProjectId });
const session = z.strictObject({ id: SessionId });
const chat = z.strictObject({ id: ChatId });
const message = z.strictObject({ id: MessageId });
const task = z.strictObject({ id: TaskId });
const change = z.strictObject({ id: ChangeId });
const check = z.strictObject({ id: z.uuid() });
const comment = z.strictObject({ id: ChangeCommentId });
const checkpoint = z.strictObject({ id: CheckpointId });
const permission = z.strictObject({ id: PermissionId });
const worktree = z.strictObject({ id: WorktreeId });
const terminal = z.strictObject({ id: TerminalId });

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

  listImports: route({
    method: 'GET',
    path: '/api/projects/:id/imports',
    summary: "Conversations in agents' own storage that were had in the project's folder or below it, newest first",
    params: project,
    response: ImportList,
  }),
  importSession: route({
    method: 'POST',
    path: '/api/projects/:id/imports',
    summary: 'Make a chat of such a conversation (the same conversation: the same chat)',
    params: project,
    body: ImportSession,
    response: Imported,
    status: 201,
  }),

  listFiles: route({
    method: 'GET',
    path: '/api/projects/:id/files',
    summary: "One folder of the project, or of a session's worktree: folders first",
    params: project,
    query: z.strictObject({ ...Page, path: Path, session: z.optional(SessionId) }),
    response: list(FileEntry),
  }),
  getFile: route({
    method: 'GET',
    path: '/api/projects/:id/file',
    summary: 'A file as text, up to a limit',
    params: project,
    query: z.strictObject({ path: z.string().check(z.minLength(1), z.maxLength(4_096)), session: z.optional(SessionId) }),
    response: FileContent,
  }),
  findFileNames: route({
    method: 'GET',
    path: '/api/projects/:id/file-names',
    summary: 'Files whose paths hold these characters in this order, best first',
    params: project,
    query: z.strictObject({ limit: Page.limit, q: z.optional(z.string().check(z.maxLength(200))), session: z.optional(SessionId) }),
    response: list(FileName),
  }),
  searchFiles: route({
    method: 'GET',
    path: '/api/projects/:id/search',
    summary: 'Lines of files that hold a text (or, with `regex`, match a pattern); ignored files are left out',
    params: project,
    query: z.strictObject({
      limit: Page.limit,
      q: z.string().check(z.minLength(1), z.maxLength(1_000)),
      session: z.optional(SessionId),
      path: Path,
      glob: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      regex: Flag,
      case_sensitive: Flag,
      whole_word: Flag,
    }),
    response: z.object({ items: z.array(FileMatch), nextCursor: z.null(), truncated: z.boolean() }),
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
  restoreSession: route({
    method: 'POST',
    path: '/api/sessions/:id/restore',
    summary: 'Bring a deleted session back, with its chats and its worktree',
    params: session,
    body: Empty,
    response: Session,
  }),
  listAgentSessions: route({
    method: 'GET',
    path: '/api/sessions/:id/agent-sessions',
    summary: "The agents' own conversations",
    params: session,
    response: z.array(AgentSessionRow),
  }),

  getLayout: route({ method: 'GET', path: '/api/sessions/:id/layout', summary: "How a session's panes stand", params: session, response: SessionLayout }),
  patchLayout: route({
    method: 'PATCH',
    path: '/api/sessions/:id/layout',
    summary: "Arrange a session's panes; 409 with the newer layout when another window was faster",
    params: session,
    body: PatchLayout,
    response: SessionLayout,
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
  deleteChat: route({
    method: 'DELETE',
    path: '/api/chats/:id',
    summary: 'Delete a chat; 409 when a turn of it has not ended, unless forced: then the turn is stopped',
    params: chat,
    query: z.strictObject({ force: Flag }),
    response: Nothing,
  }),
  restoreChat: route({ method: 'POST', path: '/api/chats/:id/restore', summary: 'Bring a deleted chat back', params: chat, body: Empty, response: Chat }),
  listMessages: route({
    method: 'GET',
    path: '/api/chats/:id/messages',
    summary:
      'A page of messages in reading order, the newest page first; `nextCursor` is the `before` of the next older page, `newerCursor` the `after` of the next newer one',
    params: chat,
    query: z.strictObject({ before: Position, after: Position, around: Position, limit: Page.limit, cursor: Position }),
    response: z.object({ items: z.array(Message), nextCursor: z.nullable(z.string()), newerCursor: z.optional(z.nullable(z.string())) }),
  }),
  findInChat: route({
    method: 'GET',
    path: '/api/chats/:id/find',
    summary: 'All messages of a chat that hold a text, in reading order',
    params: chat,
    query: z.strictObject({ q: Words }),
    response: list(ChatMatch),
  }),
  listPrompts: route({
    method: 'GET',
    path: '/api/chats/:id/prompts',
    summary: 'What was asked in a chat, newest first',
    params: chat,
    query: z.strictObject({ limit: Page.limit }),
    response: list(PastPrompt),
  }),
  search: route({
    method: 'GET',
    path: '/api/search',
    summary: 'Messages of all chats that hold all these words or beginnings of words, newest first',
    query: z.strictObject({ ...Page, q: Words, project: z.optional(ProjectId) }),
    response: list(SearchHit),
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
    query: z.strictObject({
      ...Page,
      state: z.optional(TaskState),
      project: z.optional(ProjectId),
      session: z.optional(SessionId),
      agent: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      /** In the prompt. */
      text: z.optional(Words),
      from: Moment,
      to: Moment,
    }),
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

  listPermissionRules: route({
    method: 'GET',
    path: '/api/permission-rules',
    summary: 'What is always allowed, in one project or in all',
    query: z.strictObject({ ...Page, project: z.optional(ProjectId) }),
    response: list(PermissionRule),
  }),
  deletePermissionRule: route({
    method: 'DELETE',
    path: '/api/permission-rules/:id',
    summary: 'Ask again for what was always allowed',
    params: z.strictObject({ id: PermissionRuleId }),
    response: Nothing,
  }),
  listRunningAgents: route({
    method: 'GET',
    path: '/api/agents',
    summary: 'Agents that are kept ready between turns, with their memory',
    query: z.strictObject(Page),
    response: list(RunningAgent),
  }),
  notifyAgentStatus: route({
    method: 'POST',
    path: '/api/agents/notify',
    summary: 'What a hook of an agent without a protocol says of its status; with the token of that agent alone',
    body: AgentNotification,
    response: Nothing,
    token: false,
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
    summary: 'Mark a pending change, or hunks of it, for the next apply',
    params: change,
    body: MarkChange,
    response: Change,
  }),
  getChangeContent: route({
    method: 'GET',
    path: '/api/changes/:id/content',
    summary: 'One side of a change as text',
    params: change,
    query: z.strictObject({ side: z.optional(ChangeSide) }),
    response: ChangeContent,
  }),
  editChange: route({
    method: 'PATCH',
    path: '/api/changes/:id/content',
    summary: "A person's own edit of a pending change; what comes of it is a change without an agent",
    params: change,
    body: EditChange,
    response: ChangesResult,
  }),
  restoreChange: route({
    method: 'POST',
    path: '/api/changes/:id/restore',
    summary: 'Undo the rejection of a change',
    params: change,
    body: Empty,
    response: ChangesResult,
  }),
  commentOnChange: route({
    method: 'POST',
    path: '/api/changes/:id/comments',
    summary: 'Say something about a line; the agent gets it with its next prompt',
    params: change,
    body: CreateChangeComment,
    response: ChangeComment,
    status: 201,
  }),
  listComments: route({
    method: 'GET',
    path: '/api/sessions/:id/comments',
    summary: 'Comments that no agent has been given yet',
    params: session,
    query: z.strictObject(Page),
    response: list(ChangeComment),
  }),
  deleteComment: route({
    method: 'DELETE',
    path: '/api/comments/:id',
    summary: 'Take a comment back before an agent has it',
    params: comment,
    response: Nothing,
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
  previewChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/preview',
    summary: "What an apply, rewind or rejection would do: conflicts with the folder, collisions with other sessions' pending changes",
    params: session,
    body: PreviewChanges,
    response: ChangesPreview,
  }),
  commitChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/commit',
    summary: 'Apply changes and commit just them on the branch that is checked out',
    params: session,
    body: CommitChanges,
    response: CommittedChanges,
  }),
  branchChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/branch',
    summary: 'Put changes on a new branch; the folder stays as it is and they stay pending',
    params: session,
    body: BranchChanges,
    response: CommittedChanges,
    status: 201,
  }),
  exportChanges: route({
    method: 'POST',
    path: '/api/sessions/:id/changes/patch',
    summary: 'Changes as one patch that `git apply` takes',
    params: session,
    body: ExportChanges,
    response: ChangesPatch,
  }),
  startCheck: route({
    method: 'POST',
    path: '/api/sessions/:id/checks',
    summary: 'Run a command on the folder as it would be with the changes, in a place of its own',
    params: session,
    body: StartCheck,
    response: ChangesCheck,
    status: 202,
  }),
  getCheck: route({ method: 'GET', path: '/api/checks/:id', summary: 'A check and the end of its output', params: check, response: ChangesCheck }),
  cancelCheck: route({ method: 'POST', path: '/api/checks/:id/cancel', summary: 'End a check', params: check, body: Empty, response: ChangesCheck }),

  listWorktrees: route({
    method: 'GET',
    path: '/api/worktrees',
    summary: 'List worktrees, those in the trash too, newest first',
    query: z.strictObject(Page),
    response: list(WorktreeItem),
  }),
  planReap: route({
    method: 'GET',
    path: '/api/worktrees/reap',
    summary: 'What the reaper would do now with each worktree, and why; nothing is done',
    response: ReapReport,
  }),
  reap: route({
    method: 'POST',
    path: '/api/worktrees/reap',
    summary: 'Let the reaper run now; answers with what it did and left, and why',
    body: Empty,
    response: ReapReport,
  }),
  getWorktree: route({ method: 'GET', path: '/api/worktrees/:id', summary: 'One worktree', params: worktree, response: WorktreeItem }),
  listCheckpoints: route({
    method: 'GET',
    path: '/api/sessions/:id/checkpoints',
    summary: "The checkpoints of a session's worktree, oldest first; with `message`, the one before that prompt",
    params: session,
    query: z.strictObject({ ...Page, message: z.optional(MessageId) }),
    response: list(Checkpoint),
  }),
  createCheckpoint: route({
    method: 'POST',
    path: '/api/sessions/:id/checkpoints',
    summary: "Keep the files of a session's worktree as they are now",
    params: session,
    body: z.optional(CreateCheckpoint),
    response: Checkpoint,
    status: 201,
  }),
  getCheckpoint: route({ method: 'GET', path: '/api/checkpoints/:id', summary: 'One checkpoint', params: checkpoint, response: Checkpoint }),
  compareCheckpoints: route({
    method: 'GET',
    path: '/api/checkpoints/:id/changes',
    summary: 'How a checkpoint differs from another one (`from`; by default the one before it), or from what a later one or the worktree holds now (`to`)',
    params: checkpoint,
    query: z.strictObject({ from: z.optional(z.union([CheckpointId, z.literal('worktree')])), to: z.optional(z.union([CheckpointId, z.literal('worktree')])) }),
    response: Comparison,
  }),
  previewRestore: route({
    method: 'GET',
    path: '/api/checkpoints/:id/restore',
    summary: 'What restoring a checkpoint would do',
    params: checkpoint,
    query: z.strictObject({ what: z.optional(RestoreWhat), before: z.optional(MessageId) }),
    response: RestorePreview,
  }),
  restoreCheckpoint: route({
    method: 'POST',
    path: '/api/checkpoints/:id/restore',
    summary: 'Bring files, chat or both back to a checkpoint, all or nothing; restoring the `safety` checkpoint that is returned undoes it',
    params: checkpoint,
    body: RestoreCheckpoint,
    response: RestoreResult,
  }),

  getWorktreeRisk: route({ method: 'GET', path: '/api/worktrees/:id/risk', summary: 'What would be lost', params: worktree, response: WorktreeRiskReport }),
  deleteWorktree: route({
    method: 'DELETE',
    path: '/api/worktrees/:id',
    summary: 'Move a worktree to the trash, from which it can be brought back for days; 409 with the risk report when work would go with it, unless forced',
    params: worktree,
    query: z.strictObject({ force: Flag }),
    response: WorktreeItem,
  }),
  restoreWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/restore',
    summary: 'Bring a worktree back from the trash',
    params: worktree,
    body: Empty,
    response: WorktreeItem,
  }),
  purgeWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/purge',
    summary: 'Remove a worktree that is in the trash for good; its branch stays when commits are nowhere else',
    params: worktree,
    body: Empty,
    response: Nothing,
  }),
  stashWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/stash',
    summary: 'Put everything uncommitted of a worktree aside and clean it',
    params: worktree,
    body: CreateStash,
    response: WorktreeStash,
    status: 201,
  }),
  unstashWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/unstash',
    summary: 'Bring a stash back (the newest one, unless named); 409 where a file has changed since',
    params: worktree,
    body: RestoreStash,
    response: WorktreeStash,
  }),
  setUpWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/setup',
    summary: 'Set a worktree up again: copy what is missing and run the trusted script',
    params: worktree,
    body: Empty,
    response: WorktreeItem,
  }),
  repairWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/repair',
    summary: 'Mend a worktree that was damaged by hand; 409 with a sentence when it cannot be',
    params: worktree,
    body: Empty,
    response: z.object({ worktree: WorktreeItem, repaired: z.nullable(z.string()), notes: z.array(z.string()) }),
  }),
  measureWorktree: route({
    method: 'POST',
    path: '/api/worktrees/:id/measure',
    summary: 'Measure what a worktree takes on the disk again',
    params: worktree,
    body: Empty,
    response: WorktreeItem,
  }),
  getWorktreeLog: route({
    method: 'GET',
    path: '/api/worktrees/:id/log',
    summary: 'What the set-up and teardown scripts of a worktree wrote, its end',
    params: worktree,
    response: WorktreeLog,
  }),

  createTerminal: route({
    method: 'POST',
    path: '/api/terminals',
    summary: "Open a terminal in a project's folder or a session's worktree; its socket is at /api/terminals/:id",
    body: CreateTerminal,
    response: Terminal,
    status: 201,
  }),
  listTerminals: route({
    method: 'GET',
    path: '/api/terminals',
    summary: 'List terminals, oldest first',
    query: z.strictObject({ ...Page, project: z.optional(ProjectId), session: z.optional(SessionId) }),
    response: list(Terminal),
  }),
  resizeTerminal: route({
    method: 'PATCH',
    path: '/api/terminals/:id',
    summary: 'Resize a terminal',
    params: terminal,
    body: TerminalSize,
    response: Terminal,
  }),
  closeTerminal: route({
    method: 'DELETE',
    path: '/api/terminals/:id',
    summary: 'Close a terminal and end what runs in it',
    params: terminal,
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
  addProvider: route({
    method: 'POST',
    path: '/api/providers',
    summary: 'Add an agent to config.json, from the catalogue or as given; it holds at once',
    body: AddProvider,
    response: ProviderSnapshot,
    status: 201,
  }),
  deleteProvider: route({
    method: 'DELETE',
    path: '/api/providers/:id',
    summary: 'Take what config.json says about an agent away (a built-in one is as before)',
    params: z.strictObject({ id: ProviderName }),
    response: Nothing,
  }),
  listCatalogue: route({
    method: 'GET',
    path: '/api/catalogue',
    summary: 'Agents that can be added, each proven with exactly this version',
    query: z.strictObject(Page),
    response: list(CatalogueEntry),
  }),
  listModels: route({ method: 'GET', path: '/api/models', summary: 'Models and their servers, as known now', response: ModelList }),
  getCosts: route({
    method: 'GET',
    path: '/api/stats/costs',
    summary: 'What tasks used: days in order, everything else by tokens; `timezone` says where a day begins',
    query: z.strictObject({ ...CostRange, group_by: z.optional(CostGroup) }),
    response: list(CostItem),
  }),
  getCostDays: route({
    method: 'GET',
    path: '/api/stats/cost-days',
    summary: 'What tasks used on each day, by group: days in order, the groups of a day by tokens',
    query: z.strictObject({ ...CostRange, group_by: z.enum(['project', 'agent', 'model']) }),
    response: list(CostSlice),
  }),
  getConfig: route({ method: 'GET', path: '/api/config', summary: 'What config.json says, without its secrets', response: ConfigView }),
  patchModelServers: route({
    method: 'PATCH',
    path: '/api/config/model-servers',
    summary: 'Add, change or remove a model server in config.json; it holds at once',
    body: PatchModelServers,
    response: ConfigView,
  }),
  testModelServer: route({
    method: 'POST',
    path: '/api/model-servers/:id/test',
    summary: 'Ask a model server for its models',
    params: z.strictObject({ id: ModelServerName }),
    body: TestModelServer,
    response: ModelServerTest,
  }),
  getSettings: route({ method: 'GET', path: '/api/settings', summary: 'Settings', response: Settings }),
  patchSettings: route({ method: 'PATCH', path: '/api/settings', summary: 'Change settings', body: PatchSettings, response: Settings }),
  resolveId: route({
    method: 'GET',
    path: '/api/ids/:prefix',
    summary: 'What an id or the beginning of one stands for',
    params: z.strictObject({ prefix: z.string().check(z.regex(/^[0-9a-f-]{1,36}$/)) }),
    response: z.object({
      items: z.array(z.object({ kind: z.enum(['project', 'session', 'chat', 'task', 'permission', 'change', 'checkpoint', 'worktree']), id: z.string() })),
    }),
  }),
} satisfies Record<string, Route>;

export type Api = typeof api;
export type RouteName = keyof Api;

/** Schemas without a route of their own, published with OpenAPI. */
export const publishedSchemas = { LayoutNode, MessageMetadata, WorktreeRiskReport, ProviderSnapshot };
