import { BooError } from '@boocode/contracts/error-code.ts';

const DEFAULT_LIMIT = 50;

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

/** Reads `limit` and `cursor` of a list. A cursor is what the page before gave; anything else is refused. */
export function readPage(query: { readonly limit?: number | undefined; readonly cursor?: string | undefined }): Page {
  const cursor = query.cursor ?? '0';
  if (!/^\d{1,9}$/.test(cursor)) throw new BooError('invalid_request', 'Cannot read the list: "cursor" must be the nextCursor of the page before');
  return { limit: query.limit ?? DEFAULT_LIMIT, offset: Number(cursor) };
}

/** Makes the answer of a list whose store was asked for one item more than the page holds. */
export function pageOf<T>(items: T[], { limit, offset }: Page): { items: T[]; nextCursor: string | null } {
  return { items: items.slice(0, limit), nextCursor: items.length > limit ? String(offset + limit) : null };
}

/** A page of a list that is all in memory. Without a limit it is whole. */
export function pageOfAll<T>(items: readonly T[], query: Parameters<typeof readPage>[0]): { items: T[]; nextCursor: string | null } {
  const page = readPage(query.limit === undefined ? { ...query, limit: Math.max(1, items.length) } : query);
  return pageOf(items.slice(page.offset, page.offset + page.limit + 1), page);
}
