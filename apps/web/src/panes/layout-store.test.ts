import { BooError } from '@boocode/contracts/error-code.ts';
import { SessionId } from '@boocode/contracts/ids.ts';
import type { Layout, LayoutPane, SessionLayout } from '@boocode/contracts/layout.ts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { uuid } from '../../test/records.ts';
import { arrangeLayout, type LayoutAction } from './layout-state.ts';
import { LayoutStore } from './layout-store.ts';

const ID = SessionId.parse(uuid(2));
const pane: LayoutPane = { type: 'pane', id: 'p', tabs: [{ id: 'a', kind: 'chat', ref: 'a' }], active: 'a' };
const START: Layout = { root: pane, focused: 'p', maximised: null };
const SPLIT: LayoutAction = { type: 'split', pane: 'p', side: 'right', ids: { pane: 'q', split: 's' } };
const OPEN: LayoutAction = { type: 'open', tab: { id: 'f', kind: 'files', ref: null }, pane: null };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What the server does with layouts. `hold` keeps the answers to saves back until it is called again. */
function startServer(layout: Layout | null = null, version = 0) {
  const state: { now: SessionLayout; saves: number; isCut: boolean; isSilent: boolean } = { now: { layout, version }, saves: 0, isCut: false, isSilent: false };
  return {
    state,
    api: {
      getLayout: () => Promise.resolve(state.now),
      patchLayout: ({ body }: { body: { layout: Layout; version: number } }) => {
        state.saves += 1;
        if (state.isCut) return Promise.reject(new TypeError('Failed to fetch'));
        if (body.version !== state.now.version) return Promise.reject(new BooError('conflict', 'Cannot arrange', { details: state.now }));
        state.now = { layout: body.layout, version: body.version + 1 };
        return state.isSilent ? new Promise<never>(() => undefined) : Promise.resolve(state.now);
      },
    },
  };
}

function startStorage() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

async function openPage(server: ReturnType<typeof startServer>, storage: ReturnType<typeof startStorage>): Promise<LayoutStore> {
  const store = new LayoutStore(server.api, storage);
  await store.load(ID);
  return store;
}

function arrange(store: LayoutStore, action: LayoutAction): void {
  store.set(ID, arrangeLayout(store.get(ID).layout ?? START, action));
}

it('a page that opens while the save of the one before is unanswered knows its own arrangement', async () => {
  const [server, storage] = [startServer(START, 4), startStorage()];
  const first = await openPage(server, storage);
  server.state.isSilent = true;
  arrange(first, SPLIT);
  await vi.advanceTimersByTimeAsync(500); // saved, and the page is gone before it hears so
  expect(server.state.now.version).toBe(5);
  server.state.isSilent = false;

  const second = new LayoutStore(server.api, storage);
  const reading = second.load(ID);
  arrange(second, OPEN); // by the page's address, before the server has said anything
  await reading;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(second.get(ID).notice).toBeNull();
  expect(server.state.now).toEqual({ layout: second.get(ID).layout, version: 6 });
  expect(JSON.stringify(server.state.now)).toMatch(/"split".*"files"/);
});

it('a save whose answer was lost is not taken for another window', async () => {
  const [server, storage] = [startServer(START, 4), startStorage()];
  const store = await openPage(server, storage);
  server.state.isSilent = true;
  arrange(store, SPLIT);
  await vi.advanceTimersByTimeAsync(500);
  const after = await openPage(server, storage);
  server.state.isSilent = false;
  expect(after.get(ID)).toMatchObject({ notice: null, layout: server.state.now.layout });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.state).toMatchObject({ saves: 1, now: { version: 5 } });
});

it('nothing is saved before the newest arrangement was read, and what the reader opened stays open in it', async () => {
  const [server, storage] = [startServer(START, 4), startStorage()];
  await openPage(server, storage);
  server.state.now = { layout: arrangeLayout(START, SPLIT), version: 9 }; // another device, yesterday
  const store = new LayoutStore(server.api, storage);
  arrange(store, OPEN);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(server.state.saves).toBe(0);
  await store.load(ID);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(store.get(ID).notice).toBeNull();
  expect(server.state.now).toEqual({ layout: store.get(ID).layout, version: 10 });
  expect(JSON.stringify(server.state.now)).toMatch(/"split".*"files"/);
});

it('an arrangement that another window replaces is told, and the other one is shown', async () => {
  const [server, storage] = [startServer(START, 4), startStorage()];
  const store = await openPage(server, storage);
  const other = arrangeLayout(START, { ...SPLIT, side: 'down' });
  server.state.now = { layout: other, version: 5 };
  arrange(store, SPLIT);
  await vi.advanceTimersByTimeAsync(500);
  expect(store.get(ID).notice).toMatch(/Another window/);
  expect(store.get(ID).layout?.root).toEqual({ ...other.root });
  expect(server.state.now.version).toBe(5);
});

it('what could not be saved is saved when the server is back', async () => {
  const [server, storage] = [startServer(START, 4), startStorage()];
  const store = await openPage(server, storage);
  server.state.isCut = true;
  arrange(store, SPLIT);
  await vi.advanceTimersByTimeAsync(500);
  server.state.isCut = false;
  await vi.advanceTimersByTimeAsync(6_000);
  expect(server.state.now).toEqual({ layout: store.get(ID).layout, version: 5 });
});
