import type { ChangeHunk, ChangeWithPatch } from '@boocode/contracts/change.ts';
import type { Session } from '@boocode/contracts/chat.ts';
import { useMemo, useState, useSyncExternalStore } from 'react';
import type { PaneProps } from '../panes/pane-props.ts';
import { LiveRegion } from '../ui/LiveRegion.tsx';
import { ChangeFile, type FileForecast } from './ChangeFile.tsx';
import { countLines, type FileRow, fileRows, groupChanges } from './change-groups.ts';
import { ChangesSkeleton } from './ChangesSkeleton.tsx';
import { ChangesToolbar } from './ChangesToolbar.tsx';
import { hasLines } from './diff-blocks.ts';
import { diffOptions } from './diff-options.ts';
import { type ChangePart, choiceOf, countParts, isWaiting, markedPart, unmarkedPart, wholeChange } from './hunk-choice.ts';
import { ScrollerContext } from './LazyRows.tsx';
import { AllDecided, ReviewFooter } from './ReviewFooter.tsx';
import { useChangeActions } from './use-change-actions.ts';
import { useChangesPreview } from './use-changes-preview.ts';
import { useCheck } from './use-check.ts';
import { useFocusKeeper } from './use-focus-keeper.ts';
import { type HunkStop, useHunkKeys } from './use-hunk-keys.ts';

const OPEN_AT_FIRST = 4;

interface ChangesReviewProps {
  readonly session: Session;
  /** Null while they are read. */
  readonly items: readonly ChangeWithPatch[] | null;
  /** What other sessions of the project have waiting. */
  readonly around: string;
  readonly isActive: boolean;
  readonly onOpen: PaneProps['onOpen'] | null;
}

/** What a reason is asked for: a hunk of a change, the change (`hunk` is ''), or all that is left (`change` is null). */
interface Asking {
  readonly change: string | null;
  readonly hunk: string;
}

/** All changed files with what can be done with each hunk, each file, and all. */
export function ChangesReview({ items, ...props }: ChangesReviewProps) {
  return items === null ? <ChangesSkeleton /> : <Review items={items} {...props} />;
}

interface ReviewProps extends ChangesReviewProps {
  readonly items: readonly ChangeWithPatch[];
}

function Review({ session, items, around, isActive, onOpen }: ReviewProps) {
  const rows = useMemo(() => fileRows(groupChanges(items)), [items]);
  const options = useSyncExternalStore(diffOptions.subscribe, diffOptions.get);
  const actions = useChangeActions(session.id);
  const check = useCheck(session.id);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [asking, setAsking] = useState<Asking | null>(null);
  const [root, setRoot] = useState<HTMLDivElement | null>(null);
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { list, keepFocus } = useFocusKeeper();

  const waiting = rows.map((row) => row.change).filter(isWaiting);
  const accepted = waiting.flatMap((change) => markedPart(change) ?? []);
  const rest = waiting.flatMap((change) => unmarkedPart(change) ?? []);
  const chosen = accepted.length > 0 ? accepted : waiting.map(wholeChange);
  const forecastOf = useForecast(session, items, around, chosen, actions.conflicts);
  const { additions, deletions } = countLines(waiting);
  const isOpen = (row: FileRow, index: number) => toggled.get(row.key) ?? (isWaiting(row.change) && index < OPEN_AT_FIRST);
  const setOpen = (key: string, open: boolean) => setToggled((before) => new Map(before).set(key, open));
  const find = (key: string) => rows.find((row) => row.key === key && isWaiting(row.change))?.change;

  const markPart = (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null, isMarked: boolean) => {
    if (change.state !== 'pending') return;
    const part = hunks !== null ? { change, hunks } : isMarked ? unmarkedPart(change) : wholeChange(change);
    if (part !== null) actions.mark([part], isMarked);
  };
  const acceptAll = () => {
    const parts = rest.filter(({ change }) => change.state === 'pending');
    if (parts.length > 0) actions.mark(parts, true);
  };
  const indexOf = (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null) =>
    hunks === null ? null : change.hunks.findIndex((hunk) => hunk === hunks[0]);
  const goal = useHunkKeys({
    root,
    isActive,
    stops: useMemo(() => stopsOf(rows), [rows]),
    onGo: (stop) => {
      setOpen(stop.key, true);
      if (stop.hunk < 0) list.current?.querySelector<HTMLElement>(`[data-file="${CSS.escape(stop.key)}"] button`)?.focus();
    },
    onAccept: ({ key, hunk }) => {
      const change = find(key);
      const one = change?.hunks[hunk];
      if (change !== undefined) markPart(change, one === undefined ? null : [one], one === undefined ? !change.marked : !one.marked);
    },
    onAcceptFile: (key) => {
      const change = find(key);
      if (change !== undefined) markPart(change, null, !change.marked);
    },
    onReject: ({ key, hunk }) => {
      const change = find(key);
      if (change === undefined) return;
      setOpen(key, true);
      setAsking({ change: change.id, hunk: change.hunks.length > 1 ? (change.hunks[hunk]?.id ?? '') : '' });
    },
    onAcceptAll: acceptAll,
    onUndo: actions.undo,
  });
  const fileActions = {
    mark: (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null, isMarked: boolean) => {
      keepFocus(change.path, indexOf(change, hunks));
      markPart(change, hunks, isMarked);
    },
    apply: (change: ChangeWithPatch) => {
      keepFocus(change.path);
      actions.apply([wholeChange(change)]);
    },
    reject: (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null, note: string) => {
      keepFocus(change.path, indexOf(change, hunks));
      setAsking(null);
      actions.reject([{ change, hunks: hunks?.length === change.hunks.length ? null : hunks }], note);
    },
    rewind: (change: ChangeWithPatch, hunks: readonly ChangeHunk[] | null) => {
      keepFocus(change.path, indexOf(change, hunks));
      actions.rewind({ change, hunks: hunks?.length === change.hunks.length ? null : hunks });
    },
    restore: (change: ChangeWithPatch) => {
      keepFocus(change.path);
      actions.restore(change);
    },
    usePlace: (change: ChangeWithPatch, { path, proposal }: NonNullable<FileForecast['conflict']>) => {
      if (proposal === null || proposal === undefined) return;
      keepFocus(change.path);
      actions.apply([markedPart(change) ?? wholeChange(change)], { confirm: { path, blob: proposal.blob } });
    },
    askNote: (change: ChangeWithPatch, hunk: ChangeHunk | null, isOver = false) => {
      if (isOver && asking !== null) {
        const index = change.hunks.findIndex((other) => other.id === asking.hunk);
        keepFocus(change.path, index < 0 ? null : index);
      }
      setAsking(isOver ? null : { change: change.id, hunk: hunk?.id ?? '' });
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
                asking={asking?.change === row.change.id ? asking.hunk : null}
                forecast={forecastOf(row.change)}
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
        <Progress done={countParts(accepted)} of={countParts(waiting.map(wholeChange))} />
        <div className="p-2.5">
          {waiting.length === 0 ? (
            <AllDecided applied={new Set(rows.flatMap(({ change }) => (change.state === 'applied' ? [change.path] : []))).size} />
          ) : (
            <ReviewFooter
              session={session}
              actions={actions}
              check={check}
              preview={forecastOf.preview}
              accepted={accepted}
              rest={rest}
              chosen={chosen}
              isAsking={asking !== null && asking.change === null}
              onAsk={(isAsking) => setAsking(isAsking ? { change: null, hunk: '' } : null)}
              onAcceptAll={acceptAll}
              onReject={(note) => {
                keepFocus(rest[0]?.change.path ?? '');
                actions.reject(rest, note);
              }}
              onApply={(checkId) => {
                keepFocus(chosen[0]?.change.path ?? '');
                actions.apply(chosen, { checkId });
              }}
            />
          )}
        </div>
      </div>
    </div>
  );
}

/** What an apply would do with each file, as it is known ahead or was said when it was tried. */
function useForecast(
  session: Session,
  items: readonly ChangeWithPatch[],
  around: string,
  chosen: readonly ChangePart[],
  tried: ReadonlyMap<string, FileForecast['conflict']>,
) {
  const stamp = `${around}\n${items.map((item) => `${item.id} ${item.state} ${item.updatedAt}`).join('\n')}`;
  const preview = useChangesPreview(session.id, chosen.length === 0 ? null : choiceOf(chosen), stamp);
  // those in conflict that are not among them: what can be done about them is shown all the same
  const left = items.filter((item) => item.state === 'conflict' && chosen.every(({ change }) => change.id !== item.id)).map(wholeChange);
  const aside = useChangesPreview(session.id, left.length === 0 ? null : choiceOf(left), stamp);
  const forecastOf = (change: ChangeWithPatch): FileForecast => {
    if (!isWaiting(change)) return { outcome: null, conflict: null, collisions: [] };
    const isOf = ({ path }: { readonly path: string }) => path === change.path || path === change.oldPath;
    const said = [...(preview?.conflicts ?? []), ...(aside?.conflicts ?? [])].find(isOf);
    const isChosen = chosen.some((part) => part.change.id === change.id);
    return {
      outcome: (isChosen ? preview?.files.find((file) => file.path === change.path)?.outcome : undefined) ?? null,
      conflict: said ?? (change.state === 'conflict' ? (tried.get(change.path) ?? null) : null),
      collisions: (preview?.collisions ?? []).filter(isOf),
    };
  };
  return Object.assign(forecastOf, { preview });
}

function countFiles(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'}`;
}

/** Where J and K stop: every hunk of what waits, and the files that have none to see. */
function stopsOf(rows: readonly FileRow[]): readonly HunkStop[] {
  return rows
    .filter((row) => isWaiting(row.change))
    .flatMap(({ key, change }) => {
      if (!hasLines(change.patch) || change.hunks.length === 0) return [{ key, hunk: -1 }];
      return change.hunks.map((_, hunk) => ({ key, hunk }));
    });
}

/** How much is decided; the words beside it say the same. */
function Progress({ done, of }: { done: number; of: number }) {
  return (
    <div className="h-0.5 bg-line" aria-hidden="true">
      <div className="h-full bg-ok transition-[width] duration-(--d-2)" style={{ width: `${of === 0 ? 100 : (100 * done) / of}%` }} />
    </div>
  );
}
