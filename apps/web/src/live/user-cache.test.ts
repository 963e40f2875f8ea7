import { expect, it } from 'vitest';
import { aPermission, aSession, uuid } from '../../test/records.ts';
import { forgetUserCache, keepUserCache, readUserCache } from './user-cache.ts';
import { EMPTY_USER, type UserState } from './user-state.ts';

function memory() {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  };
}

const CURRENT: UserState = { ...EMPTY_USER, seq: 7, isLoaded: true, isCurrent: true, sessions: [aSession()], permissions: [aPermission()], failed: [] };

it('readUserCache() gives back what was kept, as loaded but not current, from seq 0', () => {
  const storage = memory();
  keepUserCache(storage, 'me', CURRENT);
  expect(readUserCache(storage, 'me')).toEqual({ ...CURRENT, seq: 0, isCurrent: false });
});

it('readUserCache() gives nothing to another device token, nothing after forgetting, and nothing of a broken text', () => {
  const storage = memory();
  keepUserCache(storage, 'me', CURRENT);
  expect(readUserCache(storage, 'you')).toBe(EMPTY_USER);
  storage.setItem('boocode.cache.user', '{"owner":"me"');
  expect(readUserCache(storage, 'me')).toBe(EMPTY_USER);
  keepUserCache(storage, 'me', CURRENT);
  forgetUserCache(storage);
  expect(readUserCache(storage, 'me')).toBe(EMPTY_USER);
});

it('keepUserCache() is bounded, and keeps only what is current', () => {
  const storage = memory();
  keepUserCache(storage, 'me', { ...CURRENT, isCurrent: false });
  expect(storage.values.size).toBe(0);
  keepUserCache(storage, 'me', { ...CURRENT, sessions: Array.from({ length: 300 }, (_, index) => aSession({ id: uuid(index + 100) })) });
  expect(readUserCache(storage, 'me').sessions).toHaveLength(100);
});
