import type { Sql } from 'postgres';
import type { Handlers } from './http/register-route.ts';
import type { Hub } from './live/hub.ts';
import { searchHandlers } from './search/search-routes.ts';
import { layoutHandlers } from './sessions/layout-routes.ts';
import { costHandlers } from './stats/cost-routes.ts';

export interface WorkspaceParts {
  readonly sql: Sql;
  readonly hub: Hub;
}

/** What people look at and arrange beside the chats: layouts, searches, costs. */
export function workspaceHandlers({ sql, hub }: WorkspaceParts): Partial<Handlers> {
  return {
    ...layoutHandlers({ sql, hub }),
    ...searchHandlers({ sql }),
    ...costHandlers({ sql }),
  };
}
