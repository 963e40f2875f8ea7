import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import type { Session } from '@boocode/contracts/chat.ts';
import { Check, GitCompareArrows } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useChanges, useLive } from '../live/live-context.tsx';
import { useAction } from '../live/use-action.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { ChangeFile } from './ChangeFile.tsx';
import { countLines, groupChanges } from './change-groups.ts';

const OPEN_AT_FIRST = 4;

/** What the session's agent edited, waiting to be reviewed and applied to the project's folder. */
export function ChangesPane({ session }: { session: Session }) {
  const { api, changes } = useLive();
  const { items, error } = useChanges(session.id);
  const action = useAction();
  const [outcome, setOutcome] = useState('');
  const [rejectNote, setRejectNote] = useState<string | null>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const { list, keepFocus } = useFocusKeeper();
  useEffect(() => void changes.load(session.id), [changes, session.id]);

  if (items === null) return error === null ? <PaneSkeleton /> : <Unread message={error} onRetry={() => void changes.load(session.id)} />;
  const { waiting, applied, rejected } = groupChanges(items);
  const { additions, deletions } = countLines(waiting);
  const params = { id: session.id };
  const act = (call: typeof api.applyChanges, note?: string) => {
    const ids = waiting.map((change) => change.id);
    const body = note === undefined || note.trim() === '' ? { ids } : { ids, note: note.trim() };
    setRejectNote(null);
    void action.run(async () => setOutcome((await call({ params, body })).message)).finally(() => changes.load(session.id));
  };
  const isOpen = (id: string, byDefault: boolean) => toggled.get(id) ?? byDefault;
  const toggle = (id: string, now: boolean) => setToggled((before) => new Map(before).set(id, !now));
  // one flat list: a file that is applied moves in it without losing its place in the page
  const row = (change: ChangeWithPatch, byDefault: boolean) => (
    <ChangeFile
      key={change.id}
      change={change}
      isOpen={isOpen(change.id, byDefault)}
      onToggle={() => toggle(change.id, isOpen(change.id, byDefault))}
      isBusy={action.isBusy}
      onAct={keepFocus}
    />
  );
  if (waiting.length + applied.length + rejected.length === 0) return <NoChanges isWorking={session.status === 'working' || session.status === 'blocked'} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <ul ref={list} aria-label="Changed files">
          {waiting.map((change, index) => row(change, index < OPEN_AT_FIRST))}
          {applied.map((change) => row(change, false))}
          {rejected.map((change) => row(change, false))}
        </ul>
      </div>
      <LiveRegion text={outcome} />
      <div className="border-t border-line p-2.5">
        <div className="mb-2 empty:mb-0">
          <ErrorLine message={action.message} />
        </div>
        {waiting.length > 0 && rejectNote !== null ? (
          <form
            className="flex flex-wrap gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              act(api.rejectChanges, rejectNote);
            }}
          >
            <input
              className="field min-w-0 flex-1 basis-48 !py-1.5 !text-13"
              aria-label="Why reject all of them"
              placeholder="Why? The agent reads it with your next message"
              maxLength={4_000}
              autoFocus
              value={rejectNote}
              onChange={(event) => setRejectNote(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && setRejectNote(null)}
            />
            <button type="submit" className="btn btn-line">
              Reject {waiting.length} {waiting.length === 1 ? 'file' : 'files'}
            </button>
            <button type="button" className="btn" onClick={() => setRejectNote(null)}>
              Back
            </button>
          </form>
        ) : waiting.length > 0 ? (
          <div className="flex flex-wrap items-center gap-2">
            <p className="mr-auto text-12 text-fg-1">
              <span className="font-semibold text-fg-0">
                {waiting.length} {waiting.length === 1 ? 'file' : 'files'}
              </span>{' '}
              {additions > 0 ? <span className="font-mono text-add-fg">+{additions}</span> : null}{' '}
              {deletions > 0 ? <span className="font-mono text-del-fg">-{deletions}</span> : null}
            </p>
            <button type="button" className="btn text-fg-1" disabled={action.isBusy} onClick={() => setRejectNote('')}>
              Reject all
            </button>
            <button type="button" className="btn btn-accent-line" disabled={action.isBusy} onClick={() => act(api.applyChanges)}>
              Apply all
            </button>
          </div>
        ) : (
          <p className="flex min-h-[30px] items-center gap-2 text-13 text-fg-1">
            <Check size={15} className="text-ok" />
            {applied.length > 0 ? `Everything is decided: ${applied.length} ${applied.length === 1 ? 'file' : 'files'} applied` : 'Everything is decided'}
          </p>
        )}
      </div>
    </div>
  );
}

/** A pressed button goes away with the state of its file, and the focus with it: it is given to the file's own line, wherever that is then. */
function useFocusKeeper() {
  const list = useRef<HTMLUListElement>(null);
  const path = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (path.current === null || document.activeElement !== document.body) return;
    list.current?.querySelector<HTMLElement>(`[data-change="${CSS.escape(path.current)}"] button`)?.focus();
  });
  const keepFocus = (acted: string) => {
    path.current = acted;
  };
  return { list, keepFocus };
}

function NoChanges({ isWorking }: { isWorking: boolean }) {
  return (
    <div className="grid min-h-0 flex-1 place-content-center justify-items-center gap-2 p-6 text-center">
      <GitCompareArrows size={22} className="text-fg-2" />
      <p className="text-15 font-semibold">No changes yet</p>
      <p className="max-w-[38ch] text-13 text-balance text-fg-1">
        {isWorking
          ? 'The agent works in its own copy of the repository. What it edits appears here when its turn ends.'
          : 'What the agent edits in its own copy of the repository waits here. Nothing reaches your folder until you apply it.'}
      </p>
    </div>
  );
}

function Unread({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div className="p-3">
      <ErrorLine message={message}>
        <button type="button" className="btn btn-small btn-line" onClick={onRetry}>
          Try again
        </button>
      </ErrorLine>
    </div>
  );
}

function PaneSkeleton() {
  return (
    <div className="flex-1 space-y-3 p-3" role="status" aria-label="Reading the changes">
      <div className="skeleton h-5 w-2/3" />
      <div className="skeleton h-32 w-full" />
    </div>
  );
}
