import type { SessionId } from '@boocode/contracts/ids.ts';
import { Layout, type SessionLayout } from '@boocode/contracts/layout.ts';
import type { Sql } from 'postgres';

/** A layout that cannot be read any more counts as none; its version stays, so that it can be replaced. */
export async function readLayout(sql: Sql, id: SessionId): Promise<SessionLayout> {
  const [row] = await sql<{ layout: unknown; version: number }[]>`select layout, version from session_layouts where session_id = ${id}`;
  if (row === undefined) return { layout: null, version: 0 };
  const layout = Layout.safeParse(row.layout);
  return { layout: layout.success ? layout.data : null, version: row.version };
}

/** Replaces the layout that has this version (0 = there is none yet). Null when there is a newer one. */
export async function writeLayout(sql: Sql, id: SessionId, layout: Layout, version: number): Promise<SessionLayout | null> {
  const json = JSON.stringify(layout);
  const rows =
    version === 0
      ? await sql<{ version: number }[]>`
          insert into session_layouts (session_id, layout, version) values (${id}, ${json}::text::json, 1) on conflict (session_id) do nothing returning version`
      : await sql<{ version: number }[]>`
          update session_layouts set layout = ${json}::text::json, version = version + 1 where session_id = ${id} and version = ${version} returning version`;
  const [row] = rows;
  return row === undefined ? null : { layout, version: row.version };
}
