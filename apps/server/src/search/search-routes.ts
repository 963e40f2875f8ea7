import { BooError } from '@boocode/contracts/error-code.ts';
import type { Sql } from 'postgres';
import { getChat } from '../chats/chat-routes.ts';
import { pageOf, readPage } from '../http/page.ts';
import type { Handlers } from '../http/register-route.ts';
import { findInChat, listPrompts, readSearchable, searchMessages } from './search-store.ts';
import { searchWords, snippetOf } from './snippet-policy.ts';

const PROMPTS = 100;

export function searchHandlers({ sql }: { readonly sql: Sql }): Partial<Handlers> {
  return {
    search: async ({ query }) => {
      const words = searchWords(query.q);
      if (words.length === 0) throw new BooError('invalid_request', 'Cannot search: "q" holds no letter or digit; type a word or the beginning of one');
      const page = readPage(query);
      const { items, nextCursor } = pageOf(await searchMessages(sql, words, query.project ?? null, page.limit + 1, page.offset), page);
      const texts = await readSearchable(
        sql,
        items.map((hit) => hit.messageId),
      );
      return { items: items.map((hit) => ({ ...hit, snippet: snippetOf(texts.get(hit.messageId) ?? [], words) })), nextCursor };
    },
    findInChat: async ({ params, query }) => {
      await getChat(sql, params.id);
      return { items: await findInChat(sql, params.id, query.q.toWellFormed().replaceAll('\0', '')), nextCursor: null };
    },
    listPrompts: async ({ params, query }) => {
      await getChat(sql, params.id);
      return { items: await listPrompts(sql, params.id, query.limit ?? PROMPTS), nextCursor: null };
    },
  };
}
