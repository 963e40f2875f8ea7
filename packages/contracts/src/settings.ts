import * as z from 'zod/mini';
import { Access } from './access.ts';

export const THEME_IDS = ['ember', 'tide', 'chalk', 'beacon', 'system'] as const;
const MAX_SHORTCUTS = 200;

/** Up to three key presses, one after the other: `Ctrl+Shift+P`, `g i`. Null: the action has no key. */
const Keys = z.nullable(
  z.string().check(z.maxLength(60), z.regex(/^\S{1,30}( \S{1,30}){0,2}$/, 'must be one to three key presses, for instance "Ctrl+K" or "g i"')),
);

/** Keys that a person chose, by action; an action that is not in it keeps its own. */
export const Shortcuts = z
  .record(z.string().check(z.regex(/^[a-z][a-z0-9._-]{0,63}$/)), Keys)
  .check(z.refine((shortcuts) => Object.keys(shortcuts).length <= MAX_SHORTCUTS, `must have at most ${MAX_SHORTCUTS} entries`));
export type Shortcuts = z.infer<typeof Shortcuts>;

/** What a person chose for the whole program; kept in the database. */
export const Settings = z.object({
  theme_id: z.enum(THEME_IDS),
  access: Access,
  model: z.nullable(z.string()),
  shortcuts: Shortcuts,
  /** The browser's own notifications. */
  notifications: z.boolean(),
  sounds: z.boolean(),
  /** `system`: as the system asks for. */
  reduce_motion: z.enum(['system', 'on', 'off']),
  /** Whether long lines of code are wrapped. */
  wrap: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;

/** What holds until a person chooses. */
export const DEFAULT_SETTINGS: Settings = {
  theme_id: 'ember',
  access: 'ask',
  model: null,
  shortcuts: {},
  notifications: false,
  sounds: false,
  reduce_motion: 'system',
  wrap: false,
};

export const PatchSettings = z.strictObject({
  theme_id: z.optional(z.enum(THEME_IDS)),
  access: z.optional(Access),
  model: z.optional(z.nullable(z.string().check(z.minLength(1), z.maxLength(200)))),
  /** Replaces all of them. */
  shortcuts: z.optional(Shortcuts),
  notifications: z.optional(z.boolean()),
  sounds: z.optional(z.boolean()),
  reduce_motion: z.optional(z.enum(['system', 'on', 'off'])),
  wrap: z.optional(z.boolean()),
});
export type PatchSettings = z.infer<typeof PatchSettings>;
