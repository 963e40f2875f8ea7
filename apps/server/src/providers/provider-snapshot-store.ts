import { ProviderSnapshot } from '@boocode/contracts/provider.ts';
import type { Sql } from 'postgres';

/** What the last look at each agent has found, by its id. What cannot be read any more is left out. */
export async function listProviderSnapshots(sql: Sql): Promise<Map<string, ProviderSnapshot>> {
  const rows = await sql<{ id: string; snapshot: unknown }[]>`select id, snapshot from provider_snapshots`;
  return new Map(
    rows.flatMap(({ id, snapshot }) => {
      const parsed = ProviderSnapshot.safeParse(snapshot);
      return parsed.success ? [[id, parsed.data] as const] : [];
    }),
  );
}

export async function saveProviderSnapshot(sql: Sql, snapshot: ProviderSnapshot): Promise<void> {
  await sql`
    insert into provider_snapshots (id, snapshot, checked_at)
    values (${snapshot.id}, ${JSON.stringify(snapshot)}::text::json, ${snapshot.checkedAt})
    on conflict (id) do update set snapshot = excluded.snapshot, checked_at = excluded.checked_at`;
}
