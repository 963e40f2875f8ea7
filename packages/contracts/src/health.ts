import * as z from 'zod/mini';

export const Health = z.object({ status: z.literal('ok'), version: z.string() });
export type Health = z.infer<typeof Health>;

/** For `boocode status` and `boocode doctor`. Sizes in bytes. */
export const Status = z.object({
  version: z.string(),
  pid: z.int(),
  url: z.string(),
  home: z.string(),
  startedAt: z.string(),
  rssBytes: z.int(),
  database: z.object({ kind: z.enum(['embedded', 'external']), version: z.string(), pid: z.nullable(z.int()), message: z.nullable(z.string()) }),
  contained: z.boolean(),
  tasks: z.object({ pending: z.int(), running: z.int(), blocked: z.int() }),
  /** Things that are wrong and what to do about them, a sentence each (bad config, full disk, no model server). */
  problems: z.array(z.object({ code: z.string(), text: z.string() })),
});
export type Status = z.infer<typeof Status>;
