import type { Git } from '@boocode/git/run-git.ts';
import type { Sql } from 'postgres';
import { fileHandlers } from './files/file-routes.ts';
import type { Handlers } from './http/register-route.ts';
import type { Hub } from './live/hub.ts';
import { searchHandlers } from './search/search-routes.ts';
import { layoutHandlers } from './sessions/layout-routes.ts';
import { costHandlers } from './stats/cost-routes.ts';

export interface WorkspaceParts {
  readonly sql: Sql;
  readonly hub: Hub;
  readonly git: Git;
}

/** What people look at and arrange beside the chats: layouts, files, searches, costs. */
export function workspaceHandlers({ sql, hub, git }: WorkspaceParts): Partial<Handlers> {
  return {
    ...fileHandlers({ sql, git }),
    ...layoutHandlers({ sql, hub }),
    ...searchHandlers({ sql }),
    ...costHandlers({ sql }),
  };
}
