import * as z from 'zod/mini';
import { Access } from './access.ts';

export const THEME_IDS = ['ember', 'tide', 'chalk', 'beacon', 'system'] as const;

/** What a person chose for the whole program; kept in the database. */
export const Settings = z.object({
  theme_id: z.enum(THEME_IDS),
  access: Access,
  model: z.nullable(z.string()),
});
export type Settings = z.infer<typeof Settings>;

export const PatchSettings = z.strictObject({
  theme_id: z.optional(z.enum(THEME_IDS)),
  access: z.optional(Access),
  model: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(200)))),
});
export type PatchSettings = z.infer<typeof PatchSettings>;
