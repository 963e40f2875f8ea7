import * as z from 'zod/mini';
import { orElse } from '../acp/lenient.ts';

/** A field of a file that others write: what is missing or of another kind is null. */
export function lenient<T extends z.ZodMiniType>(schema: T) {
  return orElse(z._default(z.nullable(schema), null), null);
}

/** The first record of which this is a text. */
export function firstText<R>(records: readonly R[], read: (record: R) => string | null): string | null {
  for (const record of records) {
    const text = read(record);
    if (text !== null) return text;
  }
  return null;
}

/** Milliseconds of an ISO time; 0 where it is none. */
export function timeOf(timestamp: string | null): number {
  const time = timestamp === null ? Number.NaN : Date.parse(timestamp);
  return Number.isNaN(time) ? 0 : time;
}

/** Null where it is no JSON: a broken row says nothing. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the caller leaves it out
  }
}
