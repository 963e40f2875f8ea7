import { BooError } from '@boocode/contracts/error-code.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import { readCostDays, readCosts } from './cost-store.ts';

export function costHandlers({ sql }: { readonly sql: Sql }): Partial<Handlers> {
  return {
    getCosts: async ({ query }) => {
      const timezone = checkTimezone(query.timezone ?? 'UTC');
      const filter = { groupBy: query.group_by ?? 'project', from: query.from ?? null, to: query.to ?? null, projectId: query.project ?? null, timezone };
      return { items: await readCosts(sql, filter), nextCursor: null };
    },
    getCostDays: async ({ query }) => {
      const timezone = checkTimezone(query.timezone ?? 'UTC');
      const filter = { groupBy: query.group_by, from: query.from ?? null, to: query.to ?? null, projectId: query.project ?? null, timezone };
      return { items: await readCostDays(sql, filter), nextCursor: null };
    },
  };
}

function checkTimezone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new BooError('invalid_request', `Cannot count costs: "${name}" is no time zone; give one like "Europe/Berlin"`);
  }
}
