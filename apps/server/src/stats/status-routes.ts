import type { Status } from '@boocode/contracts/health.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import { countByState } from '../tasks/task-store.ts';
import { findIds } from './id-store.ts';

export interface StatusDeps {
  readonly sql: Sql;
  readonly version: string;
  readonly home: string;
  readonly startedAt: string;
  readonly url: () => string;
  readonly database: () => Omit<Status['database'], 'message'>;
  readonly isContained: boolean;
  readonly problems: () => Status['problems'];
  readonly requestShutdown: () => void;
}

export function statusHandlers(deps: StatusDeps): Partial<Handlers> {
  return {
    health: () => ({ status: 'ok', version: deps.version }),
    status: async () => ({
      version: deps.version,
      pid: process.pid,
      url: deps.url(),
      home: deps.home,
      startedAt: deps.startedAt,
      rssBytes: process.memoryUsage.rss(),
      database: describeDatabase(deps),
      contained: deps.isContained,
      tasks: await countByState(deps.sql),
      problems: deps.problems(),
    }),
    shutdown: () => {
      deps.requestShutdown();
      return { ok: true };
    },
    resolveId: async ({ params }) => ({ items: await findIds(deps.sql, params.prefix) }),
  };
}

function describeDatabase(deps: StatusDeps): Status['database'] {
  const { kind, version, pid } = deps.database();
  return { kind, version, pid, message: deps.problems().find((problem) => problem.code === 'database')?.text ?? null };
}
