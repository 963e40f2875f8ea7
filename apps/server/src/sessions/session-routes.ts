import type { Access } from '@boocode/contracts/access.ts';
import type { AgentSessionRow, Session } from '@boocode/contracts/chat.ts';
import { NATIVE_AGENT } from '@boocode/contracts/agent-info.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChatId, SessionId } from '@boocode/contracts/ids.ts';
import type { WorktreeRiskReport } from '@boocode/contracts/worktree.ts';
import type { Sql } from 'postgres';
import { pageOf, readPage } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import type { Hub } from '../live/hub.ts';
import { findProject } from '../projects/project-store.ts';
import { publishSession } from './publish-session.ts';
import { UNTITLED } from './session-title.ts';
import { deleteSession, findSession, insertSession, listSessions, reopenSession, updateSessionTitle } from './session-store.ts';

export interface SessionRouteDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly defaultAccess: () => Promise<Access>;
  readonly listAgentSessions: (id: SessionId) => Promise<AgentSessionRow[]>;
  /** What deleting the session would lose; null when it has no worktree and nothing runs. */
  readonly riskOf: (id: SessionId) => Promise<WorktreeRiskReport | null>;
  /** Ends what runs or waits in these chats and waits until it has. */
  readonly endTurns: (chats: readonly ChatId[]) => Promise<void>;
  /** Closes the session's terminals, which stand in a folder that goes with it. */
  readonly endTerminals: (id: SessionId) => Promise<void>;
  /** Tells every screen of failed turns that wait for a decision again. */
  readonly announceUnsettled: (id: SessionId) => Promise<void>;
  /** Brings the session's worktree back, should it be in the trash by now. Never rejects. */
  readonly restoreFiles: (id: SessionId) => Promise<void>;
}

export function sessionHandlers(deps: SessionRouteDeps): Partial<Handlers> {
  const { sql, hub } = deps;
  return {
    createSession: async ({ body }) => {
      if ((await findProject(sql, body.projectId)) === null) throw new BooError('not_found', `Cannot start a session: there is no project ${body.projectId}`);
      const session = await insertSession(sql, {
        projectId: body.projectId,
        title: body.title ?? UNTITLED,
        baseline: body.baseline ?? 'head',
        agent: body.agent ?? NATIVE_AGENT,
        model: body.model ?? null,
        mode: body.mode ?? null,
        access: body.access ?? (await deps.defaultAccess()),
      });
      hub.publish('user', { type: 'session_updated', session });
      return session;
    },
    listSessions: async ({ query }) => {
      const page = readPage(query);
      return pageOf(await listSessions(sql, query.project ?? null, page.limit + 1, page.offset), page);
    },
    getSession: ({ params }) => getSession(sql, params.id),
    patchSession: async ({ params, body }) => {
      if (body.title !== undefined) await updateSessionTitle(sql, params.id, body.title);
      const session = await getSession(sql, params.id);
      hub.publish('user', { type: 'session_updated', session });
      return session;
    },
    deleteSession: async ({ params, query }) => {
      const session = await getSession(sql, params.id);
      const risk = query.force === 'true' ? null : await deps.riskOf(params.id);
      if (risk !== null && !risk.canDelete) {
        throw new BooError(
          'conflict',
          `Cannot delete the session: ${risk.reason ?? 'something would be lost'}; apply or reject its changes first, or force it`,
          { details: risk },
        );
      }
      await deps.endTurns(session.chats.map((chat) => chat.id));
      await deps.endTerminals(params.id);
      await deleteSession(sql, params.id);
      await publishSession(sql, hub, params.id);
      return { ok: true };
    },
    restoreSession: async ({ params }) => {
      await reopenSession(sql, params.id);
      await deps.restoreFiles(params.id);
      const session = await getSession(sql, params.id);
      hub.publish('user', { type: 'session_updated', session });
      await deps.announceUnsettled(params.id);
      return session;
    },
    listAgentSessions: async ({ params }) => {
      await getSession(sql, params.id);
      return deps.listAgentSessions(params.id);
    },
  };
}

/** The session, or `not_found`. */
export async function getSession(sql: Sql, id: SessionId): Promise<Session> {
  const session = await findSession(sql, id);
  if (session === null) throw new BooError('not_found', `Cannot find session ${id}: there is none with this id; \`boocode sessions\` lists what there is`);
  return session;
}
