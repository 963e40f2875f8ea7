import * as z from 'zod/mini';

/** What an agent may do without asking, from least to most. The same word on every surface. */
export const ACCESS_LEVELS = ['read-only', 'ask', 'edits', 'full'] as const;
export const Access = z.enum(ACCESS_LEVELS);
export type Access = z.infer<typeof Access>;
export const DEFAULT_ACCESS: Access = 'ask';
