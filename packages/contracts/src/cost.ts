import * as z from 'zod/mini';

export const COST_GROUPS = ['project', 'agent', 'day', 'model'] as const;
export const CostGroup = z.enum(COST_GROUPS);
export type CostGroup = z.infer<typeof CostGroup>;

/** What the tasks of one group used. Null = nobody said: local models have no price, and a server may not count tokens. `cost` is in USD. */
export const CostItem = z.object({
  /** A project's id, an agent, a day (`2026-01-31`), a model; '' where a task names none. */
  key: z.string(),
  label: z.string(),
  tasks: z.int(),
  tokensIn: z.nullable(z.int()),
  tokensOut: z.nullable(z.int()),
  cost: z.nullable(z.number()),
});
export type CostItem = z.infer<typeof CostItem>;

/** What the tasks of one group used on one day. */
export const CostSlice = z.extend(CostItem, {
  /** `2026-01-31` */
  day: z.string(),
});
export type CostSlice = z.infer<typeof CostSlice>;
