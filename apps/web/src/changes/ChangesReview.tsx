import type { ChangeWithPatch } from '@boocode/contracts/change.ts';
import type { Session } from '@boocode/contracts/chat.ts';
import { Check } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { PaneProps } from '../panes/pane-props.ts';
import { ErrorLine } from '../ui/ErrorLine.tsx';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { ChangeFile } from './ChangeFile.tsx';
import { countLines, type FileRow, fileRows, groupChanges } from './change-groups.ts';
import { ChangesToolbar } from './ChangesToolbar.tsx';
import { countHunks } from './diff-hunks.ts';
import { diffOptions } from './diff-options.ts';
import { ScrollerContext } from './LazyRows.tsx';
import { RejectForm } from './RejectForm.tsx';
import { useChangeActions } from './use-change-actions.ts';
import { type HunkStop, useHunkKeys } from './use-hunk-keys.ts';

const OPEN_AT_FIRST = 4;

interface ChangesReviewProps {
  readonly session: Session;
  readonly items: readonly ChangeWithPatch[];
  readonly isActive: boolean;
  readonly onOpen: PaneProps['onOpen'] | null;
}

/** All changed files with what can be done with each, and with all. */
export function ChangesReview({ session, items, isActive, onOpen }: ChangesReviewProps) {
  const rows = useMemo(() => fileRows(groupChanges(items)), [items]);
  const options = useSyncExternalStore(diffOptions.subscribe, diffOptions.get);
  const actions = useChangeActions(session.id);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  /** What a reason is asked for: a file, or all that is left. */
  const [asking, setAsking] = useState<string | null>(null);
  const [root, setRoot] = useState<HTMLDivElement | null>(null);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { list, keepFocus } = useFocusKeeper();

  const waiting = rows.map((row) => row.change).filter(isWaiting);
  const accepted = waiting.filter((change) => change.marked && change.state === 'pending');
  const rest = waiting.filter((change) => !accepted.includes(change));
  const chosen = accepted.length > 0 ? accepted : waiting;
  const { additions, deletions } = countLines(waiting);
  const isOpen = (row: FileRow, index: number) => toggled.get(row.key) ?? (isWaiting(row.change) && index < OPEN_AT_FIRST);
  const setOpen = (key: string, open: boolean) => setToggled((before) => new Map(before).set(key, open));
  const find = (key: string) => rows.find((row) => row.key === key && isWaiting(row.change))?.change;

  const goal = useHunkKeys({
    root,
    isActive,
    stops: useMemo(() => stopsOf(rows), [rows]),
    onGo: (stop) => {
      setOpen(stop.key, true);
      if (stop.hunk < 0) list.current?.querySelector<HTMLElement>(`[data-file="${CSS.escape(stop.key)}"] button`)?.focus();
    },
    onAccept: (key) => {
      const change = find(key);
      if (change?.state === 'pending') actions.accept([change], !change.marked);
    },
    onReject: (key) => setAsking(find(key)?.path ?? null),
    onAcceptAll: () =>
      actions.accept(
        rest.filter((change) => change.state === 'pending'),
        true,
      ),
  });
  const withFocus =
    <A extends readonly unknown[]>(run: (change: ChangeWithPatch, ...rest: A) => void) =>
    (change: ChangeWithPatch, ...more: A) => {
      keepFocus(change.path);
      setAsking(null);
      run(change, ...more);
    };
  const fileActions = {
    accept: withFocus((change, isAccepted: boolean) => actions.accept([change], isAccepted)),
    apply: withFocus((change) => actions.apply([change])),
    reject: withFocus((change, note: string) => actions.reject([change], note)),
    rewind: withFocus(actions.rewind),
    restore: withFocus(actions.restore),
    askNote: (path: string | null) => {
      if (path === null && asking !== null) keepFocus(asking);
      setAsking(path);
    },
    openFile: onOpen === null ? null : (path: string) => onOpen('file', { ref: path }),
  };
  return (
    <div ref={setRoot} className="@container/review flex min-h-0 flex-1 flex-col">
      <ChangesToolbar options={options}>
        <span className="font-semibold text-fg-0">{countFiles(rows.length)}</span>{' '}
        {additions > 0 ? <span className="font-mono text-add-fg">+{additions}</span> : null}{' '}
        {deletions > 0 ? <span className="font-mono text-del-fg">-{deletions}</span> : null}
      </ChangesToolbar>
      <div ref={setScroller} className={`min-h-0 flex-1 overflow-y-auto ${options.isWrapped ? 'diffs-wrapped' : ''}`}>
        <ScrollerContext value={scroller}>
          <ul ref={list} aria-label="Changed files">
            {rows.map((row, index) => (
              <ChangeFile
                key={row.key}
                fileKey={row.key}
                change={row.change}
                isOpen={isOpen(row, index)}
                isBusy={actions.isBusy}
                isAsking={asking === row.change.path}
                merged={actions.merged.get(row.change.path) ?? null}
                options={options}
                goal={goal?.key === row.key ? goal : null}
                actions={{ ...fileActions, toggle: (_, open) => setOpen(row.key, open) }}
              />
            ))}
          </ul>
        </ScrollerContext>
      </div>
      <LiveRegion text={actions.outcome} />
      <div className="border-t border-line">
        <Progress done={rows.length - rest.length} of={rows.length} />
        <div className="p-2.5">
          <div className="mb-2 empty:mb-0">
            <ErrorLine message={actions.failure} />
          </div>
          {waiting.length === 0 ? (
            <Decided applied={rows.filter((row) => row.change.state === 'applied').length} />
          ) : asking === '' ? (
            <RejectForm
              label="Why reject them"
              button={`Reject ${countFiles(rest.length)}`}
              onReject={(note) => {
                setAsking(null);
                keepFocus(rest[0]?.path ?? '');
                actions.reject(rest, note);
              }}
              onClose={() => setAsking(null)}
            />
          ) : (
            <div className="flex flex-wrap items-center justify-end gap-2">
              <p className="mr-auto text-12 text-fg-1" aria-live="polite">
                {actions.doing ?? (
                  <>
                    <span className="font-semibold text-fg-0">{accepted.length}</span> of {countFiles(waiting.length)} accepted
                  </>
                )}
              </p>
              {rest.length === 0 ? null : (
                <button type="button" className="btn text-fg-1" disabled={actions.isBusy} onClick={() => setAsking('')}>
                  {accepted.length > 0 ? 'Reject rest' : 'Reject all'}
                </button>
              )}
              <button
                type="button"
                className="btn btn-accent-line"
                disabled={actions.isBusy}
                onClick={() => {
                  keepFocus(chosen[0]?.path ?? '');
                  actions.apply(chosen);
                }}
              >
                {accepted.length > 0 ? `Apply ${countFiles(accepted.length)}` : `Apply all ${countFiles(waiting.length)}`}
              </button>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}

function isWaiting(change: ChangeWithPatch): boolean {
  return change.state === 'pending' || change.state === 'conflict';
}

function countFiles(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

/** Where J and K stop: every hunk of what waits, and the files that have none. */
function stopsOf(rows: readonly FileRow[]): readonly HunkStop[] {
  return rows
    .filter((row) => isWaiting(row.change))
    .flatMap(({ key, change }) => {
      const count = countHunks(change.patch);
      return count === 0 ? [{ key, hunk: -1 }] : Array.from({ length: count }, (_, hunk) => ({ key, hunk }));
    });
}

/** A pressed button goes away with the state of its file, and the focus with it: it is given to the file's own line, wherever that is then. */
function useFocusKeeper() {
  const list = useRef<HTMLUListElement>(null);
  const path = useRef<string | null>(null);
  useLayoutEffect(() => {
    if (path.current === null || document.activeElement !== document.body) return;
    list.current?.querySelector<HTMLElement>(`[data-change="${CSS.escape(path.current)}"] button`)?.focus();
  });
  useEffect(() => {
    // whoever goes on elsewhere is not brought back when something there goes away
    const onFocusIn = ({ target }: FocusEvent) => {
      if (!(target instanceof Node && list.current?.contains(target) === true)) path.current = null;
    };
    document.addEventListener('focusin', onFocusIn);
    return () => document.removeEventListener('focusin', onFocusIn);
  }, []);
  const keepFocus = (acted: string) => {
    path.current = acted;
  };
  return { list, keepFocus };
}

/** How much is decided; the words beside it say the same. */
function Progress({ done, of }: { done: number; of: number }) {
  return (
    <div className="h-0.5 bg-line" aria-hidden="true">
      <div className="h-full bg-ok transition-[width] duration-(--d-2)" style={{ width: `${(100 * done) / of}%` }} />
    </div>
  );
}

function Decided({ applied }: { applied: number }) {
  return (
    <p className="flex min-h-[30px] items-center gap-2 text-13 text-fg-1">
      <Check size={15} className="text-ok" />
      {applied > 0 ? `Everything is decided: ${countFiles(applied)} applied` : 'Everything is decided'}
    </p>
  );
}
