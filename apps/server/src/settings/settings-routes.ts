import type { Settings } from '@boocode/contracts/settings.ts';
import type { Sql } from 'postgres';
import type { Handlers } from '../http/register-route.ts';
import { readSettings, writeSettings } from './settings-store.ts';

export interface SettingsDeps {
  readonly sql: Sql;
  /** What holds until a person chooses. */
  readonly defaults: Settings;
  readonly onChange: () => void;
}

export function settingsHandlers({ sql, defaults, onChange }: SettingsDeps): Partial<Handlers> {
  return {
    getSettings: () => readSettings(sql, defaults),
    patchSettings: async ({ body }) => {
      await writeSettings(sql, body);
      onChange();
      return readSettings(sql, defaults);
    },
  };
}
