import * as z from 'zod/mini';

/** A moment as an ISO 8601 string in UTC, for instance `2026-01-31T12:00:00.000Z`. */
export const Timestamp = z.iso.datetime();
export type Timestamp = z.infer<typeof Timestamp>;
