import type { ChatId } from '@boocode/contracts/ids.ts';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useLive } from '../live/live-context.tsx';
import type { OutboxItem } from '../live/outbox-state.ts';
import type { TakenBack } from './attachments.ts';

const PATIENCE_MS = 400;

/** What of a chat is still on its way: said only when it takes long, and with the way back. */
export function OutboxList({ chatId, onTakenBack }: { chatId: ChatId; onTakenBack: (taken: TakenBack) => void }) {
  const { outbox } = useLive();
  const items = useSyncExternalStore(outbox.items.subscribe, outbox.items.get).filter((item) => item.chatId === chatId);
  return items.length === 0 ? null : (
    <ul aria-label="On their way" className="space-y-1.5">
      {items.map((item) => (
        <OutboxRow key={item.key} item={item} onTakenBack={onTakenBack} />
      ))}
    </ul>
  );
}

function OutboxRow({ item, onTakenBack }: { item: OutboxItem; onTakenBack: (taken: TakenBack) => void }) {
  const { outbox } = useLive();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLate && item.state !== 'refused') return null;
  const takeBack = () => {
    const text = outbox.takeBack(item.key);
    if (text !== null) onTakenBack({ text, attachments: item.body.attachments ?? [] });
  };
  return (
    <li className={`rounded-m border px-3 py-2 ${item.state === 'refused' ? 'border-bad bg-del-bg' : 'border-dashed border-control bg-bg-2'}`}>
      <p className="line-clamp-2 text-13 [overflow-wrap:anywhere]">{item.body.text}</p>
      <div className="mt-1 flex flex-wrap items-center gap-2 text-12 text-fg-1">
        <span className={`dot ${item.state === 'refused' ? 'dot-error' : 'dot-queued'}`} />
        <span className="min-w-0 flex-1" role="status">
          {item.problem ?? (item.state === 'sending' ? 'Sending' : 'Kept on this device. It is sent when BooCode answers.')}
        </span>
        {item.state === 'refused' ? (
          <button type="button" className="btn btn-small btn-line" onClick={() => outbox.retry(item.key)}>
            Send again
          </button>
        ) : null}
        {item.state === 'sending' ? null : (
          <button type="button" className="btn btn-small" onClick={takeBack}>
            Take back
          </button>
        )}
      </div>
    </li>
  );
}
