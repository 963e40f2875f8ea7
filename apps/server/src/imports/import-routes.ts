import { listPastSessions, readPastSession } from '@boocode/agents/import/past-sessions.ts';
import type { PastPlaces, PastSession } from '@boocode/agents/import/past-session.ts';
import type { Access } from '@boocode/contracts/access.ts';
import { BooError } from '@boocode/contracts/error-code.ts';
import type { ChatId } from '@boocode/contracts/ids.ts';
import { ImportAgent, type Imported, type ImportSession, type PastSessionItem } from '@boocode/contracts/import.ts';
import type { Project } from '@boocode/contracts/project.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import type { Hub } from '../live/hub.ts';
import { getProject } from '../projects/project-routes.ts';
import { publishSession } from '../sessions/publish-session.ts';
import { titleOf } from '../sessions/session-title.ts';
import { insertImport, listKnown, reopenKnown } from './import-store.ts';

export interface ImportRouteDeps {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly places: PastPlaces;
  readonly defaultAccess: () => Promise<Access>;
}

export function importHandlers(deps: ImportRouteDeps): Partial<Handlers> {
  const { sql, hub, places } = deps;
  return {
    listImports: async ({ params }) => {
      const project = await getProject(sql, params.id);
      const { sessions, problems } = await listPastSessions(places, project.path);
      const chats = await Promise.all(ImportAgent.options.map((agent) => listKnown(sql, agent, idsOf(sessions, agent))));
      const chatOf = new Map(ImportAgent.options.map((agent, place) => [agent, chats[place]]));
      return {
        items: sessions.map((session) => toItem(session, project, chatOf.get(session.agent)?.get(session.externalId) ?? null)),
        problems: [...problems],
      };
    },
    importSession: async ({ params, body }) => {
      const imported = await importSession(deps, await getProject(sql, params.id), body);
      await publishSession(sql, hub, imported.sessionId);
      return imported;
    },
  };
}

async function importSession({ sql, places, defaultAccess }: ImportRouteDeps, project: Project, { agent, externalId }: ImportSession): Promise<Imported> {
  const before = await reopenKnown(sql, agent, externalId);
  if (before !== null) return before;
  const past = await readPastSession(places, project.path, agent, externalId);
  if (past === null) {
    throw new BooError(
      'not_found',
      `Cannot import session "${externalId}" of ${agent}: there is none with this id in "${project.path}"; \`boocode import\` lists what there is`,
    );
  }
  const imported = (await insertImport(sql, { projectId: project.id, access: await defaultAccess(), past })) ?? (await reopenKnown(sql, agent, externalId));
  if (imported === null) throw new BooError('conflict', `Cannot import session "${externalId}" of ${agent}: its project was removed meanwhile; try again`);
  return imported;
}

function idsOf(sessions: readonly PastSession[], agent: ImportAgent): string[] {
  return sessions.filter((session) => session.agent === agent).map(({ externalId }) => externalId);
}

function toItem({ agent, externalId, title, updatedAt, prompts, cwd }: PastSession, project: Project, chatId: ChatId | null): PastSessionItem {
  return {
    agent,
    externalId,
    title: titleOf(title),
    updatedAt: new Date(updatedAt).toISOString(),
    messages: prompts,
    alreadyImported: chatId,
    canContinue: cwd === project.path,
  };
}
