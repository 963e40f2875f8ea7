import type { Session } from '@boocode/contracts/chat.ts';
import { useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { useActions } from '../shell/use-actions.ts';

/** What keys and the palette can do with a session as a whole; gives what the last of it said when it failed. */
export function useSessionActions(session: Session): string | null {
  const { api, changes, chats, overlay } = useLive();
  const action = useAction();
  const isWorking = session.status === 'working' || session.status === 'blocked';
  useActions({
    'session.rename': () => overlay.set({ kind: 'rename_session', sessionId: session.id }),
    'session.delete': () => overlay.set({ kind: 'delete_session', sessionId: session.id }),
  });
  useActions(
    isWorking
      ? {
          'session.stop': () =>
            void action.run(async () => {
              const running = session.chats.flatMap((chat) => chats.get(chat.id).tasks).filter((task) => task.state === 'running' || task.state === 'blocked');
              await Promise.all(running.map((task) => api.cancelTask({ params: { id: task.id } })));
            }),
        }
      : null,
  );
  useActions(
    session.pendingChanges > 0
      ? {
          'session.apply': () =>
            void action.run(async () => {
              const { items } = await api.listChanges({ params: { id: session.id }, query: { state: 'pending' } });
              await api.applyChanges({ params: { id: session.id }, body: { ids: items.map((change) => change.id) } }).finally(() => changes.load(session.id));
            }),
        }
      : null,
  );
  return action.message;
}
