import * as z from 'zod/mini';

/** What does not fit counts as `fallback`. */
export const orElse = z.catch;

/** What the protocol calls optional, and some agents send as null or as something else. */
export function maybe<T extends z.core.$ZodType>(schema: T) {
  return orElse(z.optional(z.nullable(schema)), null);
}

/** A list of which only the items count that can be understood. */
export function listOf<T extends z.core.$ZodType>(schema: T) {
  return orElse(z.pipe(z.array(orElse(z.nullable(schema), null)), z.transform(withoutNull)), []);
}

function withoutNull<T>(items: readonly (T | null)[]): T[] {
  return items.filter((item) => item !== null);
}
