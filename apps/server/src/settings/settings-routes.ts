import type { Settings } from '@boocode/contracts/settings.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import { readSettings, writeSettings } from './settings-store.ts';

export function settingsHandlers({ sql, defaults }: { readonly sql: Sql; readonly defaults: Settings }): Partial<Handlers> {
  return {
    getSettings: () => readSettings(sql, defaults),
    patchSettings: async ({ body }) => {
      await writeSettings(sql, body);
      return readSettings(sql, defaults);
    },
  };
}
