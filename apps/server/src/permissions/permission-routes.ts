import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import type { PermissionBroker } from './permission-broker.ts';
import { listOpenPermissions, listPermissions } from './permission-store.ts';

const LISTED = 200;

export function permissionHandlers({ sql, broker }: { readonly sql: Sql; readonly broker: PermissionBroker }): Partial<Handlers> {
  return {
    listPermissions: async ({ query }) => pageOfAll(query.state === 'all' ? await listPermissions(sql, LISTED) : await listOpenPermissions(sql, null), query),
    answerPermission: ({ params, body }) => broker.answer(params.id, body.optionId, body.note ?? null),
  };
}
