import { BooError } from '@boocode/contracts/error-code.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import type { Hub } from '../live/hub.ts';
import { readLayout, writeLayout } from './layout-store.ts';
import { getSession } from './session-routes.ts';

export function layoutHandlers({ sql, hub }: { readonly sql: Sql; readonly hub: Hub }): Partial<Handlers> {
  return {
    getLayout: async ({ params }) => {
      await getSession(sql, params.id);
      return readLayout(sql, params.id);
    },
    patchLayout: async ({ params, body }) => {
      await getSession(sql, params.id);
      const written = await writeLayout(sql, params.id, body.layout, body.version);
      if (written === null) {
        throw new BooError('conflict', 'Cannot arrange the panes: another window has arranged them meanwhile; take its layout and try again', {
          details: await readLayout(sql, params.id),
        });
      }
      hub.publish('user', { type: 'layout_updated', sessionId: params.id, layout: body.layout, version: written.version });
      return written;
    },
  };
}
