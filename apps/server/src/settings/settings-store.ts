import { Settings } from '@boocode/contracts/settings.ts';
import type { Sql } from 'postgres';

/** What a person chose; `defaults` stand for what was never chosen or cannot be read any more. */
export async function readSettings(sql: Sql, defaults: Settings): Promise<Settings> {
  const rows = await sql<{ key: string; value: unknown }[]>`select key, value from settings`;
  let settings = defaults;
  for (const row of rows) {
    const next = Settings.safeParse({ ...settings, [row.key]: row.value });
    if (next.success) settings = next.data;
  }
  return settings;
}

export async function writeSettings(sql: Sql, patch: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    await sql`
      insert into settings (key, value) values (${key}, ${JSON.stringify(value)}::text::json)
      on conflict (key) do update set value = excluded.value`;
  }
}
