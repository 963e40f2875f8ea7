import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import type { FastifyReply } from 'fastify';
import { pageOf, readPage } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { getProject } from '../projects/project-routes.ts';
import { rankFileNames } from './file-name-policy.ts';
import { FileNames } from './file-names.ts';
import { listFolder } from './list-folder.ts';
import { openPlace, type Place, type PlaceDeps } from './open-place.ts';
import { readProjectFile } from './read-file.ts';
import { searchFiles } from './search-files.ts';

/** A folder is read at once, but for enormous ones. */
const FOLDER_ENTRIES = 5_000;
const NAMES = 50;
const MATCHES = 200;

export function fileHandlers(deps: PlaceDeps): Partial<Handlers> {
  const names = new FileNames(deps.git, Date.now);
  const placeOf = async (projectId: ProjectId, sessionId: SessionId | undefined): Promise<Place> =>
    openPlace(deps, await getProject(deps.sql, projectId), sessionId ?? null);
  return {
    listFiles: async ({ params, query, reply }) => {
      const entries = await listFolder(deps.git, await placeOf(params.id, query.session), query.path ?? '', untilLeft(reply));
      const page = readPage({ ...query, limit: query.limit ?? FOLDER_ENTRIES });
      return pageOf(entries.slice(page.offset, page.offset + page.limit + 1), page);
    },
    getFile: async ({ params, query }) => readProjectFile(await placeOf(params.id, query.session), query.path),
    findFileNames: async ({ params, query }) => {
      const known = await names.list(await placeOf(params.id, query.session));
      return { items: rankFileNames(known, query.q ?? '', query.limit ?? NAMES), nextCursor: null };
    },
    searchFiles: async ({ params, query, reply }) => {
      const search = {
        text: query.q,
        isRegex: query.regex === 'true',
        isCaseSensitive: query.case_sensitive === 'true',
        isWholeWord: query.whole_word === 'true',
        path: query.path ?? '',
        glob: query.glob ?? null,
        limit: query.limit ?? MATCHES,
      };
      return { ...(await searchFiles(await placeOf(params.id, query.session), search, untilLeft(reply))), nextCursor: null };
    },
  };
}

/** Aborts when the client has gone: nobody waits for what it asked any more. */
function untilLeft(reply: FastifyReply): AbortSignal {
  const left = new AbortController();
  reply.raw.once('close', () => left.abort());
  return left.signal;
}
