import { BooError } from '@boocode/contracts/error-code.ts';
import type { Sql } from 'postgres';
import { pageOfAll } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import type { PermissionBroker } from './permission-broker.ts';
import { deleteRule, listRules } from './permission-rule-store.ts';
import { listOpenPermissions, listPermissions } from './permission-store.ts';

const LISTED = 200;

export function permissionHandlers({ sql, broker }: { readonly sql: Sql; readonly broker: PermissionBroker }): Partial<Handlers> {
  return {
    listPermissions: async ({ query }) => pageOfAll(query.state === 'all' ? await listPermissions(sql, LISTED) : await listOpenPermissions(sql, null), query),
    listPermissionRules: async ({ query }) => pageOfAll(await listRules(sql, query.project ?? null), query),
    deletePermissionRule: async ({ params }) => {
      if (!(await deleteRule(sql, params.id)))
        throw new BooError('not_found', `Cannot remove rule ${params.id}: there is none with this id; \`boocode permit rules\` lists them`);
      return { ok: true };
    },
    answerPermission: ({ params, body }) => broker.answer(params.id, body.optionId, body.note ?? null),
  };
}
