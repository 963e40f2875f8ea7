import { Session } from '@boocode/contracts/chat.ts';
import { Permission } from '@boocode/contracts/permission.ts';
import { Project } from '@boocode/contracts/project.ts';
import { Model, ModelServer, ProviderSnapshot } from '@boocode/contracts/provider.ts';
import { Task } from '@boocode/contracts/task.ts';
import * as z from 'zod/mini';
import { EMPTY_USER, type UserState } from './user-state.ts';

const KEY = 'boocode.cache.user';
const MOST_SESSIONS = 100;
const MOST_TASKS = 30;
const MOST_CHARACTERS = 400_000;

const Kept = z.object({
  owner: z.string(),
  projects: z.array(Project),
  sessions: z.array(Session),
  permissions: z.array(Permission),
  failed: z.nullable(z.array(Task)),
  models: z.nullable(z.array(Model)),
  servers: z.array(ModelServer),
  providers: z.nullable(z.array(ProviderSnapshot)),
  isContained: z.nullable(z.boolean()),
});

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What this device last saw, to paint at once. It counts as loaded but not as current, and asks for a snapshot. */
export function readUserCache(storage: Store, owner: string): UserState {
  try {
    const kept = Kept.parse(JSON.parse(storage.getItem(KEY) ?? 'null'));
    if (kept.owner !== owner) return EMPTY_USER;
    const { projects, sessions, permissions, failed, models, servers, providers, isContained } = kept;
    return { ...EMPTY_USER, isLoaded: true, projects, sessions, permissions, failed, models, servers, providers, isContained };
  } catch {
    return EMPTY_USER; // nothing kept, or by another version
  }
}

/** Keeps a bounded part of a current state on this device. */
export function keepUserCache(storage: Store, owner: string, state: UserState): void {
  if (!state.isCurrent) return;
  const { projects, permissions, models, servers, isContained } = state;
  const providers = state.providers?.map((provider) => ({ ...provider, report: '' })) ?? null;
  const failed = state.failed?.slice(0, MOST_TASKS) ?? null;
  const text = JSON.stringify({
    owner,
    projects,
    sessions: state.sessions.slice(0, MOST_SESSIONS),
    permissions,
    failed,
    models,
    servers,
    providers,
    isContained,
  });
  try {
    if (text.length <= MOST_CHARACTERS) storage.setItem(KEY, text);
    else storage.removeItem(KEY);
  } catch {
    storage.removeItem(KEY); // the device is full: the next start waits for the server
  }
}

export function forgetUserCache(storage: Store): void {
  storage.removeItem(KEY);
}
