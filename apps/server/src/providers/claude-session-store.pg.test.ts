import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../db/testing.ts';
import { claudeSessionStore } from './claude-session-store.ts';

describe('claudeSessionStore()', () => {
  it('keeps entries in the order of their coming, and one that comes again once', async () => {
    await using database = await createTestDatabase();
    const store = claudeSessionStore(database.sql);
    const key = { projectKey: 'p', sessionId: 's' };
    expect(await store.load(key)).toBeNull();
    const [first, second] = [
      { type: 'user', uuid: 'a', text: 'odd \u00e9 \ud83e\udd86' },
      { type: 'summary', z: 1, a: [null] },
    ];
    await store.append(key, [first, second]);
    await store.append(key, [{ ...first, text: 'again' }, { type: 'assistant', uuid: 'b' }, second]);
    expect(await store.load(key)).toEqual([{ ...first, text: 'again' }, second, { type: 'assistant', uuid: 'b' }, second]);
  });

  it('keeps the transcripts of sub-agents beside that of their session', async () => {
    await using database = await createTestDatabase();
    const store = claudeSessionStore(database.sql);
    const key = { projectKey: 'p', sessionId: 's' };
    await store.append({ ...key, subpath: 'agents/2' }, [{ type: 'user', uuid: 'a' }]);
    await store.append({ ...key, subpath: 'agents/1' }, [{ type: 'user', uuid: 'a' }]);
    expect([await store.load(key), await store.listSubkeys?.(key)]).toEqual([null, ['agents/1', 'agents/2']]);
    expect(await store.listSubkeys?.({ ...key, sessionId: 'other' })).toEqual([]);
  });
});
