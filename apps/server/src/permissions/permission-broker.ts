import type { ChatId, PermissionId, TaskId } from '@boocode/contracts/ids.ts';
import type { PermissionAnswer } from '@boocode/agents/backend.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import { chatChannel } from '@boocode/contracts/frames.ts';
import type { Permission, PermissionRequest } from '@boocode/contracts/permission.ts';
import type { Task } from '@boocode/contracts/task.ts';
import type { Sql } from 'postgres';
import type { Hub } from '../live/hub.ts';
import { insertRule, isAlwaysAllowed } from './permission-rule-store.ts';
import { answerOnce, expirePermissions, findAskedChats, findPermission, insertPermission } from './permission-store.ts';

/** Kept by us, in a rule that can be seen and taken back: so an agent is told "yes" or "no" each time, and never "always". */
const ALWAYS = { id: 'boocode:always', label: 'Always allow in this project', kind: 'allow_always' } as const;

function withAlways(request: PermissionRequest): PermissionRequest {
  if (request.kind === 'question' || request.kind === 'script') return request;
  const canRejectOnce = request.options.some(({ kind }) => kind === 'reject_once');
  const [first, ...others] = request.options.filter(({ kind }) => kind !== 'allow_always' && (kind !== 'reject_always' || !canRejectOnce));
  const options = first === undefined ? [] : first.kind === 'allow_once' ? [first, ALWAYS, ...others] : [ALWAYS, first, ...others];
  return { ...request, options };
}

/** Holds the agents that wait for a person. A question is a row first; whoever answers first, wins; a question of a dead turn expires. */
export class PermissionBroker {
  readonly #sql: Sql;
  readonly #hub: Hub;
  readonly #waiting = new Map<PermissionId, (answer: PermissionAnswer) => void>();

  constructor(sql: Sql, hub: Hub) {
    this.#sql = sql;
    this.#hub = hub;
  }

  /** Stores the question and waits. Rejects with an AbortError when the signal aborts (the question then expires). */
  async ask(task: Task, request: PermissionRequest, signal: AbortSignal): Promise<PermissionAnswer> {
    signal.throwIfAborted();
    if (await isAlwaysAllowed(this.#sql, task, request)) return { allowed: true, optionId: null, note: null };
    const chats = await findAskedChats(this.#sql, task.id);
    const permission = await insertPermission(this.#sql, task, withAlways(request));
    const { promise, resolve, reject } = Promise.withResolvers<PermissionAnswer>();
    this.#waiting.set(permission.id, resolve);
    const onAbort = (): void => reject(new DOMException('the turn has ended', 'AbortError'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      this.#publish('permission_requested', permission, chats); // in this very moment: an answer may come with the next
      return await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#waiting.delete(permission.id);
    }
  }

  /** Answers a question once. Rejects with `conflict` when somebody was first, `not_found`, or `invalid_request` for an option it does not have. */
  async answer(id: PermissionId, optionId: string, note: string | null): Promise<Permission> {
    const permission = await findPermission(this.#sql, id);
    if (permission === null)
      throw new BooError('not_found', `Cannot answer question ${id}: there is none with this id; \`boocode permit\` lists the open ones`);
    const option = permission.options.find((candidate) => candidate.id === optionId);
    if (option === undefined) {
      throw new BooError(
        'invalid_request',
        `Cannot answer question ${id} with "${optionId}": choose one of ${permission.options.map((o) => `"${o.id}"`).join(', ')}`,
      );
    }
    const allowed = option.kind === 'allow_once' || option.kind === 'allow_always';
    const answered = await this.#sql.begin(async (tx) => {
      const first = await answerOnce(tx, id, allowed ? 'allowed' : 'denied', optionId, note);
      if (first !== null && option.id === ALWAYS.id) await insertRule(tx, permission, permission);
      return first;
    });
    if (answered === null) {
      const now = await findPermission(this.#sql, id);
      throw new BooError('conflict', `Cannot answer question ${id}: it is ${now?.state ?? 'gone'} already`);
    }
    this.#waiting.get(id)?.({ allowed, optionId: option.id === ALWAYS.id ? null : optionId, note });
    this.#publish('permission_resolved', answered, await findAskedChats(this.#sql, answered.taskId));
    return answered;
  }

  /** Closes the open questions of a turn that has ended. */
  async expire(taskId: TaskId): Promise<void> {
    const expired = await expirePermissions(this.#sql, taskId);
    if (expired.length === 0) return;
    const chats = await findAskedChats(this.#sql, taskId);
    for (const permission of expired) this.#publish('permission_resolved', permission, chats);
  }

  #publish(type: 'permission_requested' | 'permission_resolved', permission: Permission, chats: readonly ChatId[]): void {
    for (const chat of chats) this.#hub.publish(chatChannel(chat), { type, permission });
    this.#hub.publish('user', { type, permission });
  }
}
