import type { ProjectId, SessionId } from '@boocode/contracts/ids.ts';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import type { TerminalPool } from './terminal-pool.ts';

const DEFAULT_SIZE = { cols: 80, rows: 24 };

export interface TerminalRouteDeps {
  readonly terminals: TerminalPool;
  /** The folder to work in; rejects with `not_found` for what is not there. */
  readonly findFolder: (projectId: ProjectId, sessionId: SessionId | null) => Promise<{ readonly cwd: string; readonly isInWorktree: boolean }>;
}

export function terminalHandlers({ terminals, findFolder }: TerminalRouteDeps): Partial<Handlers> {
  return {
    createTerminal: async ({ body: { projectId, sessionId = null, cols, rows, shell } }) => {
      const folder = await findFolder(projectId, sessionId);
      const size = { cols: cols ?? DEFAULT_SIZE.cols, rows: rows ?? DEFAULT_SIZE.rows };
      return (await terminals.open({ ...folder, projectId, sessionId, size, shell })).info;
    },
    listTerminals: ({ query: { project, session, ...page } }) => {
      const isMeant = (mine: string | null, wanted: string | undefined): boolean => wanted === undefined || mine === wanted;
      return pageOfAll(
        terminals.list().filter(({ projectId, sessionId }) => isMeant(projectId, project) && isMeant(sessionId, session)),
        page,
      );
    },
    resizeTerminal: ({ params, body }) => {
      const terminal = terminals.get(params.id);
      terminal.resize(body);
      return terminal.info;
    },
    closeTerminal: async ({ params }) => {
      await terminals.close(params.id);
      return { ok: true };
    },
  };
}
